//! PBKDF2 over a bare compression function.
//!
//! One block of output is all that Django's formats ask for, so the whole of RFC 8018 comes down to one loop with two compressions a turn.
//! The loop is written out here because the generic one is compiled in the caller's profile: in a debug build it takes three times as long, and a login is then a wait.

/// A Merkle-Damgård hash of 64-byte blocks and big-endian words, as SHA-1 and SHA-256 are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hash<const WORDS: usize> {
    /// The state before the first block.
    pub(crate) initial: [u32; WORDS],
    /// Takes one or more blocks into the state.
    pub(crate) compress: fn(&mut [u32; WORDS], &[[u8; 64]]),
}

/// SHA-256.
pub(crate) const SHA256: Hash<8> = Hash {
    initial: [
        0x6a09_e667,
        0xbb67_ae85,
        0x3c6e_f372,
        0xa54f_f53a,
        0x510e_527f,
        0x9b05_688c,
        0x1f83_d9ab,
        0x5be0_cd19,
    ],
    compress: sha2::block_api::compress256,
};

/// SHA-1, for hashes of old databases.
pub(crate) const SHA1: Hash<5> = Hash {
    initial: [
        0x6745_2301,
        0xefcd_ab89,
        0x98ba_dcfe,
        0x1032_5476,
        0xc3d2_e1f0,
    ],
    compress: sha1::block_api::compress,
};

impl<const WORDS: usize> Hash<WORDS> {
    /// The first block of PBKDF2-HMAC; `iterations` of zero count as one.
    pub(crate) fn pbkdf2(self, password: &[u8], salt: &[u8], iterations: u32) -> Vec<u8> {
        let key = self.key_block(password);
        let mut inner = self.initial;
        (self.compress)(&mut inner, &[key.map(|byte| byte ^ 0x36)]);
        let mut outer = self.initial;
        (self.compress)(&mut outer, &[key.map(|byte| byte ^ 0x5c)]);

        // Both halves of every HMAC but the first hash exactly one digest after the key block.
        let mut block = [0; 64];
        block[WORDS * 4] = 0x80;
        let bits = (64 + WORDS as u64 * 4) * 8;
        block[56..].copy_from_slice(&bits.to_be_bytes());

        let mut message = salt.to_vec();
        message.extend_from_slice(&1_u32.to_be_bytes());
        let first = self.absorb(inner, 64, &message);
        write_words(&mut block, &first);
        let mut turn = outer;
        (self.compress)(&mut turn, std::slice::from_ref(&block));

        let mut sum = turn;
        for _ in 1..iterations {
            write_words(&mut block, &turn);
            let mut state = inner;
            (self.compress)(&mut state, std::slice::from_ref(&block));
            write_words(&mut block, &state);
            turn = outer;
            (self.compress)(&mut turn, std::slice::from_ref(&block));
            for index in 0..WORDS {
                sum[index] ^= turn[index];
            }
        }
        sum.iter().flat_map(|word| word.to_be_bytes()).collect()
    }

    /// HMAC's key: padded, or hashed first when it is longer than a block.
    fn key_block(self, key: &[u8]) -> [u8; 64] {
        let mut block = [0; 64];
        if key.len() <= block.len() {
            block[..key.len()].copy_from_slice(key);
        } else {
            let digest = self.absorb(self.initial, 0, key);
            write_words(&mut block, &digest);
        }
        block
    }

    /// Hashes `message` to its end, `before` bytes having gone into the state already.
    fn absorb(self, mut state: [u32; WORDS], before: usize, message: &[u8]) -> [u32; WORDS] {
        let (blocks, rest) = message.as_chunks::<64>();
        (self.compress)(&mut state, blocks);
        let mut tail = [0; 128];
        tail[..rest.len()].copy_from_slice(rest);
        tail[rest.len()] = 0x80;
        let end = if rest.len() < 56 { 64 } else { 128 };
        let bits = (before as u64 + message.len() as u64) * 8;
        tail[end - 8..end].copy_from_slice(&bits.to_be_bytes());
        let (last, _) = tail[..end].as_chunks::<64>();
        (self.compress)(&mut state, last);
        state
    }
}

fn write_words<const WORDS: usize>(block: &mut [u8; 64], words: &[u32; WORDS]) {
    for (bytes, word) in block.chunks_exact_mut(4).zip(words) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write as _;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    #[test]
    fn the_vectors_of_rfc_6070_hold() {
        let check = |iterations, expect: &str| {
            assert_eq!(hex(&SHA1.pbkdf2(b"password", b"salt", iterations)), expect);
        };
        check(1, "0c60c80f961f0e71f3a9b524af6012062fe037a6");
        check(2, "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957");
        check(4096, "4b007901b765489abead49d926f721d065a429c1");
    }

    #[test]
    fn every_boundary_of_the_padding_holds() {
        let check = |password, salt, expect: &str| {
            let (password, salt) = ("p".repeat(password), "s".repeat(salt));
            let digest = SHA256.pbkdf2(password.as_bytes(), salt.as_bytes(), 3);
            assert!(hex(&digest).starts_with(expect));
        };
        check(63, 10, "ecb523794a881b0ceacd821c08f959e8");
        check(64, 51, "928d5c984528d416488de952802a1a9f");
        check(65, 52, "ba672c9dc4052475c0ead538d4ffbc56");
        check(200, 60, "d95cc3dc5990dfa53d06f9b21db326c8");
        check(3, 61, "d94675e29f103f95d39ba5b26d3333d6");
        check(1000, 200, "217c1f1b41835e931b791a6518c0abb9");
    }
}
