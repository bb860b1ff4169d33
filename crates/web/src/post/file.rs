//! Uploaded files: in memory while they are small, in a temporary file when they are not.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, stream};
use nuages_crypto::random_string;
use tokio::fs;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::file_name::sanitize;
use super::limits::Limits;
use crate::accept::HeaderParams;
use crate::error::Result;

/// How much of a file is in memory at a time.
const CHUNK: usize = 64 * 1024;

/// A file that came with a form; cheap to clone.
///
/// Its temporary file, if it has one, is removed with the last clone.
///
/// # Security
/// Name and content type are what the client says. The name holds no folders; it is no proof of what
/// the file is, and neither is the content type.
///
/// # Django
/// `UploadedFile`.
#[derive(Clone)]
pub struct UploadedFile(Arc<Parts>);

struct Parts {
    name: String,
    content_type: HeaderParams,
    size: u64,
    content: Content,
}

enum Content {
    Memory(Bytes),
    Disk(TempFile),
}

impl UploadedFile {
    /// A file whose bytes are at hand, for tests and for files that the site makes itself.
    ///
    /// # Django
    /// `SimpleUploadedFile`, `ContentFile`.
    pub fn of_bytes(name: &str, content_type: &str, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self(Arc::new(Parts {
            name: sanitize(name).unwrap_or_default(),
            content_type: HeaderParams::parse(content_type).unwrap_or_default(),
            size: bytes.len() as u64,
            content: Content::Memory(bytes),
        }))
    }

    /// The name that the client gave, without folders.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// How many bytes it has.
    pub fn size(&self) -> u64 {
        self.0.size
    }

    /// The content type that the client gave; empty when it gave none.
    pub fn content_type(&self) -> &str {
        self.0.content_type.value.trim()
    }

    /// The parameters of the content type.
    pub fn content_type_params(&self) -> impl Iterator<Item = (&str, &str)> {
        let params = self.0.content_type.params.iter();
        params.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The bytes, when they are in memory.
    pub fn bytes(&self) -> Option<&Bytes> {
        match &self.0.content {
            Content::Memory(bytes) => Some(bytes),
            Content::Disk(_) => None,
        }
    }

    /// The temporary file, when the bytes are there.
    pub fn temporary_path(&self) -> Option<&Path> {
        match &self.0.content {
            Content::Memory(_) => None,
            Content::Disk(file) => Some(&file.0),
        }
    }

    /// The bytes in pieces of at most 64 KiB: what an object store is sent.
    ///
    /// # Django
    /// `UploadedFile.chunks`.
    pub fn chunks(&self) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
        let state = (self.clone(), 0_usize, None::<fs::File>);
        stream::try_unfold(state, |(file, at, mut open)| async move {
            let piece = match &file.0.content {
                Content::Memory(bytes) => {
                    bytes.slice(at..at.saturating_add(CHUNK).min(bytes.len()))
                }
                Content::Disk(temp) => {
                    let source = match &mut open {
                        Some(source) => source,
                        None => open.insert(fs::File::open(&temp.0).await?),
                    };
                    let mut piece = BytesMut::with_capacity(CHUNK);
                    source.take(CHUNK as u64).read_buf(&mut piece).await?;
                    piece.freeze()
                }
            };
            let next = at + piece.len();
            Ok((!piece.is_empty()).then_some((piece, (file, next, open))))
        })
    }

    /// The first bytes, at most so many.
    ///
    /// # Errors
    /// When the temporary file cannot be read.
    pub async fn head(&self, count: usize) -> io::Result<Bytes> {
        match &self.0.content {
            Content::Memory(bytes) => Ok(bytes.slice(..count.min(bytes.len()))),
            Content::Disk(temp) => {
                // With room for all of it, there are no more reads than the file system asks for.
                let size = usize::try_from(self.0.size).unwrap_or(usize::MAX);
                let mut head = Vec::with_capacity(count.min(size));
                let source = fs::File::open(&temp.0).await?;
                source.take(count as u64).read_to_end(&mut head).await?;
                Ok(head.into())
            }
        }
    }

    /// All the bytes.
    ///
    /// # Errors
    /// When the temporary file cannot be read.
    pub async fn read(&self) -> io::Result<Bytes> {
        match &self.0.content {
            Content::Memory(bytes) => Ok(bytes.clone()),
            Content::Disk(file) => fs::read(&file.0).await.map(Bytes::from),
        }
    }

    /// Writes the bytes to a new file, which must not be there yet.
    ///
    /// # Errors
    /// When there is such a file already, or it cannot be written.
    pub async fn save_to(&self, path: impl AsRef<Path>) -> io::Result<()> {
        let mut options = fs::OpenOptions::new();
        let mut target = options.write(true).create_new(true).open(path).await?;
        match &self.0.content {
            Content::Memory(bytes) => target.write_all(bytes).await?,
            Content::Disk(file) => {
                let mut source = fs::File::open(&file.0).await?;
                tokio::io::copy(&mut source, &mut target).await?;
            }
        }
        target.flush().await
    }
}

impl fmt::Debug for UploadedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadedFile")
            .field("name", &self.0.name)
            .field("size", &self.0.size)
            .finish_non_exhaustive()
    }
}

/// Removed when it is dropped.
struct TempFile(PathBuf);

impl TempFile {
    async fn create(limits: &Limits) -> io::Result<(Self, fs::File)> {
        let folder = limits.temp_dir.clone().unwrap_or_else(std::env::temp_dir);
        let path = folder.join(format!("nuages-{}.upload", random_string(22)));
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        // Only for us, and never a file or link that somebody put there before.
        #[cfg(unix)]
        options.mode(0o600);
        let file = options.open(&path).await?;
        Ok((Self(path), file))
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.0)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(target: "nuages.request", %error, "a temporary upload was not removed");
        }
    }
}

/// A file on its way in.
pub(super) struct FileWriter {
    name: String,
    content_type: HeaderParams,
    size: u64,
    memory: Vec<u8>,
    disk: Option<(TempFile, fs::File)>,
    limits: Limits,
}

impl FileWriter {
    pub(super) fn new(name: String, content_type: HeaderParams, limits: &Limits) -> Self {
        Self {
            name,
            content_type,
            size: 0,
            memory: Vec::new(),
            disk: None,
            limits: limits.clone(),
        }
    }

    pub(super) async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.size += bytes.len() as u64;
        let fits = !self.limits.is_large && self.size <= self.limits.max_file_memory as u64;
        if fits && self.disk.is_none() {
            self.memory.extend_from_slice(bytes);
            return Ok(());
        }
        let file = self.on_disk().await?;
        file.write_all(bytes).await?;
        Ok(())
    }

    async fn on_disk(&mut self) -> Result<&mut fs::File> {
        let (temp, mut file) = match self.disk.take() {
            Some(open) => open,
            None => TempFile::create(&self.limits).await?,
        };
        if !self.memory.is_empty() {
            file.write_all(&std::mem::take(&mut self.memory)).await?;
        }
        Ok(&mut self.disk.insert((temp, file)).1)
    }

    pub(super) async fn finish(mut self) -> Result<UploadedFile> {
        if self.limits.is_large {
            self.on_disk().await?;
        }
        let content = match self.disk {
            Some((temp, mut file)) => {
                file.flush().await?;
                Content::Disk(temp)
            }
            None => Content::Memory(Bytes::from(self.memory)),
        };
        Ok(UploadedFile(Arc::new(Parts {
            name: self.name,
            content_type: self.content_type,
            size: self.size,
            content,
        })))
    }
}
