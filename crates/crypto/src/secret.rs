//! A value that cannot be printed by accident.

use std::fmt;

use serde::{Deserialize, Deserializer};

use crate::constant_time_compare;

/// Holds a key, a password or a token so that it does not end up in a log.
///
/// It has no `Display`, its `Debug` says nothing, and it has no `==`: use [`ct_eq`](Self::ct_eq).
///
/// ```
/// use nuages_crypto::Secret;
///
/// let key = Secret::new("hunter2".to_owned());
/// assert_eq!(format!("{key:?}"), "Secret(…)");
/// assert!(key.ct_eq("hunter2"));
/// assert_eq!(key.expose().len(), 7);
/// ```
#[derive(Clone, Default)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Wraps the value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself. The long name marks each place where a secret leaves its wrapping.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: AsRef<[u8]>> Secret<T> {
    /// Compares without telling by the time where the difference is.
    pub fn ct_eq(&self, other: impl AsRef<[u8]>) -> bool {
        constant_time_compare(&self.0, other)
    }
}

impl<T> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl From<&str> for Secret<String> {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Secret<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self)
    }
}
