//! What can go wrong with a mail.

use std::io;

/// A mail could not be made, queued or sent. It never says an address.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A header, an address or a file name has a line break or another control character in it, or a header has no name that a header may have.
    ///
    /// # Django
    /// `BadHeaderError`.
    #[error(
        "the header `{0}` contains newlines, other control characters, or is not a mail's to set"
    )]
    BadHeader(String),
    /// An address is none, or more than one.
    #[error("the header `{0}` has something in it that is not one e-mail address")]
    BadAddress(String),
    /// As many mails are waiting as `email_queue` allows.
    #[error("too many mails are waiting to be sent")]
    QueueFull,
    /// No backend is set, so that mails go nowhere.
    #[error("this site sends no mails: set `email_backend`")]
    NotConfigured,
    /// The settings do not fit together, or this build has no such backend.
    #[error("{0}")]
    Settings(String),
    /// The mail server cannot be reached, or refuses.
    #[error("{0}")]
    Transport(String),
    /// A file cannot be written, or no thread can be started.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Error {
    /// True when the message itself is at fault, and will be refused every time.
    pub fn is_bad_message(&self) -> bool {
        matches!(self, Self::BadHeader(_) | Self::BadAddress(_))
    }
}
