//! `FormData`: what a form is filled with.

use std::sync::OnceLock;

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
#[derive(Clone, Debug, Default)]
pub struct FormData {
    values: Vec<(String, String)>,
    files: Vec<(String, UploadedFile)>,
    /// Where the values are, by name; made when a name is looked for first.
    ///
    /// A formset asks for thousands of names: each of them must not walk all values.
    places: OnceLock<Vec<usize>>,
}

impl FormData {
    /// A form without any data.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.values.push((name.into(), value.into()));
        self.places.take();
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

    /// The places of the values of this name, in the order of the request.
    fn places(&self, name: &str) -> &[usize] {
        let places = self.places.get_or_init(|| {
            let mut places: Vec<usize> = (0..self.values.len()).collect();
            places.sort_by(|one, two| self.values[*one].0.cmp(&self.values[*two].0));
            places
        });
        let from = places.partition_point(|place| self.values[*place].0.as_str() < name);
        let to = places.partition_point(|place| self.values[*place].0.as_str() <= name);
        &places[from..to]
    }

    /// The last value of this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        let last = self.places(name).last()?;
        Some(self.values[*last].1.as_str())
    }

    /// All values of this name.
    pub fn get_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let places = self.places(name).iter();
        places.map(|place| self.values[*place].1.as_str())
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

impl PartialEq for FormData {
    fn eq(&self, other: &Self) -> bool {
        self.values == other.values && self.files == other.files
    }
}

impl Eq for FormData {}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for FormData {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self {
            values: pairs
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
            ..Self::default()
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
