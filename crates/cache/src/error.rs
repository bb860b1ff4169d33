//! What can go wrong with a cache.

use std::error::Error as StdError;
use std::fmt;

/// The result of a cache's methods.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A cache could not do what it was asked.
///
/// That a key is not there is no error but for [`Cache::increase`](crate::Cache::increase).
pub struct Error(Box<Repr>);

#[derive(Debug, thiserror::Error)]
enum Repr {
    #[error("the cache failed: {0}")]
    Backend(#[source] Box<dyn StdError + Send + Sync>),
    #[error("Key '{0}' not found")]
    NotFound(String),
    #[error("the value under the cache key {key:?} is not of the expected type: {message}")]
    Type { key: String, message: String },
    #[error("the value cannot be kept in a cache: {0}")]
    Encode(String),
    #[error("these bytes are no value that may be read from a cache: {0}")]
    Decode(&'static str),
    #[error("{0}")]
    Unsupported(String),
    #[error("{message}\n\tHINT: {hint}")]
    Settings { message: String, hint: String },
}

/// The kind of an [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// What keeps the values (a server, a disk, a database) cannot be reached or refuses: you meet it while a Redis server restarts.
    Backend,
    /// A number was to be increased under a key that is not there.
    NotFound,
    /// The value has another type than the code asks for.
    Type,
    /// A value cannot be written, such as one nested too deeply.
    Encode,
    /// Somebody else's bytes: damaged, or a pickle that would run code.
    Decode,
    /// This kind of cache cannot do it, such as listing the keys of a folder of hashes.
    Unsupported,
    /// A setting is wrong: you meet it at the start.
    Settings,
}

impl Error {
    /// What keeps the values cannot be reached, or refuses.
    #[cold]
    pub fn backend(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self(Box::new(Repr::Backend(source.into())))
    }

    #[cold]
    pub(crate) fn not_found(key: &str) -> Self {
        Self(Box::new(Repr::NotFound(key.to_owned())))
    }

    #[cold]
    pub(crate) fn of_type(key: &str, message: impl fmt::Display) -> Self {
        Self(Box::new(Repr::Type {
            key: key.to_owned(),
            message: message.to_string(),
        }))
    }

    #[cold]
    pub(crate) fn encode(message: impl fmt::Display) -> Self {
        Self(Box::new(Repr::Encode(message.to_string())))
    }

    #[cold]
    pub(crate) fn decode(reason: &'static str) -> Self {
        Self(Box::new(Repr::Decode(reason)))
    }

    /// This kind of cache cannot do it.
    #[cold]
    pub fn unsupported(message: impl Into<String>) -> Self {
        Self(Box::new(Repr::Unsupported(message.into())))
    }

    #[cold]
    pub(crate) fn settings(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self(Box::new(Repr::Settings {
            message: message.into(),
            hint: hint.into(),
        }))
    }

    /// What kind of error it is.
    pub fn kind(&self) -> ErrorKind {
        match *self.0 {
            Repr::Backend(_) => ErrorKind::Backend,
            Repr::NotFound(_) => ErrorKind::NotFound,
            Repr::Type { .. } => ErrorKind::Type,
            Repr::Encode(_) => ErrorKind::Encode,
            Repr::Decode(_) => ErrorKind::Decode,
            Repr::Unsupported(_) => ErrorKind::Unsupported,
            Repr::Settings { .. } => ErrorKind::Settings,
        }
    }

    /// True when a number was to be increased that is not there.
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }

    /// True when what keeps the values cannot be reached, or refuses.
    pub fn is_backend(&self) -> bool {
        self.kind() == ErrorKind::Backend
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()
    }
}

impl From<nuages_db::Error> for Error {
    fn from(error: nuages_db::Error) -> Self {
        Self::backend(error)
    }
}
