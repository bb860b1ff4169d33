//! Why a file could not be kept or found.

use std::io;

use crate::error::{Error, ErrorKind};

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

/// A suspicious name is the visitor's (400); what is not there is a 404.
impl From<StorageError> for Error {
    fn from(error: StorageError) -> Self {
        let kind = match error {
            StorageError::Suspicious(_) => ErrorKind::BadRequest,
            StorageError::NotFound => ErrorKind::NotFound,
            StorageError::AlreadyExists | StorageError::NoUrl | StorageError::Io(_) => {
                ErrorKind::Server
            }
        };
        Self::new(kind, error.to_string()).with_source(error)
    }
}
