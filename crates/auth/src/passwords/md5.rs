//! Salted MD5: fast and weak, for tests and for upgrading old databases.

use md5::{Digest as _, Md5};
use nuages_crypto::constant_time_compare;

use super::hasher::{MalformedHash, PasswordHasher, check_salt, salt_is_short};

/// `md5$salt$hash`.
///
/// # Security
/// Anybody with the table guesses billions of these a second.
/// Put it first only in tests; put it last to let the users of an old database in and upgrade them.
///
/// # Django
/// `MD5PasswordHasher`.
#[derive(Debug, Clone, Copy, Default)]
pub struct InsecureMd5;

impl InsecureMd5 {
    fn decode(encoded: &str) -> Result<&str, MalformedHash> {
        let mut parts = encoded.splitn(3, '$');
        match (parts.next(), parts.next(), parts.next()) {
            (Some("md5"), Some(salt), Some(_)) => Ok(salt),
            _ => Err(MalformedHash),
        }
    }
}

impl PasswordHasher for InsecureMd5 {
    fn algorithm(&self) -> &'static str {
        "md5"
    }

    fn encode(&self, password: &str, salt: &str) -> Result<String, MalformedHash> {
        check_salt(salt)?;
        let mut hash = Md5::new();
        hash.update(salt);
        hash.update(password);
        let mut encoded = format!("md5${salt}$");
        for byte in hash.finalize() {
            for nibble in [byte >> 4, byte & 15] {
                encoded.push(char::from(b"0123456789abcdef"[usize::from(nibble)]));
            }
        }
        Ok(encoded)
    }

    fn verify(&self, password: &str, encoded: &str) -> Result<bool, MalformedHash> {
        let again = self.encode(password, Self::decode(encoded)?)?;
        Ok(constant_time_compare(again, encoded))
    }

    fn must_update(&self, encoded: &str) -> Result<bool, MalformedHash> {
        Self::decode(encoded).map(salt_is_short)
    }

    fn harden_runtime(&self, _password: &str, _encoded: &str) {
        // One MD5 costs what another does.
    }
}
