//! bcrypt, over a SHA-256 of the password or over the password itself.

use base64::Engine as _;
use base64::alphabet::BCRYPT;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};
use nuages_crypto::encoding::hex_encode;
use nuages_crypto::{constant_time_compare, random_bytes};
use sha2::{Digest as _, Sha256};

use super::hasher::{DecodedHash, MalformedHash, PasswordHasher, mask_hash, number, parts};

const BASE64: GeneralPurpose = GeneralPurpose::new(&BCRYPT, NO_PAD);

/// bcrypt reads no more than this of a password.
const MAX_PASSWORD: usize = 72;
/// Characters of a salt of 16 bytes.
const SALT_CHARS: usize = 22;
/// A stored cost above this is refused: half a minute for one guess, and each step doubles it.
const MAX_ROUNDS: u32 = 18;

/// `bcrypt_sha256$$2b$12$salt-and-hash`.
///
/// ```
/// use nuages_auth::passwords::{Bcrypt, PasswordHasher};
///
/// let hasher = Bcrypt::sha256().rounds(4);
/// let encoded = hasher.encode(b"letmein", "$2b$04$CCCCCCCCCCCCCCCCCCCCC.").unwrap();
/// assert!(encoded.starts_with("bcrypt_sha256$$2b$04$CCCCCCCCCCCCCCCCCCCCC."));
/// assert!(hasher.verify(b"letmein", &encoded).unwrap());
/// ```
///
/// # Django
/// `BCryptSHA256PasswordHasher` and `BCryptPasswordHasher`.
#[derive(Debug, Clone, Copy)]
pub struct Bcrypt {
    digest: bool,
    rounds: u32,
}

impl Bcrypt {
    /// Over a SHA-256 of the password, so that long passwords count to their end.
    pub fn sha256() -> Self {
        Self {
            digest: true,
            rounds: 12,
        }
    }

    /// Over the password itself, for databases that other software reads too.
    ///
    /// # Security
    /// A password of more than 72 bytes is refused, since bcrypt would ignore the rest of it.
    pub fn plain() -> Self {
        Self {
            digest: false,
            rounds: 12,
        }
    }

    /// The cost of new hashes, between 4 and 18; one more doubles the work.
    pub fn rounds(mut self, rounds: u32) -> Self {
        self.rounds = rounds.clamp(4, MAX_ROUNDS);
        self
    }

    /// `$2b$12$salt-and-hash` of a stored hash.
    fn data(self, encoded: &str) -> Result<&str, MalformedHash> {
        let [_, data] = parts(encoded, self.algorithm())?;
        Ok(data)
    }
}

/// Hashes with the version, the cost and the salt at the beginning of `settings`.
fn hash_password(password: &[u8], settings: &str) -> Result<String, MalformedHash> {
    let mut words = settings.split('$').filter(|word| !word.is_empty());
    let (Some(version), Some(rounds), Some(rest), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(MalformedHash);
    };
    let rounds: u32 = number(rounds)?;
    let known = matches!(version, "2a" | "2b" | "2x" | "2y") && (4..=MAX_ROUNDS).contains(&rounds);
    let salt = rest.get(..SALT_CHARS).filter(|_| known);
    let bytes = salt.and_then(|salt| BASE64.decode(salt).ok());
    let bytes: Option<[u8; 16]> = bytes.and_then(|bytes| bytes.try_into().ok());
    let (Some(salt), Some(bytes)) = (salt, bytes) else {
        return Err(MalformedHash);
    };
    if password.len() > MAX_PASSWORD {
        return Err(MalformedHash);
    }
    // The algorithm reads a password with the zero that ends it in C.
    let mut terminated = [password, &[0]].concat();
    terminated.truncate(MAX_PASSWORD);
    let hash = bcrypt::bcrypt(rounds, bytes, &terminated);
    // The last of the 24 bytes has never been stored.
    let hash = BASE64.encode(&hash[..23]);
    Ok(format!("${version}${rounds:02}${salt}{hash}"))
}

impl PasswordHasher for Bcrypt {
    fn algorithm(&self) -> &'static str {
        if self.digest {
            "bcrypt_sha256"
        } else {
            "bcrypt"
        }
    }

    fn encode(&self, password: &[u8], salt: &str) -> Result<String, MalformedHash> {
        let data = if self.digest {
            hash_password(hex_encode(Sha256::digest(password)).as_bytes(), salt)?
        } else {
            hash_password(password, salt)?
        };
        Ok(format!("{}${data}", self.algorithm()))
    }

    fn decode(&self, encoded: &str) -> Result<DecodedHash, MalformedHash> {
        let [_, _, version, rounds, data] = parts(encoded, self.algorithm())?;
        let rounds: u64 = number(rounds)?;
        let split = data.char_indices().nth(SALT_CHARS);
        let (salt, hash) = data.split_at(split.map_or(data.len(), |(at, _)| at));
        Ok(DecodedHash {
            algorithm: self.algorithm(),
            params: vec![
                ("algostr", version.to_owned()),
                ("work_factor", rounds.to_string()),
            ],
            salt: salt.to_owned(),
            hash: hash.to_owned(),
        })
    }

    fn verify(&self, password: &[u8], encoded: &str) -> Result<bool, MalformedHash> {
        let again = self.encode(password, self.data(encoded)?)?;
        Ok(constant_time_compare(again, encoded))
    }

    fn must_update(&self, encoded: &str) -> Result<bool, MalformedHash> {
        let [_, _, _, rounds, _] = parts(encoded, self.algorithm())?;
        Ok(number::<u64>(rounds)? != u64::from(self.rounds))
    }

    fn harden_runtime(&self, password: &[u8], encoded: &str) {
        let rounds = self
            .data(encoded)
            .and_then(|data| number::<u32>(data.split('$').nth(2).unwrap_or_default()));
        let (Ok(data), Ok(rounds)) = (self.data(encoded), rounds) else {
            return;
        };
        // One round more is twice the work: the missing steps cost as much as the first hash and all steps between.
        let salt = data.get(..29).unwrap_or(data);
        for _ in 1..1_u64 << self.rounds.saturating_sub(rounds) {
            if std::hint::black_box(self.encode(password, salt)).is_err() {
                return;
            }
        }
    }

    fn safe_summary(&self, encoded: &str) -> Result<Vec<(String, String)>, MalformedHash> {
        let decoded = self.decode(encoded)?;
        let [_, _, _, rounds, _] = parts(encoded, self.algorithm())?;
        let rounds: u64 = number(rounds)?;
        Ok(vec![
            ("algorithm".to_owned(), decoded.algorithm.to_owned()),
            ("work factor".to_owned(), rounds.to_string()),
            ("salt".to_owned(), mask_hash(&decoded.salt, 6)),
            ("checksum".to_owned(), mask_hash(&decoded.hash, 6)),
        ])
    }

    fn salt(&self) -> String {
        format!(
            "$2b${:02}${}",
            self.rounds,
            BASE64.encode(random_bytes::<16>())
        )
    }
}
