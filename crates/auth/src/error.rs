//! What can go wrong with users.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use crate::Throttled;
use crate::passwords::Overloaded;

/// Something about users could not be done.
pub struct Error(Box<Repr>);

#[derive(Debug, thiserror::Error)]
enum Repr {
    #[error(transparent)]
    Overloaded(#[from] Overloaded),
    #[error(transparent)]
    Throttled(#[from] Throttled),
    #[error("the user lacks the permission {0}")]
    PermissionDenied(String),
    #[error("the user was never saved")]
    UnsavedUser,
    #[error("The given username must be set")]
    EmptyUsername,
    #[error("A user with that username already exists.")]
    UsernameTaken,
    #[error(transparent)]
    Model(#[from] nuages_orm::Error),
    #[error(transparent)]
    Database(#[from] nuages_db::Error),
    #[error(transparent)]
    Session(#[from] nuages_sessions::Error),
}

/// The kind of an [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Too many passwords are waiting to be hashed: you meet it when logins flood in. Answered with 503 and `Retry-After`.
    Overloaded,
    /// Too many logins have failed. Answered with 429 and `Retry-After`.
    Throttled,
    /// The user lacks a permission. Answered with 403.
    PermissionDenied,
    /// A user without a name was to be made.
    EmptyUsername,
    /// The name belongs to another user.
    UsernameTaken,
    /// The database or the session failed.
    Storage,
}

impl Error {
    #[cold]
    pub(crate) fn permission_denied(permission: &str) -> Self {
        Repr::PermissionDenied(permission.to_owned()).into()
    }

    #[cold]
    pub(crate) fn unsaved_user() -> Self {
        Repr::UnsavedUser.into()
    }

    #[cold]
    pub(crate) fn empty_username() -> Self {
        Repr::EmptyUsername.into()
    }

    /// What kind of error it is.
    pub fn kind(&self) -> ErrorKind {
        match &*self.0 {
            Repr::Overloaded(_) => ErrorKind::Overloaded,
            Repr::Throttled(_) => ErrorKind::Throttled,
            Repr::PermissionDenied(_) => ErrorKind::PermissionDenied,
            Repr::EmptyUsername => ErrorKind::EmptyUsername,
            Repr::UsernameTaken => ErrorKind::UsernameTaken,
            Repr::UnsavedUser | Repr::Model(_) | Repr::Database(_) | Repr::Session(_) => {
                ErrorKind::Storage
            }
        }
    }

    /// True when the user lacks a permission.
    pub fn is_permission_denied(&self) -> bool {
        self.kind() == ErrorKind::PermissionDenied
    }

    /// True when the name belongs to another user.
    pub fn is_username_taken(&self) -> bool {
        self.kind() == ErrorKind::UsernameTaken
    }

    /// True when too many logins have failed.
    pub fn is_throttled(&self) -> bool {
        self.kind() == ErrorKind::Throttled
    }

    /// When to try again, if too many passwords are waiting to be hashed, or too many logins have failed.
    pub fn retry_after(&self) -> Option<Duration> {
        match &*self.0 {
            Repr::Overloaded(overloaded) => Some(overloaded.retry_after),
            Repr::Throttled(throttled) => Some(throttled.retry_after),
            _ => None,
        }
    }

    /// True when the session was deleted while the request was under way.
    pub fn is_session_interrupted(&self) -> bool {
        matches!(&*self.0, Repr::Session(error) if error.is_interrupted())
    }

    /// Tells a taken username from other errors of the database.
    pub(crate) fn saving_user(error: nuages_orm::Error) -> Self {
        if error.is_unique_violation() {
            Repr::UsernameTaken.into()
        } else {
            error.into()
        }
    }
}

impl From<Repr> for Error {
    fn from(repr: Repr) -> Self {
        Self(Box::new(repr))
    }
}

macro_rules! from {
    ($($error:ty),* $(,)?) => {$(
        impl From<$error> for Error {
            fn from(error: $error) -> Self {
                Repr::from(error).into()
            }
        }
    )*};
}

from!(
    Overloaded,
    Throttled,
    nuages_orm::Error,
    nuages_db::Error,
    nuages_sessions::Error,
);

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

impl Error {
    /// The error behind this one.
    pub fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()
    }
}

/// In a view `?` turns it into the right answer: 403, 429 or 503 with `Retry-After`, or 500.
///
/// To make that possible this error is itself no `std::error::Error`; it becomes a boxed one with `?`.
impl From<Error> for nuages_web::Error {
    fn from(error: Error) -> Self {
        let kind = match error.kind() {
            ErrorKind::PermissionDenied => nuages_web::ErrorKind::PermissionDenied,
            ErrorKind::Overloaded => nuages_web::ErrorKind::Unavailable,
            ErrorKind::Throttled => nuages_web::ErrorKind::TooManyRequests,
            _ if error.is_session_interrupted() => nuages_web::ErrorKind::BadRequest,
            _ => nuages_web::ErrorKind::Server,
        };
        let wait = error.retry_after();
        let answer = Self::new(kind, error.to_string()).with_source(error);
        match wait {
            Some(wait) => answer.with_retry_after(wait),
            None => answer,
        }
    }
}

impl From<Error> for Box<dyn StdError + Send + Sync> {
    fn from(error: Error) -> Self {
        error.0
    }
}
