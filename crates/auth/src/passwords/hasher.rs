//! What one password algorithm can do.

use std::fmt;

use nuages_crypto::random_string;

/// A stored hash that is not in its algorithm's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored password is not in the format of its algorithm")]
pub struct MalformedHash;

/// One way to turn a password into the text that is stored, and to check it.
///
/// All methods are synchronous and may take long on purpose: call them through [`PasswordPool`](crate::passwords::PasswordPool), never on the thread that serves requests.
///
/// # Django
/// `BasePasswordHasher`.
pub trait PasswordHasher: fmt::Debug + Send + Sync {
    /// The word before the first `$`.
    fn algorithm(&self) -> &'static str;

    /// The text to store, `algorithm$…$salt$hash`.
    ///
    /// # Errors
    /// When the salt is empty or contains `$`.
    fn encode(&self, password: &str, salt: &str) -> Result<String, MalformedHash>;

    /// True when `encoded` was made from `password`.
    ///
    /// # Errors
    /// When `encoded` is not in this algorithm's format, or asks for an absurd amount of work.
    fn verify(&self, password: &str, encoded: &str) -> Result<bool, MalformedHash>;

    /// True when `encoded` was made with other parameters than today's.
    ///
    /// # Errors
    /// When `encoded` is not in this algorithm's format.
    fn must_update(&self, encoded: &str) -> Result<bool, MalformedHash>;

    /// Does the work by which `encoded` is cheaper than a hash of today.
    ///
    /// # Security
    /// Without it a wrong password for an account with an old hash would be answered faster, which tells that the account exists.
    fn harden_runtime(&self, password: &str, encoded: &str);

    /// A fresh salt of at least 128 bits.
    fn salt(&self) -> String {
        random_string(SALT_LENGTH)
    }
}

/// Characters of a salt: the fewest of 62 that carry 128 bits.
const SALT_LENGTH: usize = 22;

/// True when a salt carries fewer than 128 bits.
pub(crate) fn salt_is_short(salt: &str) -> bool {
    salt.chars().count() < SALT_LENGTH
}

/// Refuses the salts that would break the format.
pub(crate) fn check_salt(salt: &str) -> Result<(), MalformedHash> {
    if salt.is_empty() || salt.contains('$') {
        return Err(MalformedHash);
    }
    Ok(())
}
