//! A value and its signature, with a separator between them.

use std::fmt;
use std::sync::Arc;

use super::Error;
use crate::mac::Keyed;
use crate::{Algorithm, KeyRing, constant_time_compare, encoding};

/// Signs strings for one purpose.
///
/// Make it once and keep it: it holds the derived keys, so that signing costs one HMAC.
///
/// # Django
/// `django.core.signing.Signer`.
#[derive(Clone)]
pub struct Signer {
    salt: Arc<str>,
    separator: Arc<str>,
    ring: KeyRing,
    keys: Arc<[Keyed]>,
}

/// A separator that could be part of a signature.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Unsafe Signer separator: '{0}' (cannot be empty or consist of only A-z0-9-_=)")]
pub struct UnsafeSeparator(String);

impl Signer {
    /// The salt of a `Signer` that was given none in Django.
    pub const DEFAULT_SALT: &'static str = "django.core.signing.Signer";

    /// A signer for the purpose named by `salt`; an empty one is [`DEFAULT_SALT`](Self::DEFAULT_SALT).
    pub fn new(ring: &KeyRing, salt: &str) -> Self {
        let salt = if salt.is_empty() {
            Self::DEFAULT_SALT
        } else {
            salt
        };
        Self {
            salt: salt.into(),
            separator: ":".into(),
            keys: derive(ring, salt, Algorithm::default()),
            ring: ring.clone(),
        }
    }

    /// Signs with another hash than SHA-256.
    pub fn with_algorithm(mut self, algorithm: Algorithm) -> Self {
        self.keys = derive(&self.ring, &self.salt, algorithm);
        self
    }

    /// Puts something else than `:` between value and signature.
    ///
    /// # Errors
    /// When the separator could be part of a signature.
    pub fn with_separator(mut self, separator: &str) -> Result<Self, UnsafeSeparator> {
        // From `A` to `z`: as in Django that takes in the six characters between `Z` and `a`.
        let unsafe_byte = |byte: u8| matches!(byte, b'A'..=b'z' | b'0'..=b'9' | b'-' | b'=');
        let without_newline = separator.strip_suffix('\n').unwrap_or(separator);
        if without_newline.bytes().all(unsafe_byte) {
            return Err(UnsafeSeparator(separator.escape_debug().to_string()));
        }
        self.separator = separator.into();
        Ok(self)
    }

    pub(super) fn separator(&self) -> &str {
        &self.separator
    }

    /// The signature alone.
    pub fn signature(&self, value: impl AsRef<[u8]>) -> String {
        // The first key is the current one: `derive` always makes at least that.
        self.keys[0].code(&[value.as_ref()]).to_base64()
    }

    /// The value with its signature.
    pub fn sign(&self, value: &str) -> String {
        self.sign_parts(value.to_owned())
    }

    pub(super) fn sign_parts(&self, mut value: String) -> String {
        let signature = self.signature(&value);
        value.push_str(&self.separator);
        value.push_str(&signature);
        value
    }

    /// The value without its signature, if that was made with one of our keys.
    ///
    /// # Errors
    /// When there is no signature, or none of ours.
    ///
    /// # Security
    /// All keys are tried in constant time each, the current one first.
    pub fn unsign<'a>(&self, signed: &'a str) -> Result<&'a str, Error> {
        let Some((value, signature)) = signed.rsplit_once(&*self.separator) else {
            return Err(Error::NoSeparator {
                separator: self.separator.to_string(),
            });
        };
        let matches = self.keys.iter().any(|key| {
            let ours = encoding::base64_encode(key.code(&[value.as_bytes()]));
            constant_time_compare(signature, ours)
        });
        if matches {
            Ok(value)
        } else {
            Err(Error::Mismatch {
                signature: signature.to_owned(),
            })
        }
    }
}

fn derive(ring: &KeyRing, salt: &str, algorithm: Algorithm) -> Arc<[Keyed]> {
    ring.iter()
        .map(|key| Keyed::new(&[salt.as_bytes(), b"signer"], key.expose(), algorithm))
        .collect()
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("salt", &self.salt)
            .field("separator", &self.separator)
            .finish_non_exhaustive()
    }
}
