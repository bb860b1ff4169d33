//! What one password algorithm can do.

use std::fmt;

use nuages_crypto::random_string;

/// A stored hash that is not in its algorithm's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored password is not in the format of its algorithm")]
pub struct MalformedHash;

/// A stored hash, taken apart.
///
/// # Django
/// The dictionary that `BasePasswordHasher.decode` returns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodedHash {
    /// The word before the first `$`.
    pub algorithm: &'static str,
    /// What the algorithm was asked to do, in order, such as `iterations`; the names are Django's keys.
    pub params: Vec<(&'static str, String)>,
    /// The salt as text.
    pub salt: String,
    /// The hash proper, as it is stored.
    pub hash: String,
}

/// One way to turn a password into the text that is stored, and to check it.
///
/// All methods are synchronous and may take long on purpose: call them through [`PasswordPool`](crate::passwords::PasswordPool), never on the thread that serves requests.
///
/// A hasher of one's own:
///
/// ```
/// use nuages_auth::passwords::{DecodedHash, Hashers, MalformedHash, PasswordHasher, Pbkdf2};
///
/// /// PBKDF2 over a password that is mixed with a secret of this site.
/// #[derive(Debug)]
/// struct Peppered(&'static str);
///
/// impl Peppered {
///     fn mix(&self, password: &[u8]) -> Vec<u8> {
///         [self.0.as_bytes(), password].concat()
///     }
///     fn inner(&self) -> Pbkdf2 {
///         Pbkdf2::sha256().iterations(10).named("peppered")
///     }
/// }
///
/// impl PasswordHasher for Peppered {
///     fn algorithm(&self) -> &'static str {
///         "peppered"
///     }
///     fn encode(&self, password: &[u8], salt: &str) -> Result<String, MalformedHash> {
///         self.inner().encode(&self.mix(password), salt)
///     }
///     fn decode(&self, encoded: &str) -> Result<DecodedHash, MalformedHash> {
///         self.inner().decode(encoded)
///     }
///     fn verify(&self, password: &[u8], encoded: &str) -> Result<bool, MalformedHash> {
///         self.inner().verify(&self.mix(password), encoded)
///     }
///     fn must_update(&self, encoded: &str) -> Result<bool, MalformedHash> {
///         self.inner().must_update(encoded)
///     }
///     fn harden_runtime(&self, password: &[u8], encoded: &str) {
///         self.inner().harden_runtime(&self.mix(password), encoded);
///     }
/// }
///
/// let hashers = Hashers::new(Peppered("of this site only")).also(Pbkdf2::sha256());
/// let stored = hashers.make_password("s3cret");
/// assert!(stored.starts_with("peppered$10$"));
/// assert!(hashers.verify("s3cret", &stored).is_correct);
/// ```
///
/// # Django
/// `BasePasswordHasher`.
pub trait PasswordHasher: fmt::Debug + Send + Sync {
    /// The word before the first `$`.
    fn algorithm(&self) -> &'static str;

    /// The text to store, `algorithm$…$salt$hash`.
    ///
    /// # Errors
    /// When the algorithm cannot use this salt or this password.
    fn encode(&self, password: &[u8], salt: &str) -> Result<String, MalformedHash>;

    /// Takes a stored hash apart, without judging the amount of work that it asks for.
    ///
    /// # Errors
    /// When `encoded` is not in this algorithm's format.
    fn decode(&self, encoded: &str) -> Result<DecodedHash, MalformedHash>;

    /// True when `encoded` was made from `password`.
    ///
    /// # Errors
    /// When `encoded` is not in this algorithm's format, or asks for an absurd amount of work.
    fn verify(&self, password: &[u8], encoded: &str) -> Result<bool, MalformedHash>;

    /// True when `encoded` was made with other parameters than today's.
    ///
    /// # Errors
    /// When `encoded` is not in this algorithm's format.
    fn must_update(&self, encoded: &str) -> Result<bool, MalformedHash>;

    /// Does the work by which `encoded` is cheaper than a hash of today.
    ///
    /// # Security
    /// Without it a wrong password for an account with an old hash would be answered faster, which tells that the account exists.
    fn harden_runtime(&self, password: &[u8], encoded: &str);

    /// What may be shown of a stored hash: names and values, the salt and the hash masked.
    ///
    /// # Errors
    /// When `encoded` is not in this algorithm's format.
    fn safe_summary(&self, encoded: &str) -> Result<Vec<(String, String)>, MalformedHash> {
        let decoded = self.decode(encoded)?;
        let mut summary = vec![("algorithm".to_owned(), decoded.algorithm.to_owned())];
        for (name, value) in decoded.params {
            summary.push((name.replace('_', " "), value));
        }
        summary.push(("salt".to_owned(), mask_hash(&decoded.salt, 6)));
        summary.push(("hash".to_owned(), mask_hash(&decoded.hash, 6)));
        Ok(summary)
    }

    /// A fresh salt of at least 128 bits.
    fn salt(&self) -> String {
        random_string(SALT_LENGTH)
    }
}

/// Bits of a salt.
pub(super) const SALT_ENTROPY: u32 = 128;
/// Characters of a salt: the fewest of 62 that carry 128 bits.
const SALT_LENGTH: usize = 22;

/// Hides a hash but for its first characters.
///
/// ```
/// assert_eq!(nuages_auth::passwords::mask_hash("d41d8cd98f00", 6), "d41d8c******");
/// ```
///
/// # Django
/// `mask_hash`.
pub fn mask_hash(hash: &str, show: usize) -> String {
    let hide = |(at, char)| if at < show { char } else { '*' };
    hash.chars().enumerate().map(hide).collect()
}

/// True when a salt of letters and digits carries fewer bits than `entropy`.
///
/// ```
/// use nuages_auth::passwords::must_update_salt;
///
/// assert!(must_update_salt("seasalt", 128));
/// assert!(!must_update_salt("abcdefghijklmnopqrstuv", 128));
/// ```
///
/// # Django
/// `must_update_salt`.
#[expect(
    clippy::cast_precision_loss,
    reason = "a salt has far fewer than 2^52 characters"
)]
pub fn must_update_salt(salt: &str, entropy: u32) -> bool {
    (salt.chars().count() as f64) * 62_f64.log2() < f64::from(entropy)
}

/// Refuses the salts that would break the format.
pub(super) fn check_salt(salt: &str) -> Result<(), MalformedHash> {
    if salt.is_empty() || salt.contains('$') {
        return Err(MalformedHash);
    }
    Ok(())
}

/// A number in a stored hash.
pub(super) fn number<T: std::str::FromStr>(text: &str) -> Result<T, MalformedHash> {
    text.parse().map_err(|_| MalformedHash)
}

/// The `N` parts of a stored hash, of which the first has to be `algorithm`; what is left of the text stays in the last one.
pub(super) fn parts<'a, const N: usize>(
    encoded: &'a str,
    algorithm: &str,
) -> Result<[&'a str; N], MalformedHash> {
    let mut parts = [""; N];
    let mut found = encoded.splitn(N, '$');
    for part in &mut parts {
        *part = found.next().ok_or(MalformedHash)?;
    }
    match parts.first() {
        Some(first) if *first == algorithm => Ok(parts),
        _ => Err(MalformedHash),
    }
}
