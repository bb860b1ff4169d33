//! What can go wrong with a session.

use std::error::Error as StdError;
use std::fmt;

/// A session could not be read or written.
///
/// # Django
/// `UpdateError`, `SessionInterrupted` and the errors of the store behind.
pub struct Error(Box<Repr>);

#[derive(Debug, thiserror::Error)]
enum Repr {
    #[error(
        "The request's session was deleted before the request completed. The user may have logged out in a concurrent request, for example."
    )]
    Interrupted,
    #[error("the session store failed")]
    Store(#[source] Box<dyn StdError + Send + Sync>),
    #[error("the session's value {name:?} is not of the expected type")]
    Value {
        name: String,
        #[source]
        source: serde_json::Error,
    },
    #[error("the session could not be written: {0}")]
    Encode(#[source] Box<dyn StdError + Send + Sync>),
}

/// The kind of an [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The session was deleted while the request was under way: you meet it when a user logs out in another tab. Answered with 400.
    Interrupted,
    /// The store behind (the database, mostly) failed.
    Store,
    /// A value has another type than the code asks for: you meet it after changing the type under an old name.
    Value,
    /// A value cannot be written as JSON, such as a map whose keys are no strings.
    Encode,
}

impl Error {
    /// An error of a session store.
    #[cold]
    pub fn store(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self(Box::new(Repr::Store(source.into())))
    }

    #[cold]
    pub(crate) fn interrupted() -> Self {
        Self(Box::new(Repr::Interrupted))
    }

    #[cold]
    pub(crate) fn value(name: &str, source: serde_json::Error) -> Self {
        Self(Box::new(Repr::Value {
            name: name.to_owned(),
            source,
        }))
    }

    #[cold]
    pub(crate) fn encode(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self(Box::new(Repr::Encode(source.into())))
    }

    /// What kind of error it is.
    pub fn kind(&self) -> ErrorKind {
        match *self.0 {
            Repr::Interrupted => ErrorKind::Interrupted,
            Repr::Store(_) => ErrorKind::Store,
            Repr::Value { .. } => ErrorKind::Value,
            Repr::Encode(_) => ErrorKind::Encode,
        }
    }

    /// True when the session was deleted while the request was under way.
    pub fn is_interrupted(&self) -> bool {
        self.kind() == ErrorKind::Interrupted
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
