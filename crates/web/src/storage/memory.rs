//! Files in memory, for tests.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, ready};

use super::error::StorageError;
use super::file_system::url_of;
use super::place::{Storage, StoredFile};
use crate::post::UploadedFile;

type Result<T> = std::result::Result<T, StorageError>;

/// Files in memory, gone with the program.
///
/// # Django
/// `InMemoryStorage`.
#[derive(Debug, Default)]
pub struct MemoryStorage {
    files: Mutex<HashMap<String, Bytes>>,
    base_url: String,
}

impl MemoryStorage {
    /// A storage without files, whose URLs begin with `base_url`.
    pub fn new(base_url: impl Into<String>) -> Self {
        Self {
            files: Mutex::default(),
            base_url: base_url.into(),
        }
    }

    fn files(&self) -> MutexGuard<'_, HashMap<String, Bytes>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Storage for MemoryStorage {
    fn write<'a>(&'a self, name: &'a str, file: &'a UploadedFile) -> BoxFuture<'a, Result<String>> {
        async move {
            if self.files().contains_key(name) {
                return Err(StorageError::AlreadyExists);
            }
            let bytes = file.read().await?;
            let mut files = self.files();
            if files.contains_key(name) {
                return Err(StorageError::AlreadyExists);
            }
            files.insert(name.to_owned(), bytes);
            Ok(name.to_owned())
        }
        .boxed()
    }

    fn open<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<StoredFile>> {
        let found = self.files().get(name).cloned();
        ready(
            found
                .map(StoredFile::of_bytes)
                .ok_or(StorageError::NotFound),
        )
        .boxed()
    }

    fn delete<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<()>> {
        self.files().remove(name);
        ready(Ok(())).boxed()
    }

    fn exists<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<bool>> {
        ready(Ok(self.files().contains_key(name))).boxed()
    }

    fn url(&self, name: &str) -> Option<String> {
        Some(url_of(&self.base_url, name))
    }
}
