//! PBKDF2 with HMAC-SHA-256, the default, and with HMAC-SHA-1.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use nuages_crypto::constant_time_compare;

use super::derive::{SHA1, SHA256};
use super::hasher::{MalformedHash, PasswordHasher, check_salt, salt_is_short};

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
/// let encoded = hasher.encode("lètmein", "seasalt").unwrap();
/// assert_eq!(encoded, "pbkdf2_sha256$20$seasalt$QD04pPhsRzAShsVz/5m91R1XTj8nOAzdZ4ijQDg+c/A=");
/// assert!(hasher.verify("lètmein", &encoded).unwrap());
/// ```
///
/// # Django
/// `PBKDF2PasswordHasher` and `PBKDF2SHA1PasswordHasher`.
#[derive(Debug, Clone, Copy)]
pub struct Pbkdf2 {
    digest: Digest,
    iterations: u32,
}

impl Pbkdf2 {
    /// With SHA-256, at [`DEFAULT_ITERATIONS`].
    pub fn sha256() -> Self {
        Self {
            digest: Digest::Sha256,
            iterations: DEFAULT_ITERATIONS,
        }
    }

    /// With SHA-1, for databases that other software reads too.
    pub fn sha1() -> Self {
        Self {
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

    fn encode_with(
        self,
        password: &str,
        salt: &str,
        iterations: u32,
    ) -> Result<String, MalformedHash> {
        check_salt(salt)?;
        let (password, bytes) = (password.as_bytes(), salt.as_bytes());
        let hash = match self.digest {
            Digest::Sha256 => SHA256.pbkdf2(password, bytes, iterations),
            Digest::Sha1 => SHA1.pbkdf2(password, bytes, iterations),
        };
        Ok(format!(
            "{}${iterations}${salt}${}",
            self.algorithm(),
            STANDARD.encode(hash)
        ))
    }

    /// The iterations and the salt of a stored hash.
    fn decode(self, encoded: &str) -> Result<(u32, &str), MalformedHash> {
        let mut parts = encoded.splitn(4, '$');
        let (Some(algorithm), Some(iterations), Some(salt), Some(_)) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(MalformedHash);
        };
        let iterations: u32 = iterations.parse().map_err(|_| MalformedHash)?;
        if algorithm != self.algorithm() || !(1..=MAX_ITERATIONS).contains(&iterations) {
            return Err(MalformedHash);
        }
        check_salt(salt)?;
        Ok((iterations, salt))
    }
}

impl PasswordHasher for Pbkdf2 {
    fn algorithm(&self) -> &'static str {
        match self.digest {
            Digest::Sha256 => "pbkdf2_sha256",
            Digest::Sha1 => "pbkdf2_sha1",
        }
    }

    fn encode(&self, password: &str, salt: &str) -> Result<String, MalformedHash> {
        self.encode_with(password, salt, self.iterations)
    }

    fn verify(&self, password: &str, encoded: &str) -> Result<bool, MalformedHash> {
        let (iterations, salt) = self.decode(encoded)?;
        let again = self.encode_with(password, salt, iterations)?;
        Ok(constant_time_compare(again, encoded))
    }

    fn must_update(&self, encoded: &str) -> Result<bool, MalformedHash> {
        let (iterations, salt) = self.decode(encoded)?;
        Ok(iterations != self.iterations || salt_is_short(salt))
    }

    fn harden_runtime(&self, password: &str, encoded: &str) {
        if let Ok((iterations, salt)) = self.decode(encoded)
            && let missing @ 1.. = self.iterations.saturating_sub(iterations)
        {
            // The result is of no use; the time it took is.
            std::hint::black_box(self.encode_with(password, salt, missing)).ok();
        }
    }
}
