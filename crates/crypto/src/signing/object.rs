//! Signed JSON, small enough for a URL or a cookie.

use std::io::Read;

use flate2::Compression;
use flate2::read::ZlibEncoder;
use jiff::{SignedDuration, Timestamp};
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Error, Signer, TimestampSigner};
use crate::{KeyRing, encoding, python_json};

/// The salt of [`dumps`] when Django is given none. Use your own for each purpose.
pub const DEFAULT_SALT: &str = "django.core.signing";

/// The most that a compressed value may grow to. Only we can have signed it, but who has the key, or makes us sign
/// what repeats itself, should not fill the memory either.
const INFLATE_LIMIT: usize = 4 * 1024 * 1024;

impl Signer {
    /// Signs a value as JSON.
    ///
    /// # Errors
    /// When the value cannot be written as JSON.
    pub fn sign_object<T: Serialize + ?Sized>(&self, value: &T) -> Result<String, Error> {
        Ok(self.sign_parts(encode(value, false)?))
    }

    /// Signs a value as JSON, compressed if that makes it shorter.
    ///
    /// # Errors
    /// When the value cannot be written as JSON.
    pub fn sign_object_compressed<T: Serialize + ?Sized>(
        &self,
        value: &T,
    ) -> Result<String, Error> {
        Ok(self.sign_parts(encode(value, true)?))
    }

    /// The value of a signed object.
    ///
    /// # Errors
    /// When the signature is not ours, or the JSON does not fit `T`.
    pub fn unsign_object<T: DeserializeOwned>(&self, signed: &str) -> Result<T, Error> {
        decode(self.unsign(signed)?)
    }
}

impl TimestampSigner {
    /// Signs a value as JSON together with the time.
    ///
    /// # Errors
    /// When the value cannot be written as JSON.
    pub fn sign_object<T: Serialize + ?Sized>(
        &self,
        value: &T,
        now: Timestamp,
    ) -> Result<String, Error> {
        Ok(self.sign(&encode(value, false)?, now))
    }

    /// Signs a value as JSON together with the time, compressed if that makes it shorter.
    ///
    /// # Errors
    /// When the value cannot be written as JSON.
    pub fn sign_object_compressed<T: Serialize + ?Sized>(
        &self,
        value: &T,
        now: Timestamp,
    ) -> Result<String, Error> {
        Ok(self.sign(&encode(value, true)?, now))
    }

    /// The value of a signed object, if it was signed at most `max_age` ago.
    ///
    /// # Errors
    /// When the signature is missing, wrong or too old, or the JSON does not fit `T`.
    pub fn unsign_object<T: DeserializeOwned>(
        &self,
        signed: &str,
        now: Timestamp,
        max_age: Option<SignedDuration>,
    ) -> Result<T, Error> {
        decode(self.unsign(signed, now, max_age)?)
    }
}

/// Signs a value as JSON together with the time: URL-safe text.
///
/// # Errors
/// When the value cannot be written as JSON.
///
/// # Django
/// `django.core.signing.dumps`.
pub fn dumps<T: Serialize + ?Sized>(
    value: &T,
    ring: &KeyRing,
    salt: &str,
    now: Timestamp,
) -> Result<String, Error> {
    TimestampSigner::new(ring, salt).sign_object(value, now)
}

/// As [`dumps`], compressed if that makes it shorter.
///
/// # Errors
/// When the value cannot be written as JSON.
///
/// # Django
/// `django.core.signing.dumps(…, compress=True)`.
pub fn dumps_compressed<T: Serialize + ?Sized>(
    value: &T,
    ring: &KeyRing,
    salt: &str,
    now: Timestamp,
) -> Result<String, Error> {
    TimestampSigner::new(ring, salt).sign_object_compressed(value, now)
}

/// The value of what [`dumps`] signed.
///
/// # Errors
/// When the signature is missing, wrong or too old, or the JSON does not fit `T`.
///
/// # Security
/// Nothing is unpacked or parsed before the signature is found right, and then at most 4 MiB, nested 128 deep.
///
/// # Django
/// `django.core.signing.loads`, which has no such bounds.
pub fn loads<T: DeserializeOwned>(
    signed: &str,
    ring: &KeyRing,
    salt: &str,
    now: Timestamp,
    max_age: Option<SignedDuration>,
) -> Result<T, Error> {
    TimestampSigner::new(ring, salt).unsign_object(signed, now, max_age)
}

fn encode<T: Serialize + ?Sized>(value: &T, compress: bool) -> Result<String, Error> {
    let data = python_json::to_vec(value).map_err(|error| Error::Unserializable {
        reason: error.to_string(),
    })?;
    // What would not be unpacked again stays as it is.
    if compress && data.len() <= INFLATE_LIMIT {
        let mut small = Vec::new();
        let written = ZlibEncoder::new(&data[..], Compression::best()).read_to_end(&mut small);
        if written.is_ok() && small.len() + 1 < data.len() {
            let mut text = encoding::base64_encode(small);
            text.insert(0, '.');
            return Ok(text);
        }
    }
    Ok(encoding::base64_encode(data))
}

fn decode<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    let (compressed, text) = match text.strip_prefix('.') {
        Some(text) => (true, text),
        None => (false, text),
    };
    let mut data =
        encoding::base64_decode(text).ok_or_else(|| Error::malformed("base64 of an object"))?;
    if compressed {
        // At once into one vector: a reader with its window would cost more than the rest of a session's load.
        data = decompress_to_vec_zlib_with_limit(&data, INFLATE_LIMIT)
            .map_err(|_| Error::malformed("an object compressed with zlib"))?;
    }
    // Python reads the bytes as Latin-1. What we and Django write is ASCII, where that is the same.
    serde_json::from_slice(&data).map_err(|_| Error::malformed("JSON of the expected shape"))
}
