//! `Translations`: the catalogues of a site, by language.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use super::catalog::{Catalog, CatalogError};
use super::data::Data;
use super::languages::{is_language_code, plain_code, to_language};
use super::message::Message;

/// No catalogue is larger; Django's own largest one has 100 KB.
const LARGEST: u64 = 64 * 1024 * 1024;

/// The catalogues of a site: for each language one or more, the first one that has a message wins.
///
/// ```
/// use nuages_template::i18n::{Catalog, Message, Translations};
/// let mut translations = Translations::new("en");
/// translations.add("de", Catalog::from_po("msgid \"Hello\"\nmsgstr \"Hallo\"\n")?);
/// let hello = Message::new("Hello");
/// assert_eq!(translations.get("de", &hello), Some("Hallo"));
/// assert_eq!(translations.get("de-at", &hello), Some("Hallo"));
/// assert_eq!(translations.get("fr", &hello), None);
/// // Months, days and spans of time are known from the start.
/// assert_eq!(translations.get("fr", &Message::new("March")), Some("mars"));
/// # Ok::<(), nuages_template::i18n::CatalogError>(())
/// ```
///
/// # Django
/// What `DjangoTranslation` merges: `LOCALE_PATHS`, then the apps. Django's own catalogues are none of ours: copy the
/// folders of its `conf/locale` that you need, if you rely on their words.
#[derive(Clone, Debug, Default)]
pub struct Translations {
    /// By language.
    catalogs: HashMap<String, Vec<Catalog>>,
    default: String,
}

/// A folder of catalogues that cannot be read.
#[derive(Debug)]
pub struct FolderError {
    /// The file or folder.
    pub path: PathBuf,
    /// What is wrong with it.
    pub cause: FolderErrorCause,
}

/// Why a folder of catalogues cannot be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum FolderErrorCause {
    /// The system says so.
    Io(io::Error),
    /// A catalogue is malformed.
    Catalog(CatalogError),
}

impl Translations {
    /// No translations. What a language lacks is looked for in those of the `default` language.
    ///
    /// # Django
    /// `LANGUAGE_CODE`.
    pub fn new(default: impl Into<String>) -> Self {
        Self {
            catalogs: HashMap::new(),
            default: default.into(),
        }
    }

    /// Adds a catalogue, after those that are there.
    pub fn add(&mut self, language: &str, catalog: Catalog) {
        let catalogs = self.catalogs.entry(to_language(language)).or_default();
        catalogs.push(catalog);
    }

    /// Adds all catalogues `LOCALE/LC_MESSAGES/django.po` or `.mo` below a folder; gives how many there were.
    ///
    /// Where there are both, the `.po` is read: it is what people change.
    ///
    /// # Errors
    /// When a file cannot be read or is malformed. A folder that is not there has no catalogues.
    pub fn read_folder(&mut self, folder: impl AsRef<Path>) -> Result<usize, FolderError> {
        let folder = folder.as_ref();
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
            Err(error) => return Err(FolderError::io(folder, error)),
        };
        let mut found = 0;
        for entry in entries {
            let entry = entry.map_err(|error| FolderError::io(folder, error))?;
            let name = entry.file_name();
            let Some(language) = name.to_str().map(to_language) else {
                continue;
            };
            if !is_language_code(&language) {
                continue;
            }
            if let Some(catalog) = read_catalog(&entry.path().join("LC_MESSAGES"))? {
                self.add(&language, catalog);
                found += 1;
            }
        }
        Ok(found)
    }

    /// The translation of a message into a language: of its own catalogues, those of its generic form, what is known
    /// from the start, and of the default language.
    pub fn get(&self, language: &str, message: &Message<'_>) -> Option<&str> {
        if let Some(found) = self.own(language, message) {
            return Some(found);
        }
        if language == self.default || language.starts_with("en") {
            return None;
        }
        self.own(&self.default, message)
    }

    fn own(&self, language: &str, message: &Message<'_>) -> Option<&str> {
        let language = plain_code(language);
        let found = forms(&language)
            .flat_map(|language| self.catalogs.get(language).into_iter().flatten())
            .find_map(|catalog| catalog.get(message));
        found.or_else(|| known_name(&language, message))
    }

    /// The languages that have catalogues, in the order of the alphabet.
    pub fn languages(&self) -> Vec<String> {
        let mut found: Vec<String> = self.catalogs.keys().cloned().collect();
        found.sort_unstable();
        found
    }
}

/// The name of a month, a day or a span of time that is known from the start.
pub(crate) fn known_name(language: &str, message: &Message<'_>) -> Option<&'static str> {
    if language.starts_with("en") {
        return None;
    }
    let language = plain_code(language);
    let names = forms(&language).find_map(|language| Data::get().names(language));
    names?.get(message)
}

/// A language and its generic form.
fn forms(language: &str) -> impl Iterator<Item = &str> {
    let generic = language.split_once('-').map(|(generic, _)| generic);
    std::iter::once(language).chain(generic)
}

fn read_catalog(folder: &Path) -> Result<Option<Catalog>, FolderError> {
    for name in ["django.po", "django.mo"] {
        let path = folder.join(name);
        let bytes = match read_file(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(FolderError::io(&path, error)),
        };
        let catalog = if name == "django.po" {
            match String::from_utf8(bytes) {
                Ok(text) => Catalog::from_po(&text),
                Err(_) => Err(CatalogError::plain("the catalogue is not UTF-8")),
            }
        } else {
            Catalog::from_mo(&bytes)
        };
        return catalog.map(Some).map_err(|error| FolderError {
            path,
            cause: FolderErrorCause::Catalog(error),
        });
    }
    Ok(None)
}

fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    if fs::metadata(path)?.len() > LARGEST {
        return Err(io::Error::other("the catalogue is larger than 64 MB"));
    }
    fs::read(path)
}

impl FolderError {
    fn io(path: &Path, error: io::Error) -> Self {
        Self {
            path: path.to_owned(),
            cause: FolderErrorCause::Io(error),
        }
    }
}

impl fmt::Display for FolderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.path.display())?;
        match &self.cause {
            FolderErrorCause::Io(error) => error.fmt(f),
            FolderErrorCause::Catalog(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for FolderError {}
