//! Salted MD5: fast and weak, for tests and for upgrading old databases.

use md5::{Digest as _, Md5};
use nuages_crypto::constant_time_compare;
use nuages_crypto::encoding::hex_encode;

use super::hasher::{
    DecodedHash, MalformedHash, PasswordHasher, SALT_ENTROPY, check_salt, mask_hash,
    must_update_salt, parts,
};

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

const ALGORITHM: &str = "md5";

impl PasswordHasher for InsecureMd5 {
    fn algorithm(&self) -> &'static str {
        ALGORITHM
    }

    fn encode(&self, password: &[u8], salt: &str) -> Result<String, MalformedHash> {
        check_salt(salt)?;
        let mut hash = Md5::new();
        hash.update(salt);
        hash.update(password);
        Ok(format!("md5${salt}${}", hex_encode(hash.finalize())))
    }

    fn decode(&self, encoded: &str) -> Result<DecodedHash, MalformedHash> {
        let [_, salt, hash] = parts(encoded, ALGORITHM)?;
        Ok(DecodedHash {
            algorithm: ALGORITHM,
            params: Vec::new(),
            salt: salt.to_owned(),
            hash: hash.to_owned(),
        })
    }

    fn verify(&self, password: &[u8], encoded: &str) -> Result<bool, MalformedHash> {
        let [_, salt, _] = parts(encoded, ALGORITHM)?;
        Ok(constant_time_compare(self.encode(password, salt)?, encoded))
    }

    fn must_update(&self, encoded: &str) -> Result<bool, MalformedHash> {
        let [_, salt, _] = parts(encoded, ALGORITHM)?;
        Ok(must_update_salt(salt, SALT_ENTROPY))
    }

    fn harden_runtime(&self, _password: &[u8], _encoded: &str) {
        // One MD5 costs what another does.
    }

    fn safe_summary(&self, encoded: &str) -> Result<Vec<(String, String)>, MalformedHash> {
        let decoded = self.decode(encoded)?;
        Ok(vec![
            ("algorithm".to_owned(), decoded.algorithm.to_owned()),
            ("salt".to_owned(), mask_hash(&decoded.salt, 2)),
            ("hash".to_owned(), mask_hash(&decoded.hash, 6)),
        ])
    }
}
