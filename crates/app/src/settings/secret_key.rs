//! The secret key: demanded outside debug, made once in debug.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use nuages_crypto::random_string;

use super::error::SettingsError;

/// Characters of a key that we make: Django's own length.
const LENGTH: usize = 50;

/// The development key, read from `.nuages/secret_key` below the base folder, or made there now.
///
/// Returns the key, and the file when it was made just now.
pub(super) fn development(base_dir: &Path) -> Result<(String, Option<PathBuf>), SettingsError> {
    let path = base_dir.join(".nuages").join("secret_key");
    read_or_make(&path).map_err(|source| SettingsError::KeyFile { path, source })
}

fn read_or_make(path: &Path) -> io::Result<(String, Option<PathBuf>)> {
    match fs::read_to_string(path) {
        Ok(key) if !key.trim().is_empty() => return Ok((key.trim().to_owned(), None)),
        Ok(_) => fs::remove_file(path)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let key = random_string(LENGTH);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(mut file) => file.write_all(key.as_bytes())?,
        // Another process made it in this very moment: take its key.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            return Ok((fs::read_to_string(path)?.trim().to_owned(), None));
        }
        Err(error) => return Err(error),
    }
    Ok((key, Some(path.to_owned())))
}
