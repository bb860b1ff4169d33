//! Signatures of cookies, bound to the cookie's name.

use jiff::{SignedDuration, Timestamp};

use super::{Error, TimestampSigner};
use crate::KeyRing;

/// Signs the values of cookies, so that one cookie's value is worthless under another name.
///
/// ```
/// use jiff::Timestamp;
/// use nuages_crypto::{KeyRing, signing::CookieSigner};
///
/// let signer = CookieSigner::new(&KeyRing::new("secret key"));
/// let now = Timestamp::from_second(1_780_000_000)?;
/// let value = signer.sign("cart", "12 apples", "", now);
/// assert_eq!(signer.unsign("cart", &value, "", now, None)?, "12 apples");
/// assert!(signer.unsign("wishes", &value, "", now, None).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Django
/// `HttpResponse.set_signed_cookie` and `HttpRequest.get_signed_cookie` of Django 6.0.6 and later.
#[derive(Debug, Clone)]
pub struct CookieSigner {
    ring: KeyRing,
    legacy: bool,
}

impl CookieSigner {
    /// A signer of cookies with keys derived from these.
    pub fn new(ring: &KeyRing) -> Self {
        Self {
            ring: ring.prefixed(b"django.http.cookies"),
            legacy: false,
        }
    }

    /// Also accepts the signatures of Django before 6.0.6.
    ///
    /// # Security
    /// There the name and the salt ran together, so that the cookie `a` with the salt `bc` passed as
    /// the cookie `ab` with the salt `c`. Use it while old cookies are about, and no longer.
    ///
    /// # Django
    /// `SIGNED_COOKIE_LEGACY_SALT_FALLBACK`, which is on there.
    pub fn insecure_accept_legacy_salt(mut self) -> Self {
        self.legacy = true;
        self
    }

    /// The value with the time and the signature.
    pub fn sign(&self, name: &str, value: &str, salt: &str, now: Timestamp) -> String {
        self.signer(name, salt).sign(value, now)
    }

    /// The value of the cookie of this name, if it was signed by us and at most `max_age` ago.
    ///
    /// # Errors
    /// When the signature is missing, wrong or too old.
    pub fn unsign<'a>(
        &self,
        name: &str,
        signed: &'a str,
        salt: &str,
        now: Timestamp,
        max_age: Option<SignedDuration>,
    ) -> Result<&'a str, Error> {
        let result = self.signer(name, salt).unsign(signed, now, max_age);
        match &result {
            Err(error) if self.legacy && error.is_bad_signature() => {
                TimestampSigner::new(&self.ring, &format!("{name}{salt}"))
                    .unsign(signed, now, max_age)
            }
            _ => result,
        }
    }

    fn signer(&self, name: &str, salt: &str) -> TimestampSigner {
        let length = salt.chars().count();
        TimestampSigner::new(
            &self.ring,
            &format!("django.http.cookies.v2:{length}:{salt}{name}"),
        )
    }
}
