//! The key of a session.

use std::sync::Arc;

use nuages_crypto::random_string_from;

/// Lower case only: some stores do not tell the cases apart.
const ALPHABET: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
/// 32 of 36 characters: 165 bits.
const LENGTH: usize = 32;

/// A key that nobody can guess.
pub(crate) fn new_key() -> Arc<str> {
    random_string_from(LENGTH, ALPHABET).into()
}

/// What a cookie carries, if it could be a key at all.
///
/// Django asks for 8 characters; the column holds 40, so longer ones would only cost a query.
pub(crate) fn acceptable(value: &str) -> Option<Arc<str>> {
    (8..=40).contains(&value.len()).then(|| value.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_django_s() {
        let key = new_key();
        assert_eq!(key.len(), 32);
        assert!(key.bytes().all(|byte| ALPHABET.as_bytes().contains(&byte)));
        assert_ne!(key, new_key());
    }

    #[test]
    fn what_cannot_be_a_key_is_no_key() {
        for value in ["", "a", "1234567", &"x".repeat(41), &"x".repeat(4096)] {
            assert_eq!(acceptable(value), None);
        }
        assert!(acceptable("12345678").is_some());
    }
}
