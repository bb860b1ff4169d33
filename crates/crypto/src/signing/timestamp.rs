//! Signatures that know when they were made.

use jiff::{SignedDuration, Timestamp};

use super::{Error, Signer, UnsafeSeparator};
use crate::{Algorithm, KeyRing, encoding};

/// Signs strings together with the time, so that they can expire.
///
/// ```
/// use jiff::{SignedDuration, Timestamp};
/// use nuages_crypto::{KeyRing, signing::TimestampSigner};
///
/// let signer = TimestampSigner::new(&KeyRing::new("secret key"), "invitation");
/// let then = Timestamp::from_second(1_780_000_000)?;
/// let signed = signer.sign("ann", then);
/// let day = SignedDuration::from_hours(24);
/// assert_eq!(signer.unsign(&signed, then + day, Some(day))?, "ann");
/// assert!(signer.unsign(&signed, then + day * 2, Some(day)).unwrap_err().is_expired());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Django
/// `django.core.signing.TimestampSigner`.
#[derive(Debug, Clone)]
pub struct TimestampSigner(Signer);

impl TimestampSigner {
    /// The salt of a `TimestampSigner` that was given none in Django.
    pub const DEFAULT_SALT: &'static str = "django.core.signing.TimestampSigner";

    /// A signer for the purpose named by `salt`; an empty one is [`DEFAULT_SALT`](Self::DEFAULT_SALT).
    pub fn new(ring: &KeyRing, salt: &str) -> Self {
        let salt = if salt.is_empty() {
            Self::DEFAULT_SALT
        } else {
            salt
        };
        Self(Signer::new(ring, salt))
    }

    /// As [`Signer::with_algorithm`].
    pub fn with_algorithm(self, algorithm: Algorithm) -> Self {
        Self(self.0.with_algorithm(algorithm))
    }

    /// As [`Signer::with_separator`].
    ///
    /// # Errors
    /// When the separator could be part of a signature.
    pub fn with_separator(self, separator: &str) -> Result<Self, UnsafeSeparator> {
        self.0.with_separator(separator).map(Self)
    }

    /// The value with the time and the signature of both.
    pub fn sign(&self, value: &str, now: Timestamp) -> String {
        let seconds = encoding::base62_encode(now.as_second());
        self.0
            .sign_parts([value, &seconds].join(self.0.separator()))
    }

    /// The value, if it was signed by us and at most `max_age` ago.
    ///
    /// # Errors
    /// When the signature is missing, wrong or too old.
    pub fn unsign<'a>(
        &self,
        signed: &'a str,
        now: Timestamp,
        max_age: Option<SignedDuration>,
    ) -> Result<&'a str, Error> {
        let stamped = self.0.unsign(signed)?;
        let (value, seconds) = stamped
            .rsplit_once(self.0.separator())
            .ok_or_else(|| Error::malformed("a value with a timestamp"))?;
        let made = encoding::base62_decode(seconds)
            .ok_or_else(|| Error::malformed("a value with a timestamp"))?;
        if let Some(max_age) = max_age {
            let age = now
                .as_duration()
                .saturating_sub(SignedDuration::from_secs(made));
            if age > max_age {
                return Err(Error::expired(age, max_age));
            }
        }
        Ok(value)
    }

    /// When a value was signed, to the second; `None` when it was not signed here.
    pub fn signed_at(&self, signed: &str) -> Option<Timestamp> {
        let stamped = self.0.unsign(signed).ok()?;
        let (_, seconds) = stamped.rsplit_once(self.0.separator())?;
        Timestamp::from_second(encoding::base62_decode(seconds)?).ok()
    }
}
