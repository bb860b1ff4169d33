//! Files below a folder of the disk.

use std::any::Any;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};
use std::time::UNIX_EPOCH;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::error::StorageError;
use super::place::{Storage, StoredFile};
use crate::post::UploadedFile;

type Result<T> = std::result::Result<T, StorageError>;

/// What stays as it is in the URL of a file.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'~')
    .remove(b'!')
    .remove(b'*')
    .remove(b'(')
    .remove(b')')
    .remove(b'\'')
    .remove(b'_')
    .remove(b'.')
    .remove(b'-');

/// Files below a folder of the disk.
///
/// # Security
/// A file is made where nothing was before (`O_EXCL`), and no name and no symbolic link in the folder
/// leads out of it. Half a file is never left behind when writing fails.
///
/// # Django
/// `FileSystemStorage`.
#[derive(Debug, Clone)]
pub struct FileSystemStorage {
    root: PathBuf,
    base_url: String,
    file_permissions: Option<u32>,
    directory_permissions: Option<u32>,
}

impl FileSystemStorage {
    /// Files below this folder, which is made when the first one comes.
    pub fn new(root: impl Into<PathBuf>, base_url: impl Into<String>) -> Self {
        Self {
            root: root.into(),
            base_url: base_url.into(),
            file_permissions: Some(0o644),
            directory_permissions: None,
        }
    }

    /// The permissions of new files; `None` leaves them to the system.
    ///
    /// # Django
    /// `FILE_UPLOAD_PERMISSIONS`.
    pub fn with_file_permissions(mut self, mode: Option<u32>) -> Self {
        self.file_permissions = mode;
        self
    }

    /// The permissions of new folders, of all levels; `None` leaves them to the system.
    ///
    /// # Django
    /// `FILE_UPLOAD_DIRECTORY_PERMISSIONS`.
    pub fn with_directory_permissions(mut self, mode: Option<u32>) -> Self {
        self.directory_permissions = mode;
        self
    }

    /// Where the file of a name is, or would be.
    ///
    /// # Errors
    /// When the name leads out of the folder.
    ///
    /// # Django
    /// `path`, and `safe_join`.
    pub fn path(&self, name: &str) -> Result<PathBuf> {
        let mut path = self.root.clone();
        for part in Path::new(name).components() {
            match part {
                Component::Normal(part) => path.push(part),
                Component::CurDir => {}
                Component::ParentDir | Component::RootDir | Component::Prefix(_) => {
                    return Err(outside(name));
                }
            }
        }
        Ok(path)
    }

    /// The path of a file that is there, with every link resolved.
    fn existing(&self, name: &str) -> Result<PathBuf> {
        let path = self.path(name)?.canonicalize()?;
        if !path.starts_with(self.root.canonicalize()?) {
            return Err(outside(name));
        }
        Ok(path)
    }

    fn write_now(&self, name: &str, file: &UploadedFile) -> Result<String> {
        let path = self.path(name)?;
        let folder = path.parent().unwrap_or(&self.root);
        self.make_folder(folder)?;
        if !folder
            .canonicalize()?
            .starts_with(self.root.canonicalize()?)
        {
            return Err(outside(name));
        }
        // The bytes may be on this disk already: then a second name is enough, and it must be new.
        let linked = match file.temporary_path() {
            Some(temporary) => match fs::hard_link(temporary, &path) {
                Ok(()) => true,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    return Err(StorageError::AlreadyExists);
                }
                Err(_) => false,
            },
            None => false,
        };
        let unfinished = if linked {
            Unfinished(Some(&path))
        } else {
            write_new(&path, file)?
        };
        set_mode(&path, self.file_permissions)?;
        unfinished.finish();
        Ok(name.to_owned())
    }

    /// Makes the folder with all that lead to it, each with the right permissions.
    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        if folder.is_dir() {
            return Ok(());
        }
        if let Some(above) = folder
            .parent()
            .filter(|above| !above.as_os_str().is_empty())
        {
            self.make_folder(above)?;
        }
        match DirBuilder::new().create(folder) {
            Ok(()) => set_mode(folder, self.directory_permissions),
            // Another request made it, or it is a link to one: what it leads to is looked at later.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(io::Error::new(
                io::ErrorKind::NotADirectory,
                "there is a file where a folder is wanted",
            )),
            Err(error) => Err(error),
        }
    }

    /// Does it on a thread where waiting for the disk stops nobody.
    fn on_disk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T> + Send + 'static,
    ) -> BoxFuture<'static, Result<T>> {
        let me = self.clone();
        // One kind of task for all kinds of work: tokio's code for a task is long.
        let work: Work = Box::new(move || Box::new(work(&me)));
        async move {
            let done = tokio::task::spawn_blocking(work).await;
            match done.map_err(io::Error::other)?.downcast() {
                Ok(done) => *done,
                Err(_) => Err(io::Error::other("the work has another result").into()),
            }
        }
        .boxed()
    }
}

