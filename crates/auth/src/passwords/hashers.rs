//! The hashers of a site, in order of preference.

use std::sync::Arc;

use nuages_crypto::random_string;

use super::hasher::{MalformedHash, PasswordHasher};
use super::md5::InsecureMd5;
use super::pbkdf2::Pbkdf2;

/// What begins a stored password that no password matches.
const UNUSABLE_PREFIX: char = '!';
/// How many random characters follow it, so that nothing can be mistaken for it.
const UNUSABLE_LENGTH: usize = 40;

/// The result of checking a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// The password is the right one.
    pub is_correct: bool,
    /// The stored hash is not what would be made today: store a new one if the password is right.
    pub must_update: bool,
}

/// The setting `password_hashers` cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HashersError {
    /// A name that belongs to no hasher.
    #[error(
        "Unknown password hashing algorithm '{0}'. Did you specify it in the PASSWORD_HASHERS setting?"
    )]
    Unknown(String),
    /// No name at all.
    #[error("password_hashers is empty: name at least the hasher for new passwords")]
    Empty,
}

/// The hashers of a site: the first makes new hashes, all of them check stored ones.
///
/// ```
/// use nuages_auth::passwords::{Hashers, InsecureMd5, Pbkdf2};
///
/// let hashers = Hashers::new(Pbkdf2::sha256().iterations(20)).also(InsecureMd5);
/// let stored = hashers.make_password("s3cret");
/// assert!(hashers.verify("s3cret", &stored).is_correct);
/// assert!(!hashers.verify("s3cret ", &stored).is_correct);
///
/// // An old hash still lets its user in, and asks to be replaced.
/// let old = hashers.verify("letmein", "md5$x$de66c31c87a545223b8e1bb329b41232");
/// assert!(old.is_correct && old.must_update);
/// ```
///
/// # Django
/// The functions of `django.contrib.auth.hashers`, over the PASSWORD_HASHERS setting.
#[derive(Debug, Clone)]
pub struct Hashers {
    preferred: Arc<dyn PasswordHasher>,
    others: Vec<Arc<dyn PasswordHasher>>,
}

impl Default for Hashers {
    fn default() -> Self {
        Self::new(Pbkdf2::sha256()).also(Pbkdf2::sha1())
    }
}

impl Hashers {
    /// New hashes are made by `preferred`.
    pub fn new(preferred: impl PasswordHasher + 'static) -> Self {
        Self {
            preferred: Arc::new(preferred),
            others: Vec::new(),
        }
    }

    /// Stored hashes of this algorithm are accepted too, and replaced at the next login.
    pub fn also(mut self, hasher: impl PasswordHasher + 'static) -> Self {
        self.others.push(Arc::new(hasher));
        self
    }

    /// The hashers that a setting names: `pbkdf2_sha256`, `pbkdf2_sha1`, `md5`.
    ///
    /// # Errors
    /// When a name is unknown, or there is none.
    pub fn from_names<S: AsRef<str>>(names: &[S]) -> Result<Self, HashersError> {
        let mut list = names
            .iter()
            .map(|name| -> Result<Arc<dyn PasswordHasher>, HashersError> {
                Ok(match name.as_ref() {
                    "pbkdf2_sha256" => Arc::new(Pbkdf2::sha256()),
                    "pbkdf2_sha1" => Arc::new(Pbkdf2::sha1()),
                    "md5" => Arc::new(InsecureMd5),
                    other => return Err(HashersError::Unknown(other.to_owned())),
                })
            })
            .collect::<Result<Vec<_>, _>>()?
            .into_iter();
        Ok(Self {
            preferred: list.next().ok_or(HashersError::Empty)?,
            others: list.collect(),
        })
    }

    /// The algorithm of new hashes.
    pub fn preferred(&self) -> &dyn PasswordHasher {
        &*self.preferred
    }

    /// A new hash with a fresh salt.
    pub fn make_password(&self, password: &str) -> String {
        self.preferred
            .encode(password, &self.preferred.salt())
            // Only a hasher that refuses its own salt gets here: nobody can log in with the result.
            .unwrap_or_else(|MalformedHash| unusable_password())
    }

    /// Checks a password, always at the price of at least one full hash.
    ///
    /// # Security
    /// A stored text that no hasher knows, that is malformed or marked unusable, costs one hash of the preferred algorithm before the answer is no.
    /// A wrong password for a hash cheaper than today's costs the difference as well.
    /// So the time of the answer does not tell which of these an account has.
    pub fn verify(&self, password: &str, encoded: &str) -> Verified {
        self.verify_known(password, encoded)
            .unwrap_or_else(|MalformedHash| {
                self.waste_one_hash(password);
                Verified {
                    is_correct: false,
                    must_update: false,
                }
            })
    }

    /// Does the work of one check for an account that does not exist.
    pub fn waste_one_hash(&self, password: &str) {
        std::hint::black_box(self.make_password(password));
    }

    fn verify_known(&self, password: &str, encoded: &str) -> Result<Verified, MalformedHash> {
        if !is_password_usable(encoded) {
            return Err(MalformedHash);
        }
        let hasher = self.identify(encoded).ok_or(MalformedHash)?;
        let same = hasher.algorithm() == self.preferred.algorithm();
        let must_update = !same || self.preferred.must_update(encoded)?;
        let is_correct = hasher.verify(password, encoded)?;
        if !is_correct && same && must_update {
            hasher.harden_runtime(password, encoded);
        }
        Ok(Verified {
            is_correct,
            must_update,
        })
    }

    /// The hasher of a stored text, by the word before its first `$`.
    fn identify(&self, encoded: &str) -> Option<&dyn PasswordHasher> {
        let algorithm = encoded.split('$').next()?;
        std::iter::once(&self.preferred)
            .chain(&self.others)
            .find(|hasher| hasher.algorithm() == algorithm)
            .map(|hasher| &**hasher)
    }
}

/// A stored text that no password matches, for accounts that log in by other means.
///
/// # Django
/// `make_password(None)`, `User.set_unusable_password()`.
pub fn unusable_password() -> String {
    format!("{UNUSABLE_PREFIX}{}", random_string(UNUSABLE_LENGTH))
}

/// False for what [`unusable_password`] made.
pub fn is_password_usable(encoded: &str) -> bool {
    !encoded.starts_with(UNUSABLE_PREFIX)
}
