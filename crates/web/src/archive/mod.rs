//! Archives of strangers, unpacked into a folder and nowhere else (feature `archives`).
//!
//! An archive is refused as a whole: what it would unpack to lies in a folder of its own until the last
//! member has been read, and only then takes its place.
//!
//! ```
//! use nuages_web::{UnpackLimits, UploadedFile, unpack};
//!
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! // The smallest archive there is: a zip of nothing.
//! let empty = [&b"PK\x05\x06"[..], &[0; 18]].concat();
//! let upload = UploadedFile::of_bytes("theme.zip", "application/zip", empty);
//! let folder = std::env::temp_dir().join(format!("theme-{}", std::process::id()));
//! let unpacked = unpack(&upload, &folder, &UnpackLimits::default()).await?;
//! assert_eq!((unpacked.files, unpacked.bytes), (0, 0));
//! # std::fs::remove_dir(&folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Security
//! Refused are names that lead elsewhere (`..`, absolute, drives, another folder of the same beginning),
//! links, devices, names that come twice, headers that two programs would read differently, and whatever
//! is more than [`UnpackLimits`] allow: the file is not read beyond them. No member brings rights of its
//! own besides the one to be executed.
//!
//! # Django
//! `django.utils.archive.extract`.

mod error;
mod limits;
mod member;
mod tar;
mod target;
mod zip;

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use flate2::read::MultiGzDecoder;

pub use error::ArchiveError;
pub use limits::UnpackLimits;

use self::target::Target;
use crate::post::UploadedFile;

type Result<T> = std::result::Result<T, ArchiveError>;

/// What an archive unpacked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unpacked {
    /// How many files there are.
    pub files: u64,
    /// How many bytes they have together.
    pub bytes: u64,
}

/// Unpacks an upload (zip, tar, tar.gz; known by its bytes, whatever its name) into a new folder.
///
/// The folder that `into` lies in must be there; `into` itself must not, unless it is empty.
///
/// # Errors
/// When the archive is refused or the disk fails: then nothing is left of it. The message is for the log;
/// a view that fails with it is a 400 where the archive is to blame.
///
/// # Django
/// `extract(path, to_path)`, which adds to a folder that is there and reads bzip2, xz and LZMA as well.
pub async fn unpack(
    archive: &UploadedFile,
    into: impl AsRef<Path>,
    limits: &UnpackLimits,
) -> Result<Unpacked> {
    // The upload is kept, and with it its temporary file, until the work is done.
    let upload = archive.clone();
    on_disk(into.as_ref(), limits, move || {
        match upload.temporary_path() {
            Some(path) => Source::open(path).map(|source| (source, Some(upload))),
            None => Ok((Source::of_bytes(upload.bytes().cloned()), None)),
        }
    })
    .await
}

/// As [`unpack`], for an archive of the disk.
///
/// # Errors
/// As [`unpack`].
pub async fn unpack_file(
    archive: impl Into<PathBuf>,
    into: impl AsRef<Path>,
    limits: &UnpackLimits,
) -> Result<Unpacked> {
    let path = archive.into();
    on_disk(into.as_ref(), limits, move || {
        Source::open(&path).map(|source| (source, None))
    })
    .await
}

/// Unpacks on a thread that may wait for the disk.
async fn on_disk(
    into: &Path,
    limits: &UnpackLimits,
    open: impl FnOnce() -> io::Result<(Source, Option<UploadedFile>)> + Send + 'static,
) -> Result<Unpacked> {
    let (into, limits) = (into.to_owned(), limits.clone());
    let work = move || {
        let (source, _kept) = open()?;
        unpack_now(source, &into, &limits)
    };
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(io::Error::other)?
}

fn unpack_now(mut source: Source, into: &Path, limits: &UnpackLimits) -> Result<Unpacked> {
    let size = source.seek(SeekFrom::End(0))?;
    source.rewind()?;
    let mut head = [0; 4];
    let known = read_up_to(&mut source, &mut head)?;
    source.rewind()?;
    let mut target = Target::new(into, limits, size)?;
    match &head[..known] {
        [b'P', b'K', 3 | 5, ..] => zip::unpack(source, size, &mut target)?,
        [0x1f, 0x8b, ..] => {
            let inflated = MultiGzDecoder::new(BufReader::new(source));
            tar::unpack(inflated, &mut target)?;
        }
        _ => tar::unpack(BufReader::new(source), &mut target)?,
    }
    target.finish()
}

/// Where the bytes of an archive come from.
enum Source {
    Memory(Cursor<Bytes>),
    Disk(File),
}

impl Source {
    fn open(path: &Path) -> io::Result<Self> {
        File::open(path).map(Self::Disk)
    }

    fn of_bytes(bytes: Option<Bytes>) -> Self {
        Self::Memory(Cursor::new(bytes.unwrap_or_default()))
    }
}

impl Read for Source {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Memory(bytes) => bytes.read(into),
            Self::Disk(file) => file.read(into),
        }
    }
}

impl Seek for Source {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::Memory(bytes) => bytes.seek(to),
            Self::Disk(file) => file.seek(to),
        }
    }
}

/// Fills the buffer as far as there are bytes.
fn read_up_to(source: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    let mut at = 0;
    while at < into.len() {
        match source.read(&mut into[at..]) {
            Ok(0) => break,
            Ok(count) => at += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(at)
}
