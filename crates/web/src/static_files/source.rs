//! Where static files come from.

use std::path::PathBuf;
use std::sync::Arc;

/// Folders and files of the program itself; the first that has a name wins.
///
/// # Django
/// `STATICFILES_DIRS` and the `static` folders of apps.
#[derive(Debug, Clone, Default)]
pub struct StaticFiles {
    pub(super) folders: Arc<[PathBuf]>,
    pub(super) embedded: Arc<[(&'static str, &'static [u8])]>,
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
}
