//! The key of a session.

use std::sync::Arc;

use nuages_crypto::{Algorithm, random_string_from, salted_hmac};

/// Lower case only: some stores do not tell the cases apart.
const ALPHABET: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
/// 32 of 36 characters: 165 bits.
const LENGTH: usize = 32;

/// A key that nobody can guess.
pub(crate) fn new_key() -> Arc<str> {
    random_string_from(LENGTH, ALPHABET).into()
}

/// The name of a session whose key is not to be read off the store: 160 bits, which fit the table and could be a key.
///
/// Keys have 165 bits of chance, so a plain hash of one is as hard to turn around as any.
pub(crate) fn hashed(key: &str) -> String {
    let mut name = salted_hmac("nuages.sessions.key", key, "", Algorithm::Sha256).to_hex();
    name.truncate(40);
    name
}

/// True when a cookie's value could be a key at all.
///
/// Django asks for 8 characters; the column holds 40, so longer ones would only cost a query.
/// Only letters and digits: no store is ever asked for a path (CVE-2011-0698) or for a key of another's (CVE-2011-4136).
pub(crate) fn is_key(value: &str) -> bool {
    let is_sign = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    (8..=40).contains(&value.len()) && value.bytes().all(is_sign)
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
        assert!(is_key(&key));
    }

    #[test]
    fn what_cannot_be_a_key_is_no_key() {
        for value in [
            "",
            "a",
            "1234567",
            &"x".repeat(41),
            &"x".repeat(4096),
            "../../etc/passwd",
            "..\\..\\windows",
            "0123456789\0",
            "ABCDEFGHIJ",
        ] {
            assert!(!is_key(value), "{value}");
        }
        assert!(is_key("12345678"));
    }
}
