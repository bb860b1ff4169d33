//! The hashers of a site, in order of preference.

use std::sync::Arc;

use nuages_crypto::random_string;
use nuages_template::escape;

use super::argon2::Argon2;
use super::bcrypt::Bcrypt;
use super::hasher::{MalformedHash, PasswordHasher};
use super::md5::InsecureMd5;
use super::pbkdf2::Pbkdf2;
use super::scrypt::Scrypt;

/// What begins a stored password that no password matches.
const UNUSABLE_PREFIX: char = '!';
/// How many random characters follow it, so that nothing can be mistaken for it.
const UNUSABLE_LENGTH: usize = 40;
/// The name that stands for the first hasher.
const DEFAULT: &str = "default";

/// The result of checking a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// The password is the right one.
    pub is_correct: bool,
    /// The stored hash is not what would be made today: store a new one if the password is right.
    pub must_update: bool,
}

impl Verified {
    const NO: Self = Self {
        is_correct: false,
        must_update: false,
    };
}

/// The hashers cannot do what was asked of them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HashersError {
    /// A name that belongs to no hasher.
    #[error(
        "Unknown password hashing algorithm '{0}'. Did you specify it in the PASSWORD_HASHERS setting?"
    )]
    Unknown(String),
    /// No name at all.
    #[error("password_hashers is empty: name at least the hasher for new passwords")]
    Empty,
    /// The hasher cannot use this salt or this password.
    #[error("salt must be provided and cannot contain $.")]
    Refused(#[from] MalformedHash),
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
    /// Those of Django's default settings.
    fn default() -> Self {
        Self::new(Pbkdf2::sha256())
            .also(Pbkdf2::sha1())
            .also(Argon2::default())
            .also(Bcrypt::sha256())
            .also(Scrypt::default())
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

    /// The hashers that a setting names, by algorithm or by Django's dotted path: `argon2`, `django.contrib.auth.hashers.Argon2PasswordHasher`.
    ///
    /// ```
    /// use nuages_auth::passwords::Hashers;
    ///
    /// let hashers = Hashers::from_names(&["argon2", "django.contrib.auth.hashers.PBKDF2PasswordHasher"])?;
    /// assert_eq!(hashers.preferred().algorithm(), "argon2");
    /// assert!(Hashers::from_names(&["plain"]).is_err());
    /// # Ok::<(), nuages_auth::passwords::HashersError>(())
    /// ```
    ///
    /// # Errors
    /// When a name is unknown, or there is none.
    pub fn from_names<S: AsRef<str>>(names: &[S]) -> Result<Self, HashersError> {
        let mut list = names
            .iter()
            .map(|name| by_name(name.as_ref()))
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

    /// The hasher with this algorithm; `default` is the preferred one.
    ///
    /// # Errors
    /// When there is none.
    ///
    /// # Django
    /// `get_hasher`.
    pub fn get(&self, algorithm: &str) -> Result<&dyn PasswordHasher, HashersError> {
        if algorithm == DEFAULT {
            return Ok(self.preferred());
        }
        std::iter::once(&self.preferred)
            .chain(&self.others)
            .find(|hasher| hasher.algorithm() == algorithm)
            .map(|hasher| &**hasher)
            .ok_or_else(|| HashersError::Unknown(algorithm.to_owned()))
    }

    /// The hasher of a stored text, by the word before its first `$`.
    ///
    /// # Errors
    /// When no hasher of this site made it.
    ///
    /// # Django
    /// `identify_hasher`.
    pub fn identify(&self, encoded: &str) -> Result<&dyn PasswordHasher, HashersError> {
        let length = encoded.chars().count();
        // Once upon a time there were hashes without salt; their hashers are gone.
        let bare = length == 32 && !encoded.contains('$');
        let algorithm = if bare || (length == 37 && encoded.starts_with("md5$$")) {
            "unsalted_md5"
        } else if length == 46 && encoded.starts_with("sha1$$") {
            "unsalted_sha1"
        } else {
            encoded.split('$').next().unwrap_or_default()
        };
        self.get(algorithm)
    }

    /// A new hash with a fresh salt.
    ///
    /// A preferred hasher that cannot take the password, as plain bcrypt beyond 72 bytes, gives an [unusable](unusable_password) one: nobody logs in with less than was typed.
    pub fn make_password(&self, password: impl AsRef<[u8]>) -> String {
        self.preferred
            .encode(password.as_ref(), &self.preferred.salt())
            .unwrap_or_else(|MalformedHash| unusable_password())
    }

    /// A new hash with a salt and an algorithm of one's choice; an empty salt is replaced by a fresh one.
    ///
    /// # Errors
    /// When the algorithm is unknown, or cannot use this salt or this password.
    pub fn make_password_with(
        &self,
        password: impl AsRef<[u8]>,
        salt: &str,
        algorithm: &str,
    ) -> Result<String, HashersError> {
        let hasher = self.get(algorithm)?;
        let encoded = if salt.is_empty() {
            hasher.encode(password.as_ref(), &hasher.salt())?
        } else {
            hasher.encode(password.as_ref(), salt)?
        };
        Ok(encoded)
    }

    /// Checks a password, always at the price of at least one full hash.
    ///
    /// # Security
    /// A stored text that no hasher knows, that is malformed or marked unusable, costs one hash of the preferred algorithm before the answer is no.
    /// A wrong password for a hash cheaper than today's costs the difference as well.
    /// So the time of the answer does not tell which of these an account has.
    pub fn verify(&self, password: impl AsRef<[u8]>, encoded: &str) -> Verified {
        self.judge(password.as_ref(), encoded, self.preferred())
    }

    /// Checks a password as [`verify`](Self::verify) does, with another algorithm as the one that hashes should have.
    ///
    /// # Errors
    /// When the algorithm is unknown.
    ///
    /// # Django
    /// The argument `preferred` of `verify_password`.
    pub fn verify_preferring(
        &self,
        preferred: &str,
        password: impl AsRef<[u8]>,
        encoded: &str,
    ) -> Result<Verified, HashersError> {
        Ok(self.judge(password.as_ref(), encoded, self.get(preferred)?))
    }

    /// Does the work of one check for an account that does not exist.
    pub fn waste_one_hash(&self, password: impl AsRef<[u8]>) {
        std::hint::black_box(self.make_password(password));
    }

    /// What may be shown of a stored password in a form: HTML, with salt and hash masked.
    ///
    /// ```
    /// use nuages_auth::passwords::{Hashers, InsecureMd5};
    ///
    /// let hashers = Hashers::new(InsecureMd5);
    /// assert_eq!(
    ///     hashers.render_password_as_hash("md5$seasalt$3f86d0d3d465b7b458c231bf3555c0e3"),
    ///     "<p><strong>algorithm</strong>: <bdi>md5</bdi> <strong>salt</strong>: <bdi>se*****</bdi> \
    ///      <strong>hash</strong>: <bdi>3f86d0**************************</bdi></p>",
    /// );
    /// ```
    ///
    /// # Django
    /// The tag `render_password_as_hash`.
    pub fn render_password_as_hash(&self, encoded: &str) -> String {
        if encoded.is_empty() || !is_password_usable(encoded) {
            return "<p><strong>No password set.</strong></p>".to_owned();
        }
        let summary = self
            .identify(encoded)
            .and_then(|hasher| Ok(hasher.safe_summary(encoded)?));
        let Ok(summary) = summary else {
            return "<p><strong>Invalid password format or unknown hashing algorithm.</strong></p>"
                .to_owned();
        };
        let items: Vec<String> = summary
            .iter()
            .map(|(name, value)| {
                let (name, value) = (escape(name), escape(value));
                format!("<strong>{name}</strong>: <bdi>{value}</bdi>")
            })
            .collect();
        format!("<p>{}</p>", items.join(" "))
    }

    fn judge(&self, password: &[u8], encoded: &str, preferred: &dyn PasswordHasher) -> Verified {
        self.judge_known(password, encoded, preferred)
            .unwrap_or_else(|_| {
                self.waste_one_hash(password);
                Verified::NO
            })
    }

    fn judge_known(
        &self,
        password: &[u8],
        encoded: &str,
        preferred: &dyn PasswordHasher,
    ) -> Result<Verified, HashersError> {
        if !is_password_usable(encoded) {
            return Err(MalformedHash.into());
        }
        let hasher = self.identify(encoded)?;
        let same = hasher.algorithm() == preferred.algorithm();
        let must_update = !same || preferred.must_update(encoded)?;
        let Ok(is_correct) = hasher.verify(password, encoded) else {
            self.waste_one_hash(password);
            return Ok(Verified {
                is_correct: false,
                must_update,
            });
        };
        if !is_correct && same && must_update {
            hasher.harden_runtime(password, encoded);
        }
        Ok(Verified {
            is_correct,
            must_update,
        })
    }
}

/// A built-in hasher, by its algorithm or the name of Django's class.
fn by_name(name: &str) -> Result<Arc<dyn PasswordHasher>, HashersError> {
    let class = name.strip_prefix("django.contrib.auth.hashers.");
    Ok(match class.unwrap_or(name) {
        "pbkdf2_sha256" | "PBKDF2PasswordHasher" => Arc::new(Pbkdf2::sha256()),
        "pbkdf2_sha1" | "PBKDF2SHA1PasswordHasher" => Arc::new(Pbkdf2::sha1()),
        "argon2" | "Argon2PasswordHasher" => Arc::new(Argon2::default()),
        "bcrypt_sha256" | "BCryptSHA256PasswordHasher" => Arc::new(Bcrypt::sha256()),
        "bcrypt" | "BCryptPasswordHasher" => Arc::new(Bcrypt::plain()),
        "scrypt" | "ScryptPasswordHasher" => Arc::new(Scrypt::default()),
        "md5" | "MD5PasswordHasher" => Arc::new(InsecureMd5),
        _ => return Err(HashersError::Unknown(name.to_owned())),
    })
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
