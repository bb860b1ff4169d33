//! What views hold: a place for files, with every name validated.

use std::fmt;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::error::StorageError;
use super::name::{Pattern, generate, validate};
use super::place::{Storage, StoredFile};
use crate::error::Error;
use crate::post::UploadedFile;
use crate::site_context::SiteContext;

type Result<T> = std::result::Result<T, StorageError>;

/// So many names are tried before something must be wrong with the place.
const MAX_TRIES: usize = 100;

/// A place for files, with every name validated on the way there and back; cheap to clone.
///
/// An extractor of the site's default storage: a folder `media_root`, unless the site was given another.
///
/// # Django
/// `default_storage`, and the part of `Storage` that subclasses leave alone.
#[derive(Clone)]
pub struct Files(Arc<dyn Storage>);

impl Files {
    /// Files in this place.
    pub fn new(storage: impl Storage) -> Self {
        Self(Arc::new(storage))
    }

    /// A name to save under, from folders and a file name that may be anything.
    ///
    /// # Errors
    /// When the folders lead elsewhere, or nothing is left of the name.
    pub fn generate_filename(&self, name: &str) -> Result<String> {
        generate(name, |file| self.0.valid_name(file))
    }

    /// A name that is free: this one, or one like it of at most `max_length` characters.
    ///
    /// # Errors
    /// When the name leads elsewhere, there is no room for another, or the place fails.
    ///
    /// # Django
    /// `get_available_name`.
    pub async fn available_name(&self, name: &str, max_length: Option<usize>) -> Result<String> {
        let mut pattern = Pattern::of(name)?;
        let plain = pattern.plain();
        let fits = max_length.is_none_or(|max| plain.chars().count() <= max);
        if fits && !self.0.exists(&plain).await? {
            return Ok(plain);
        }
        for _ in 0..MAX_TRIES {
            let name = self.another(&mut pattern, max_length)?;
            validate(&name)?;
            if !self.0.exists(&name).await? {
                return Ok(name);
            }
        }
        Err(StorageError::AlreadyExists)
    }

    fn another(&self, pattern: &mut Pattern, max_length: Option<usize>) -> Result<String> {
        pattern.alternative(max_length, |root, endings| {
            self.0.alternative_name(root, endings)
        })
    }

    /// Keeps a file under this name, or one like it when it is taken; returns the name that it has.
    ///
    /// # Errors
    /// [`StorageError::Suspicious`] when the name leads elsewhere, whoever made it.
    pub async fn save(&self, name: &str, file: &UploadedFile) -> Result<String> {
        self.save_within(name, file, None).await
    }

    /// The same with a name of at most so many characters, as the column holds that remembers it.
    ///
    /// # Errors
    /// As [`Files::save`], and when there is no room for a name.
    ///
    /// # Django
    /// `save(name, content, max_length=…)`.
    pub async fn save_within(
        &self,
        name: &str,
        file: &UploadedFile,
        max_length: Option<usize>,
    ) -> Result<String> {
        validate(name)?;
        let mut pattern = Pattern::of(name)?;
        let mut wanted = pattern.plain();
        if max_length.is_some_and(|max| wanted.chars().count() > max) {
            wanted = self.another(&mut pattern, max_length)?;
        }
        for _ in 0..MAX_TRIES {
            validate(&wanted)?;
            // Whether it is free, the place finds out as it makes the file: nobody can come between.
            match self.0.write(&wanted, file).await {
                Err(StorageError::AlreadyExists) => {
                    wanted = self.another(&mut pattern, max_length)?;
                }
                Ok(name) => {
                    validate(&name)?;
                    return Ok(name);
                }
                Err(error) => return Err(error),
            }
        }
        Err(StorageError::AlreadyExists)
    }

    /// Opens a file.
    ///
    /// # Errors
    /// When the name leads elsewhere, or there is no such file.
    pub async fn open(&self, name: &str) -> Result<StoredFile> {
        validate(name)?;
        self.0.open(name).await
    }

    /// Deletes a file; one that is not there is deleted already.
    ///
    /// # Errors
    /// When the name leads elsewhere, or the place fails.
    pub async fn delete(&self, name: &str) -> Result<()> {
        validate(name)?;
        self.0.delete(name).await
    }

    /// Whether there is such a file.
    ///
    /// # Errors
    /// When the name leads elsewhere, or the place fails.
    pub async fn exists(&self, name: &str) -> Result<bool> {
        validate(name)?;
        self.0.exists(name).await
    }

    /// Where visitors find the file.
    ///
    /// # Errors
    /// When the name leads elsewhere, or the place has no URLs.
    pub fn url(&self, name: &str) -> Result<String> {
        validate(name)?;
        self.0.url(name).ok_or(StorageError::NoUrl)
    }
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Files").finish_non_exhaustive()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Files {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> std::result::Result<Self, Error> {
        let site = SiteContext::of(&parts.extensions);
        site.and_then(|site| site.files.clone()).ok_or_else(|| {
            Error::server("The site has no storage for files.")
                .with_hint("Give it one with `SiteContext::with_files`.")
        })
    }
}
