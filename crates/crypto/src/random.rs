//! Randomness of the operating system.

/// The letters and digits of a random string: a little under six bits each.
pub const RANDOM_STRING_CHARS: &[u8; 62] =
    b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// `N` unpredictable bytes.
///
/// # Panics
/// When the operating system has no randomness to give. Nothing safe could be done with less.
///
/// ```
/// let key: [u8; 32] = nuages_crypto::random_bytes();
/// assert_ne!(key, nuages_crypto::random_bytes());
/// ```
#[expect(
    clippy::expect_used,
    reason = "going on with predictable secrets would be worse than failing this one request"
)]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// An unpredictable string of letters and digits.
///
/// Twenty-two of them carry 131 bits, thirty-two carry 190.
///
/// # Panics
/// As [`random_bytes`].
///
/// ```
/// let token = nuages_crypto::random_string(32);
/// assert_eq!(token.len(), 32);
/// assert!(token.bytes().all(|b| b.is_ascii_alphanumeric()));
/// ```
///
/// # Django
/// `django.utils.crypto.get_random_string`.
pub fn random_string(length: usize) -> String {
    random_string_from(length, RANDOM_STRING_CHARS)
}

/// An unpredictable string of the given ASCII characters, each equally likely.
///
/// # Panics
/// When the alphabet is empty or not ASCII, and as [`random_bytes`].
///
/// # Django
/// `django.utils.crypto.get_random_string(length, allowed_chars)`.
pub fn random_string_from(length: usize, alphabet: impl AsRef<[u8]>) -> String {
    let alphabet = alphabet.as_ref();
    assert!(
        (1..=128).contains(&alphabet.len()) && alphabet.is_ascii(),
        "an alphabet is 1 to 128 ASCII characters"
    );
    // A byte at or over the largest multiple of the alphabet's size is thrown away: taking it
    // modulo the size would make the first characters likelier than the last.
    let limit = 256 - 256 % alphabet.len();
    let mut string = String::with_capacity(length);
    while string.len() < length {
        for byte in random_bytes::<40>() {
            if usize::from(byte) < limit && string.len() < length {
                string.push(char::from(alphabet[usize::from(byte) % alphabet.len()]));
            }
        }
    }
    string
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_about_equally_likely() {
        let mut counts = [0_u32; 128];
        for byte in random_string(62_000).bytes() {
            counts[usize::from(byte)] += 1;
        }
        for byte in RANDOM_STRING_CHARS {
            // 1000 expected; 200 is over six standard deviations.
            let count = counts[usize::from(*byte)];
            assert!((800..1200).contains(&count), "{}: {count}", *byte as char);
        }
    }

    #[test]
    fn only_the_given_alphabet_is_used() {
        let string = random_string_from(500, "ab");
        assert_eq!(string.len(), 500);
        assert!(string.bytes().all(|b| b == b'a' || b == b'b'));
        assert_eq!(random_string(0), "");
    }
}
