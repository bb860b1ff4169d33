//! `FormData`: what a form is filled with.

use crate::upload::UploadedFile;

/// The names, values and files of a submitted form, in the order of the request.
///
/// A name may come several times; the last value counts unless a field takes all of them.
///
/// ```
/// use nuages_forms::FormData;
/// let data = FormData::from([("tag", "a"), ("tag", "b")]);
/// assert_eq!(data.get("tag"), Some("b"));
/// assert_eq!(data.get_all("tag").collect::<Vec<_>>(), ["a", "b"]);
/// ```
///
/// # Django
/// `request.POST` and `request.FILES` in one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormData {
    values: Vec<(String, String)>,
    files: Vec<(String, UploadedFile)>,
}

impl FormData {
    /// A form without any data.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.values.push((name.into(), value.into()));
    }

    /// Adds a file.
    pub fn push_file(&mut self, name: impl Into<String>, file: UploadedFile) {
        self.files.push((name.into(), file));
    }

    /// With one more file.
    pub fn with_file(mut self, name: impl Into<String>, file: UploadedFile) -> Self {
        self.push_file(name, file);
        self
    }

    /// The last value of this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values
            .iter()
            .rev()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// All values of this name.
    pub fn get_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.values
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Was this name sent?
    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The last file of this name.
    pub fn file(&self, name: &str) -> Option<&UploadedFile> {
        self.files
            .iter()
            .rev()
            .find(|(key, _)| key == name)
            .map(|(_, file)| file)
    }

    /// All values in the order of the request.
    pub fn values(&self) -> &[(String, String)] {
        &self.values
    }

    /// All files in the order of the request.
    pub fn files(&self) -> &[(String, UploadedFile)] {
        &self.files
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for FormData {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self {
            values: pairs
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
            files: Vec::new(),
        }
    }
}

impl<K: Into<String>, V: Into<String>, const N: usize> From<[(K, V); N]> for FormData {
    fn from(pairs: [(K, V); N]) -> Self {
        pairs.into_iter().collect()
    }
}

impl<K: Into<String>, V: Into<String>> From<Vec<(K, V)>> for FormData {
    fn from(pairs: Vec<(K, V)>) -> Self {
        pairs.into_iter().collect()
    }
}
