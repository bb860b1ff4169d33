//! Mails that are written into a folder.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::OnceLock;

use nuages_crypto::random_string;

use super::Backend;
use super::console::printed;
use crate::error::Error;
use crate::outgoing::Outgoing;

/// Writes mails into a file of its folder, one file for each start of the site.
///
/// # Security
/// Mails carry links that are worth an account: only the owner may read the file.
///
/// # Django
/// `django.core.mail.backends.filebased.EmailBackend`.
#[derive(Debug)]
pub struct File {
    folder: PathBuf,
    name: OnceLock<String>,
}

impl File {
    /// Files in this folder, which is made when the first mail comes.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            name: OnceLock::new(),
        }
    }
}

impl Backend for File {
    fn send(&self, mail: &Outgoing) -> Result<(), Error> {
        fs::create_dir_all(&self.folder)?;
        let name = self.name.get_or_init(|| {
            let process = std::process::id();
            format!("mail-{process}-{}.log", random_string(8))
        });
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(self.folder.join(name))?;
        file.write_all(&printed(mail))?;
        Ok(())
    }
}
