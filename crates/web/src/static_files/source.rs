//! Where static files come from.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::name::verify;
use crate::response::FileResponse;

/// Folders, and files that are part of the program; the first that has a name wins.
///
/// # Django
/// `STATICFILES_DIRS` and the `static` folders of apps.
#[derive(Debug, Clone, Default)]
pub struct StaticFiles {
    folders: Arc<[PathBuf]>,
    embedded: Arc<[(&'static str, &'static [u8])]>,
}

impl StaticFiles {
    /// Files of these folders, and then files that are part of the program.
    pub fn new(
        folders: impl IntoIterator<Item = PathBuf>,
        embedded: impl IntoIterator<Item = (&'static str, &'static [u8])>,
    ) -> Self {
        Self {
            folders: folders.into_iter().collect(),
            embedded: embedded.into_iter().collect(),
        }
    }

    /// Opens the file of a name; `None` when there is none, or the name leads elsewhere.
    ///
    /// # Errors
    /// When the file is there but cannot be read.
    pub async fn open(&self, name: &str) -> io::Result<Option<FileResponse>> {
        let Some(name) = verify(name) else {
            return Ok(None);
        };
        for folder in self.folders.iter() {
            match FileResponse::open(folder.join(name)).await {
                Ok(file) => return Ok(Some(file)),
                Err(error) if is_missing(&error) => {}
                Err(error) => return Err(error),
            }
        }
        let embedded = self.embedded.iter().find(|(known, _)| *known == name);
        Ok(embedded.map(|(name, bytes)| FileResponse::of_bytes(name, *bytes)))
    }
}

fn is_missing(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidFilename, InvalidInput, IsADirectory, NotADirectory, NotFound};
    matches!(
        error.kind(),
        NotFound | NotADirectory | IsADirectory | InvalidInput | InvalidFilename
    )
}