type Work = Box<dyn FnOnce() -> Box<dyn Any + Send> + Send>;

#[cold]
fn outside(name: &str) -> StorageError {
    StorageError::Suspicious(format!(
        "The name '{}' leads out of the storage",
        name.escape_debug()
    ))
}

/// A file that is taken away again unless it is finished.
struct Unfinished<'p>(Option<&'p Path>);

impl Unfinished<'_> {
    fn finish(mut self) {
        self.0 = None;
    }
}

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        if let Some(path) = self.0 {
            let _ = fs::remove_file(path);
        }
    }
}

fn write_new<'p>(path: &'p Path, file: &UploadedFile) -> Result<Unfinished<'p>> {
    let mut target = OpenOptions::new().write(true).create_new(true).open(path)?;
    let unfinished = Unfinished(Some(path));
    match (file.bytes(), file.temporary_path()) {
        (Some(bytes), _) => target.write_all(bytes)?,
        (None, Some(temporary)) => {
            io::copy(&mut fs::File::open(temporary)?, &mut target)?;
        }
        (None, None) => {}
    }
    target.flush()?;
    Ok(unfinished)
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: Option<u32>) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    // Said outright, since what is given at creation depends on the mask of the whole process.
    mode.map_or(Ok(()), |mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode))
    })
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: Option<u32>) -> io::Result<()> {
    Ok(())
}

/// The URL of a file.
pub(super) fn url_of(base: &str, name: &str) -> String {
    let name = name.replace('\\', "/");
    let path = utf8_percent_encode(name.trim_start_matches('/'), PLAIN);
    format!("{base}{path}")
}

fn modified(metadata: &fs::Metadata) -> Option<Timestamp> {
    let since = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Timestamp::from_second(i64::try_from(since.as_secs()).ok()?).ok()
}

impl Storage for FileSystemStorage {
    fn write<'a>(&'a self, name: &'a str, file: &'a UploadedFile) -> BoxFuture<'a, Result<String>> {
        let (name, file) = (name.to_owned(), file.clone());
        self.on_disk(move |me| me.write_now(&name, &file))
    }

    fn open<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<StoredFile>> {
        let name = name.to_owned();
        self.on_disk(move |me| {
            let file = fs::File::open(me.existing(&name)?)?;
            let metadata = file.metadata()?;
            if !metadata.is_file() {
                return Err(StorageError::NotFound);
            }
            let file = tokio::fs::File::from_std(file);
            Ok(StoredFile::of_file(file, metadata.len()).with_modified(modified(&metadata)))
        })
    }

    fn delete<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<()>> {
        let name = name.to_owned();
        self.on_disk(move |me| {
            let path = me.path(&name)?;
            let folder = path.parent().unwrap_or(&me.root);
            let is_inside = match (folder.canonicalize(), me.root.canonicalize()) {
                (Ok(folder), Ok(root)) => folder.starts_with(root),
                _ => return Ok(()),
            };
            if !is_inside {
                return Err(outside(&name));
            }
            let removed = if path.symlink_metadata().is_ok_and(|found| found.is_dir()) {
                fs::remove_dir(path)
            } else {
                fs::remove_file(path)
            };
            match removed {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
                _ => Ok(()),
            }
        })
    }

    fn exists<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<bool>> {
        let name = name.to_owned();
        // A link that leads nowhere takes a name as well.
        self.on_disk(move |me| Ok(me.path(&name)?.symlink_metadata().is_ok()))
    }

    fn url(&self, name: &str) -> Option<String> {
        Some(url_of(&self.base_url, name))
    }
}
