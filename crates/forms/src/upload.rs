//! Files: the ones that come with a request, and the ones that are kept already.

use std::any::Any;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use nuages_template::{Object, Value as Shown};

/// The longest file name that is kept, in characters.
const LONGEST_NAME: usize = 255;

/// Where the bytes of an upload are.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Content {
    /// In memory.
    Memory(Bytes),
    /// In a temporary file.
    File(PathBuf),
}

/// A file that came with a request; cloning shares the bytes.
///
/// ```
/// use nuages_forms::UploadedFile;
/// let file = UploadedFile::new("../../etc/cv.pdf", "hello").content_type("application/pdf");
/// assert_eq!(file.name(), "cv.pdf");
/// assert_eq!(file.size(), 5);
/// ```
///
/// # Security
/// Name and content type are what the client says.
/// The name has lost its folders and control characters, so it cannot lead out of a folder;
/// the content type proves nothing.
///
/// # Django
/// `django.core.files.uploadedfile.UploadedFile`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadedFile(Arc<Parts>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Parts {
    name: String,
    content_type: Option<String>,
    size: u64,
    content: Content,
    keeper: Option<Keeper>,
}

/// Keeps a temporary file in being as long as the upload is.
#[derive(Clone)]
struct Keeper(Arc<dyn Any + Send + Sync>);

impl PartialEq for Keeper {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Keeper {}

impl fmt::Debug for Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keeper")
    }
}

impl UploadedFile {
    /// A file whose bytes are in memory.
    pub fn new(name: &str, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self(Arc::new(Parts {
            name: safe_name(name),
            content_type: None,
            size: bytes.len() as u64,
            content: Content::Memory(bytes),
            keeper: None,
        }))
    }

    /// A file whose bytes were written to a temporary file of `size` bytes.
    pub fn on_disk(name: &str, path: impl Into<PathBuf>, size: u64) -> Self {
        Self(Arc::new(Parts {
            name: safe_name(name),
            content_type: None,
            size,
            content: Content::File(path.into()),
            keeper: None,
        }))
    }

    /// Keeps `keeper` as long as the upload is kept: whoever removes the temporary file when it is dropped.
    pub fn keeping(mut self, keeper: impl Any + Send + Sync) -> Self {
        Arc::make_mut(&mut self.0).keeper = Some(Keeper(Arc::new(keeper)));
        self
    }

    /// With the content type the client gave.
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        Arc::make_mut(&mut self.0).content_type = Some(content_type.into());
        self
    }

    /// The file's name, without folders.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// How many bytes it has.
    pub fn size(&self) -> u64 {
        self.0.size
    }

    /// The content type the client gave, if any.
    pub fn client_content_type(&self) -> Option<&str> {
        self.0.content_type.as_deref()
    }

    /// Where the bytes are.
    pub fn content(&self) -> &Content {
        &self.0.content
    }

    /// The bytes, if they are in memory.
    pub fn bytes(&self) -> Option<&Bytes> {
        match &self.0.content {
            Content::Memory(bytes) => Some(bytes),
            Content::File(_) => None,
        }
    }

    /// The temporary file, if the bytes are in one.
    pub fn temporary_path(&self) -> Option<&Path> {
        match &self.0.content {
            Content::Memory(_) => None,
            Content::File(path) => Some(path),
        }
    }
}

/// The last part of the name, without control characters, cut to a length every file system takes.
fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let last: String = last.chars().filter(|c| !c.is_control()).collect();
    if matches!(last.as_str(), "" | "." | "..") {
        return String::new();
    }
    if last.chars().count() <= LONGEST_NAME {
        return last;
    }
    let (stem, ending) = last
        .rfind('.')
        .map_or((last.as_str(), ""), |dot| last.split_at(dot));
    let ending: String = ending.chars().take(LONGEST_NAME).collect();
    let room = LONGEST_NAME - ending.chars().count();
    stem.chars().take(room).collect::<String>() + &ending
}

impl Object for UploadedFile {
    fn attr(&self, name: &str) -> Option<Shown<'_>> {
        match name {
            "name" => Some(self.name().into()),
            "size" => Some(self.size().into()),
            "content_type" => Some(self.client_content_type().map(Shown::from).into()),
            _ => None,
        }
    }

    fn is_true(&self) -> bool {
        !self.name().is_empty()
    }

    fn display(&self, out: &mut dyn std::fmt::Write) -> std::fmt::Result {
        out.write_str(self.name())
    }
}

/// A file that is kept already: the initial value of a file field.
///
/// # Django
/// A `FieldFile`, as far as forms look at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    name: String,
    url: String,
}

impl StoredFile {
    /// A file that is shown as `name` and found at `url`.
    pub fn new(name: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            url: url.into(),
        }
    }

    /// The name to show.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where a browser finds it.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Object for StoredFile {
    fn attr(&self, name: &str) -> Option<Shown<'_>> {
        match name {
            "name" => Some(self.name().into()),
            "url" => Some(self.url().into()),
            _ => None,
        }
    }

    fn display(&self, out: &mut dyn std::fmt::Write) -> std::fmt::Result {
        out.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_lose_their_folders() {
        let check = |name: &str, expect: &str| {
            assert_eq!(UploadedFile::new(name, "").name(), expect);
        };
        check("C:\\temp\\a.txt", "a.txt");
        check("/etc/passwd", "passwd");
        check("..", "");
        check("a\0b\n.txt", "ab.txt");
        check(
            &format!("{}.txt", "x".repeat(300)),
            &format!("{}.txt", "x".repeat(251)),
        );
    }
}
