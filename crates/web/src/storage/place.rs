//! What a place for files can do.

use std::io;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use tokio::fs::File;
use tokio::io::AsyncReadExt;

use super::error::StorageError;
use super::name::{alternative, valid_filename};
use crate::post::UploadedFile;
use crate::response::Content;

type Result<T> = std::result::Result<T, StorageError>;

/// A place where files are kept under names: a folder, an object store.
///
/// What it gets are names that [`Files`](super::Files) has validated, and what it gives back is
/// validated again.
///
/// # Django
/// A subclass of `Storage`: `write` is `_save`, `open` is `_open`.
pub trait Storage: Send + Sync + 'static {
    /// Writes a new file, wholly or not at all, and returns the name that it has.
    ///
    /// # Errors
    /// [`StorageError::AlreadyExists`] when the name is taken; another is tried then.
    fn write<'a>(&'a self, name: &'a str, file: &'a UploadedFile) -> BoxFuture<'a, Result<String>>;

    /// Opens a file.
    ///
    /// # Errors
    /// [`StorageError::NotFound`] when there is none.
    fn open<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<StoredFile>>;

    /// Deletes a file; one that is not there is deleted already.
    ///
    /// # Errors
    /// When the place fails.
    fn delete<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<()>>;

    /// Whether the name is taken.
    ///
    /// # Errors
    /// When the place fails.
    fn exists<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<bool>>;

    /// Where visitors find a file; `None` when they do not.
    fn url(&self, name: &str) -> Option<String>;

    /// The name as this place can take it.
    ///
    /// # Errors
    /// When nothing is left of it.
    ///
    /// # Django
    /// `get_valid_name`.
    fn valid_name(&self, name: &str) -> Result<String> {
        valid_filename(name)
    }

    /// A name like this one, for when it is taken.
    ///
    /// # Django
    /// `get_alternative_name`.
    fn alternative_name(&self, root: &str, endings: &str) -> String {
        alternative(root, endings)
    }
}

/// A file that was found in a storage.
#[derive(Debug)]
pub struct StoredFile {
    pub(crate) content: Content,
    pub(crate) size: u64,
    pub(crate) modified: Option<Timestamp>,
}

impl StoredFile {
    /// A file whose bytes are in memory.
    pub fn of_bytes(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self {
            size: bytes.len() as u64,
            content: Content::Memory(bytes),
            modified: None,
        }
    }

    /// A file of the disk that has been opened.
    pub fn of_file(file: File, size: u64) -> Self {
        Self {
            content: Content::Disk(file),
            size,
            modified: None,
        }
    }

    /// When it was last written.
    pub fn with_modified(mut self, modified: Option<Timestamp>) -> Self {
        self.modified = modified;
        self
    }

    /// How many bytes it has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// When it was last written, if the place knows.
    pub fn modified(&self) -> Option<Timestamp> {
        self.modified
    }

    /// All the bytes.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn read(self) -> io::Result<Bytes> {
        match self.content {
            Content::Memory(bytes) => Ok(bytes),
            Content::Disk(mut file) => {
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes).await?;
                Ok(bytes.into())
            }
        }
    }
}
