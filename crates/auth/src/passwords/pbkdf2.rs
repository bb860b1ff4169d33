//! PBKDF2 with HMAC-SHA-256, the default, and with HMAC-SHA-1.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use nuages_crypto::constant_time_compare;

use super::derive::{SHA1, SHA256};
use super::hasher::{
    DecodedHash, MalformedHash, PasswordHasher, SALT_ENTROPY, check_salt, must_update_salt, number,
    parts,
};

/// The iterations of a new hash: those of Django 6.0.
pub const DEFAULT_ITERATIONS: u32 = 1_200_000;

/// A stored count above this is refused: only somebody who writes to the database could have put it there, to keep the server busy.
pub const MAX_ITERATIONS: u32 = 10_000_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Digest {
    Sha256,
    Sha1,
}

/// `pbkdf2_sha256$iterations$salt$hash`.
///
/// ```
/// use nuages_auth::passwords::{PasswordHasher, Pbkdf2};
///
/// let hasher = Pbkdf2::sha256().iterations(20);
/// let encoded = hasher.encode("lètmein".as_bytes(), "seasalt").unwrap();
/// assert_eq!(encoded, "pbkdf2_sha256$20$seasalt$QD04pPhsRzAShsVz/5m91R1XTj8nOAzdZ4ijQDg+c/A=");
/// assert!(hasher.verify("lètmein".as_bytes(), &encoded).unwrap());
/// ```
///
/// # Django
/// `PBKDF2PasswordHasher` and `PBKDF2SHA1PasswordHasher`.
#[derive(Debug, Clone, Copy)]
pub struct Pbkdf2 {
    algorithm: &'static str,
    digest: Digest,
    iterations: u32,
}

impl Pbkdf2 {
    /// With SHA-256, at [`DEFAULT_ITERATIONS`].
    pub fn sha256() -> Self {
        Self {
            algorithm: "pbkdf2_sha256",
            digest: Digest::Sha256,
            iterations: DEFAULT_ITERATIONS,
        }
    }

    /// With SHA-1, for databases that other software reads too.
    pub fn sha1() -> Self {
        Self {
            algorithm: "pbkdf2_sha1",
            digest: Digest::Sha1,
            iterations: DEFAULT_ITERATIONS,
        }
    }

    /// Another number of iterations for new hashes, between 1 and [`MAX_ITERATIONS`].
    ///
    /// # Security
    /// Fewer than the default make a stolen table cheaper to guess.
    pub fn iterations(mut self, iterations: u32) -> Self {
        self.iterations = iterations.clamp(1, MAX_ITERATIONS);
        self
    }

    /// Another word before the first `$`, for a hasher of one's own that is built on this one.
    ///
    /// # Django
    /// The class attribute `algorithm` of a subclass.
    pub fn named(mut self, algorithm: &'static str) -> Self {
        self.algorithm = algorithm;
        self
    }

    fn encode_with(
        self,
        password: &[u8],
        salt: &str,
        iterations: u32,
    ) -> Result<String, MalformedHash> {
        check_salt(salt)?;
        if !(1..=MAX_ITERATIONS).contains(&iterations) {
            return Err(MalformedHash);
        }
        let hash = match self.digest {
            Digest::Sha256 => SHA256.pbkdf2(password, salt.as_bytes(), iterations),
            Digest::Sha1 => SHA1.pbkdf2(password, salt.as_bytes(), iterations),
        };
        let hash = STANDARD.encode(hash);
        Ok(format!("{}${iterations}${salt}${hash}", self.algorithm))
    }

    /// The iterations and the salt of a stored hash.
    fn params(self, encoded: &str) -> Result<(u64, &str), MalformedHash> {
        let [_, iterations, salt, _] = parts(encoded, self.algorithm)?;
        Ok((number(iterations)?, salt))
    }
}

impl PasswordHasher for Pbkdf2 {
    fn algorithm(&self) -> &'static str {
        self.algorithm
    }

    fn encode(&self, password: &[u8], salt: &str) -> Result<String, MalformedHash> {
        self.encode_with(password, salt, self.iterations)
    }

    fn decode(&self, encoded: &str) -> Result<DecodedHash, MalformedHash> {
        let [_, iterations, salt, hash] = parts(encoded, self.algorithm)?;
        let iterations: u64 = number(iterations)?;
        Ok(DecodedHash {
            algorithm: self.algorithm,
            params: vec![("iterations", iterations.to_string())],
            salt: salt.to_owned(),
            hash: hash.to_owned(),
        })
    }

    fn verify(&self, password: &[u8], encoded: &str) -> Result<bool, MalformedHash> {
        let (iterations, salt) = self.params(encoded)?;
        let iterations = u32::try_from(iterations).map_err(|_| MalformedHash)?;
        let again = self.encode_with(password, salt, iterations)?;
        Ok(constant_time_compare(again, encoded))
    }

    fn must_update(&self, encoded: &str) -> Result<bool, MalformedHash> {
        let (iterations, salt) = self.params(encoded)?;
        Ok(iterations != u64::from(self.iterations) || must_update_salt(salt, SALT_ENTROPY))
    }

    fn harden_runtime(&self, password: &[u8], encoded: &str) {
        if let Ok((iterations, salt)) = self.params(encoded)
            && let Ok(iterations) = u32::try_from(iterations)
            && let missing @ 1.. = self.iterations.saturating_sub(iterations)
        {
            // The result is of no use; the time it took is.
            std::hint::black_box(self.encode_with(password, salt, missing)).ok();
        }
    }
}
