//! Django's HMAC, whose key is derived from a salt and a secret.

use std::fmt;
use std::ops::Deref;

use hmac::{Hmac, KeyInit, Mac as _};
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

use crate::encoding;

/// The hash behind an HMAC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Algorithm {
    /// SHA-1: for compatibility with old values only.
    Sha1,
    /// SHA-224.
    Sha224,
    /// SHA-256: what Django signs with.
    #[default]
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

/// An authentication code: its bytes, and their usual spellings.
///
/// It has no `==`: compare with [`constant_time_compare`](crate::constant_time_compare).
#[derive(Clone, Copy)]
pub struct Mac {
    bytes: [u8; 64],
    len: usize,
}

impl Mac {
    fn from_slice(code: &[u8]) -> Self {
        let mut bytes = [0; 64];
        bytes[..code.len()].copy_from_slice(code);
        Self {
            bytes,
            len: code.len(),
        }
    }

    /// Lower case hexadecimal (Python's `hexdigest()`).
    pub fn to_hex(&self) -> String {
        encoding::hex_encode(self)
    }

    /// URL-safe base64 without padding, as in signatures.
    pub fn to_base64(&self) -> String {
        encoding::base64_encode(self)
    }
}

impl Deref for Mac {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

impl AsRef<[u8]> for Mac {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl fmt::Debug for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mac(…)")
    }
}

/// An HMAC with its derived key already absorbed, so that using it again is cheap.
#[derive(Clone)]
pub(crate) enum Keyed {
    Sha1(Hmac<Sha1>),
    Sha224(Hmac<Sha224>),
    Sha256(Hmac<Sha256>),
    Sha384(Hmac<Sha384>),
    Sha512(Hmac<Sha512>),
}

macro_rules! derive {
    ($variant:ident, $hash:ty, $salt:expr, $secret:expr) => {{
        let mut hasher = <$hash>::new();
        for part in $salt {
            Digest::update(&mut hasher, part);
        }
        Digest::update(&mut hasher, $secret);
        let digest = hasher.finalize();
        let mut key = hmac::digest::Key::<Hmac<$hash>>::default();
        key[..digest.len()].copy_from_slice(&digest);
        Keyed::$variant(Hmac::<$hash>::new(&key))
    }};
}

impl Keyed {
    /// Derives the key: the hash of the salt (in parts) and the secret.
    pub(crate) fn new(salt: &[&[u8]], secret: &[u8], algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Sha1 => derive!(Sha1, Sha1, salt, secret),
            Algorithm::Sha224 => derive!(Sha224, Sha224, salt, secret),
            Algorithm::Sha256 => derive!(Sha256, Sha256, salt, secret),
            Algorithm::Sha384 => derive!(Sha384, Sha384, salt, secret),
            Algorithm::Sha512 => derive!(Sha512, Sha512, salt, secret),
        }
    }

    /// The code of a value (in parts).
    pub(crate) fn code(&self, value: &[&[u8]]) -> Mac {
        macro_rules! code {
            ($hmac:expr) => {{
                let mut hmac = $hmac.clone();
                for part in value {
                    hmac.update(part);
                }
                Mac::from_slice(&hmac.finalize().into_bytes())
            }};
        }
        match self {
            Self::Sha1(hmac) => code!(hmac),
            Self::Sha224(hmac) => code!(hmac),
            Self::Sha256(hmac) => code!(hmac),
            Self::Sha384(hmac) => code!(hmac),
            Self::Sha512(hmac) => code!(hmac),
        }
    }
}

/// The HMAC of `value` under a key derived from `key_salt` and `secret`.
///
/// Use another `key_salt` for every purpose, so that a code made for one is worthless for another.
///
/// ```
/// use nuages_crypto::{Algorithm, salted_hmac};
///
/// let code = salted_hmac("reset", "user 7", "secret key", Algorithm::Sha256);
/// assert_eq!(code.len(), 32);
/// assert_eq!(code.to_hex().len(), 64);
/// let other = salted_hmac("login", "user 7", "secret key", Algorithm::Sha256);
/// assert_ne!(code.to_hex(), other.to_hex());
/// ```
///
/// # Django
/// `django.utils.crypto.salted_hmac`, whose default algorithm is SHA-1; here it is named each time.
pub fn salted_hmac(
    key_salt: impl AsRef<[u8]>,
    value: impl AsRef<[u8]>,
    secret: impl AsRef<[u8]>,
    algorithm: Algorithm,
) -> Mac {
    Keyed::new(&[key_salt.as_ref()], secret.as_ref(), algorithm).code(&[value.as_ref()])
}
