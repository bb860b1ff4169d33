//! Where an archive is unpacked: a folder of its own, which takes its place at the end.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use nuages_crypto::random_string;

use super::member::Member;
use super::{ArchiveError, Result, UnpackLimits, Unpacked};

/// How much of a member is in memory at a time.
const CHUNK: usize = 64 * 1024;

/// A folder that is filled, and gone again unless it is finished.
pub(super) struct Target {
    /// Ours alone while it is filled: nobody can put a link into it meanwhile.
    staging: PathBuf,
    /// Below it, what will be the folder.
    filled: PathBuf,
    into: PathBuf,
    strip_leading_folder: bool,
    members_left: u64,
    bytes_left: u64,
    unpacked: Unpacked,
}

impl Target {
    /// # Errors
    /// When there is something already, or the folder cannot be made.
    pub(super) fn new(into: &Path, limits: &UnpackLimits, size: u64) -> Result<Self> {
        match fs::symlink_metadata(into) {
            Ok(found) if found.is_dir() && fs::read_dir(into)?.next().is_none() => {}
            Ok(_) => return Err(ArchiveError::Exists),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
        let beside = into.parent().filter(|above| !above.as_os_str().is_empty());
        let name = format!(".nuages-unpack-{}", random_string(16));
        let staging = beside.unwrap_or(Path::new(".")).join(name);
        make_folder(&staging, 0o700)?;
        let target = Self {
            filled: staging.join("filled"),
            staging,
            into: into.to_owned(),
            strip_leading_folder: limits.strip_leading_folder,
            members_left: limits.max_members,
            bytes_left: limits.bytes_of(size),
            unpacked: Unpacked { files: 0, bytes: 0 },
        };
        make_folder(&target.filled, 0o755)?;
        Ok(target)
    }

    /// Counts one more member, or one more header of one.
    ///
    /// # Errors
    /// When there are too many.
    pub(super) fn count_member(&mut self) -> Result<()> {
        self.members_left = self
            .members_left
            .checked_sub(1)
            .ok_or(ArchiveError::TooMany)?;
        Ok(())
    }

    /// How many members there may be still.
    pub(super) fn members_left(&self) -> u64 {
        self.members_left
    }

    /// Counts bytes that were read of the archive, or will be.
    ///
    /// # Errors
    /// When there are too many.
    pub(super) fn count_bytes(&mut self, count: u64) -> Result<()> {
        self.bytes_left = self
            .bytes_left
            .checked_sub(count)
            .ok_or(ArchiveError::TooLarge)?;
        Ok(())
    }

    /// Makes the folder, with all that lead to it.
    ///
    /// # Errors
    /// When there is a file of this name, or too many folders.
    pub(super) fn folder(&mut self, path: &Path) -> Result<()> {
        let mut place = self.filled.clone();
        for part in path {
            place.push(part);
            match make_folder(&place, 0o755) {
                Ok(()) => self.count_member()?,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    if !fs::symlink_metadata(&place)?.is_dir() {
                        return Err(duplicate(path));
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Writes a file that is to have so many bytes, where nothing is yet.
    ///
    /// # Errors
    /// When the name is taken, there are fewer bytes or more, or too many for the archive.
    pub(super) fn file(
        &mut self,
        member: &Member,
        size: u64,
        mode: u32,
        content: &mut impl Read,
    ) -> Result<()> {
        if size > self.bytes_left {
            return Err(ArchiveError::TooLarge);
        }
        if let Some(folder) = member.path.parent() {
            self.folder(folder)?;
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        permit(&mut options, mode);
        let mut file = match options.open(self.filled.join(&member.path)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(duplicate(&member.path));
            }
            Err(error) => return Err(error.into()),
        };
        let mut chunk = vec![0; CHUNK];
        let mut left = size;
        loop {
            let count = match content.read(&mut chunk) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(broken(error)),
            };
            left = left
                .checked_sub(count as u64)
                .ok_or(ArchiveError::Malformed("a member is longer than it says"))?;
            self.count_bytes(count as u64)?;
            file.write_all(&chunk[..count])?;
        }
        if left > 0 {
            return Err(ArchiveError::Malformed("a member is shorter than it says"));
        }
        file.flush()?;
        self.unpacked.files += 1;
        self.unpacked.bytes += size;
        Ok(())
    }

    /// Puts the folder where it belongs.
    ///
    /// # Errors
    /// When something else has come there.
    pub(super) fn finish(self) -> Result<Unpacked> {
        let mut result = self.filled.clone();
        if self.strip_leading_folder {
            let mut entries = fs::read_dir(&self.filled)?;
            if let (Some(only), None) = (entries.next().transpose()?, entries.next())
                && only.file_type()?.is_dir()
            {
                result = only.path();
            }
        }
        if cfg!(windows) && self.into.is_dir() {
            fs::remove_dir(&self.into)?;
        }
        // An empty folder gives way; anything else does not.
        fs::rename(&result, &self.into).map_err(|error| match error.kind() {
            io::ErrorKind::DirectoryNotEmpty
            | io::ErrorKind::NotADirectory
            | io::ErrorKind::AlreadyExists => ArchiveError::Exists,
            _ => error.into(),
        })?;
        Ok(self.unpacked)
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.staging) {
            tracing::warn!(target: "nuages.request", %error, "what an archive unpacked to was not removed");
        }
    }
}

/// What the decoder says of damaged bytes is the archive's fault, and no failure of the disk.
pub(super) fn broken(error: io::Error) -> ArchiveError {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
            ArchiveError::Malformed("its compressed data are damaged")
        }
        io::ErrorKind::UnexpectedEof => ArchiveError::Malformed("it is cut off"),
        _ => error.into(),
    }
}

#[cold]
fn duplicate(path: &Path) -> ArchiveError {
    ArchiveError::Duplicate(path.display().to_string())
}

fn make_folder(path: &Path, mode: u32) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, mode);
    #[cfg(not(unix))]
    let _ = mode;
    builder.create(path)
}

/// Everybody may read it and, where its owner might, run it; the mask of the process takes away from that.
fn permit(options: &mut OpenOptions, mode: u32) {
    let mode = if mode & 0o100 == 0 { 0o644 } else { 0o755 };
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, mode);
    #[cfg(not(unix))]
    let _ = (options, mode);
}
