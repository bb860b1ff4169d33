//! `FileSystemLoader`: templates in folders.

use std::borrow::Cow;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::{Loader, Source, is_plain_name};
use crate::error::{Error, ErrorKind};

/// Templates in folders; the first folder that has the file wins.
///
/// # Security
/// Names that leave the folder (`..`, absolute paths, NUL, drive letters) are not found, whatever is on the disk.
/// Symbolic links that lead out of the folder are not followed.
///
/// # Django
/// `django.template.loaders.filesystem.Loader`, the `DIRS` of `TEMPLATES`.
#[derive(Clone, Debug, Default)]
pub struct FileSystemLoader {
    folders: Vec<PathBuf>,
}

impl FileSystemLoader {
    /// A loader of these folders, best first.
    pub fn new<P: Into<PathBuf>>(folders: impl IntoIterator<Item = P>) -> Self {
        Self {
            folders: folders.into_iter().map(Into::into).collect(),
        }
    }
}

impl Loader for FileSystemLoader {
    fn load(&self, name: &str) -> Result<Vec<Source>, Error> {
        let mut found = Vec::new();
        if !is_plain_name(name) {
            return Ok(found);
        }
        for folder in &self.folders {
            let path = folder.join(name);
            match read(folder, &path) {
                Ok(Some(source)) => found.push(source),
                Ok(None) => {}
                Err(error) => {
                    return Err(Error::new(
                        ErrorKind::Load,
                        format!("cannot read template {name}: {}", error.kind()),
                    ));
                }
            }
        }
        Ok(found)
    }

    fn modified(&self, origin: &str) -> Option<SystemTime> {
        fs::metadata(origin).ok()?.modified().ok()
    }
}

fn read(folder: &Path, path: &Path) -> io::Result<Option<Source>> {
    let missing = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::InvalidFilename => {
            Ok(None)
        }
        _ => Err(error),
    };
    let real = match fs::canonicalize(path) {
        Ok(real) => real,
        Err(error) => return missing(error),
    };
    if !real.starts_with(fs::canonicalize(folder)?) {
        return Ok(None);
    }
    let metadata = match fs::metadata(&real) {
        Ok(metadata) if metadata.is_file() => metadata,
        Ok(_) => return Ok(None),
        Err(error) => return missing(error),
    };
    let text = fs::read_to_string(&real)?;
    Ok(Some(Source {
        text: Cow::Owned(text),
        modified: metadata.modified().ok(),
        origin: path.to_string_lossy().into_owned(),
    }))
}
