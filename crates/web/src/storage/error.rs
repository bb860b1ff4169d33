//! Why a file could not be kept or found.

use std::io;

use crate::error::ErrorKind;

/// Why a file could not be kept or found.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StorageError {
    /// The name leads elsewhere, or is none.
    ///
    /// # Django
    /// `SuspiciousFileOperation`.
    #[error("{0}")]
    Suspicious(String),
    /// There is no such file.
    #[error("there is no file of this name")]
    NotFound,
    /// There is such a file already.
    #[error("there is a file of this name already")]
    AlreadyExists,
    /// The storage has no URLs.
    #[error("this file is not accessible via a URL")]
    NoUrl,
    /// The place failed.
    #[error(transparent)]
    Io(io::Error),
}

impl From<io::Error> for StorageError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotFound,
            io::ErrorKind::AlreadyExists => Self::AlreadyExists,
            _ => Self::Io(error),
        }
    }
}

impl StorageError {
    /// What a view answers that fails with this: a suspicious name is the visitor's, what is not there is a 404.
    pub(crate) fn kind(&self) -> ErrorKind {
        match self {
            Self::Suspicious(_) => ErrorKind::BadRequest,
            Self::NotFound => ErrorKind::NotFound,
            Self::AlreadyExists | Self::NoUrl | Self::Io(_) => ErrorKind::Server,
        }
    }
}
