//! Signing, salted HMAC, constant-time comparison, random tokens and secrets.
//!
//! Everything here is pure and synchronous, and byte-compatible with Django, so that a value signed
//! by a Django site of the same secret key is valid here and the other way round.
//!
//! ```
//! use jiff::Timestamp;
//! use nuages_crypto::{KeyRing, signing};
//!
//! let keys = KeyRing::new("a long and random secret key, kept out of the repository");
//! let now = Timestamp::from_second(1_780_000_000)?;
//! let token = signing::dumps(&"hello", &keys, signing::DEFAULT_SALT, now)?;
//! let value: String = signing::loads(&token, &keys, signing::DEFAULT_SALT, now, None)?;
//! assert_eq!(value, "hello");
//! // The smallest change is noticed, and so is another key.
//! assert!(signing::loads::<String>(&token[1..], &keys, signing::DEFAULT_SALT, now, None).is_err());
//! let other = KeyRing::new("another key");
//! assert!(signing::loads::<String>(&token, &other, signing::DEFAULT_SALT, now, None).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - [`Secret`]: a value that cannot be printed by accident.
//! - [`KeyRing`]: the secret key and the former ones that are still accepted.
//! - [`signing`]: signed values, objects and cookies.
//! - [`salted_hmac`], [`constant_time_compare`]: what signing is made of.
//! - [`random_string`], [`random_bytes`]: randomness of the operating system.
//! - [`encoding`]: URL-safe base64, base 62 and hexadecimal.
//! - [`python_json`]: JSON as Python prints it, since signatures are made over those bytes.
//!
//! # Django
//! `django.utils.crypto` and `django.core.signing`. MD5 and BLAKE2 are not offered as algorithms.
//!
//! Internal crate of `nuages`: versions move in lockstep, and only the facade promises stability.
#![forbid(unsafe_code)]

mod compare;
pub mod encoding;
mod keyring;
mod mac;
pub mod python_json;
mod random;
mod secret;
pub mod signing;

pub use compare::constant_time_compare;
pub use keyring::KeyRing;
pub use mac::{Algorithm, Mac, salted_hmac};
pub use random::{RANDOM_STRING_CHARS, random_bytes, random_string, random_string_from};
pub use secret::Secret;
