//! Loaders: where templates come from.

mod filesystem;
mod memory;

use std::borrow::Cow;
use std::fmt;
use std::time::SystemTime;

use crate::error::Error;

pub use filesystem::FileSystemLoader;
pub use memory::MemoryLoader;

/// The source of a template.
#[derive(Clone, Debug)]
pub struct Source {
    /// The text.
    pub text: Cow<'static, str>,
    /// When the file was changed last; the debug engine compiles anew when this moves on.
    pub modified: Option<SystemTime>,
    /// Which place it came from, such as a path: `{% extends %}` of the own name skips that place.
    pub origin: String,
}

/// A place where templates are found by name.
///
/// # Security
/// A loader must answer names such as `../secret` or `/etc/passwd` with `None`; [`is_plain_name`] tells.
pub trait Loader: Send + Sync + fmt::Debug {
    /// All places of this loader that have the template, best first.
    ///
    /// # Errors
    /// When the template is there and cannot be read.
    fn load(&self, name: &str) -> Result<Vec<Source>, Error>;

    /// When the template `origin` was changed last, without reading it.
    fn modified(&self, origin: &str) -> Option<SystemTime> {
        let _ = origin;
        None
    }
}

/// Is the name a plain relative path that stays below its folder?
///
/// ```
/// use nuages_template::is_plain_name;
/// assert!(is_plain_name("blog/post.html"));
/// for hostile in ["", "/etc/passwd", "../x", "a/../../x", "a\0b", "a\\..\\b", "C:/x", "a//b", "./x"] {
///     assert!(!is_plain_name(hostile), "{hostile:?}");
/// }
/// ```
pub fn is_plain_name(name: &str) -> bool {
    let drive = name.as_bytes().get(1) == Some(&b':');
    !drive
        && !name.contains(['\0', '\\'])
        && name.split('/').all(|part| !matches!(part, "" | "." | ".."))
}
