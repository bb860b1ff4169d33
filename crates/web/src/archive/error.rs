//! Why an archive was not unpacked.

use std::io;

use crate::error::ErrorKind;

/// Why an archive was not unpacked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// A member's name leads out of the folder, or is none.
    ///
    /// # Django
    /// `SuspiciousOperation`.
    #[error("Archive contains invalid path: '{}'", .0.escape_debug())]
    Path(String),
    /// A member is a link, whose target may be anywhere.
    #[error("the archive holds a link: '{}'", .0.escape_debug())]
    Link(String),
    /// A member is neither a file nor a folder.
    #[error("the archive holds what is no file and no folder: '{}'", .0.escape_debug())]
    Special(String),
    /// Two members have one name, or a file has the name of a folder.
    #[error("the archive holds '{}' twice", .0.escape_debug())]
    Duplicate(String),
    /// There are more members than allowed, folders counted.
    #[error("the archive has too many members")]
    TooMany,
    /// It unpacks to more bytes than allowed.
    #[error("the archive unpacks to too many bytes")]
    TooLarge,
    /// It is no archive, or a broken one.
    #[error("the archive is broken: {0}")]
    Malformed(&'static str),
    /// It uses something that is not read here.
    #[error("the archive cannot be read: {0}")]
    Unsupported(&'static str),
    /// There is something already where it should be unpacked.
    #[error("there is something already where the archive should be unpacked")]
    Exists,
    /// The disk failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl ArchiveError {
    /// What a view answers that fails with this.
    pub(crate) fn kind(&self) -> ErrorKind {
        match self {
            Self::Exists | Self::Io(_) => ErrorKind::Server,
            _ => ErrorKind::BadRequest,
        }
    }
}
