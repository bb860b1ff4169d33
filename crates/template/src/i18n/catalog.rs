//! `Catalog`: the translations of one file, by their messages.

use std::collections::HashMap;
use std::fmt;

use super::message::Message;
use super::plural::Plural;

/// Between a context and its message, as in `.mo` files.
pub(super) const SEPARATOR: char = '\u{4}';

/// The translations of one `.po` or `.mo` file into one language.
///
/// ```
/// use nuages_template::i18n::{Catalog, Message};
/// let catalog = Catalog::from_po(
///     "msgid \"\"\nmsgstr \"Plural-Forms: nplurals=2; plural=(n != 1);\\n\"\n\n\
///      msgid \"Hello\"\nmsgstr \"Hallo\"\n\n\
///      msgid \"%(n)s day\"\nmsgid_plural \"%(n)s days\"\nmsgstr[0] \"%(n)s Tag\"\nmsgstr[1] \"%(n)s Tage\"\n",
/// )?;
/// assert_eq!(catalog.get(&Message::new("Hello")), Some("Hallo"));
/// let days = Message::new("%(n)s day").with_plural("%(n)s days", 4);
/// assert_eq!(catalog.get(&days), Some("%(n)s Tage"));
/// assert_eq!(catalog.get(&Message::new("Bye")), None);
/// # Ok::<(), nuages_template::i18n::CatalogError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    messages: HashMap<Box<str>, Translated>,
    pub(super) plural: Plural,
}

#[derive(Clone, Debug)]
enum Translated {
    One(Box<str>),
    Forms(Box<[Box<str>]>),
}

/// A catalogue that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogError {
    pub(super) message: String,
    pub(super) line: usize,
}

impl Catalog {
    /// The translation, if there is one.
    pub fn get(&self, message: &Message<'_>) -> Option<&str> {
        let joined;
        let key = match message.context {
            Some(context) => {
                joined = format!("{context}{SEPARATOR}{}", message.id);
                joined.as_str()
            }
            None => message.id,
        };
        match (self.messages.get(key)?, message.plural) {
            (Translated::One(text), None) => Some(text),
            // A message with a plural is known without it, too: as the one for a single thing.
            (Translated::Forms(forms), _) => Some(forms.get(self.plural.form(message.count))?),
            (Translated::One(_), Some(_)) => None,
        }
    }

    /// How many messages it has.
    pub fn len(&self) -> usize {
        self.messages.len()
    }

    /// Has it none?
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// Adds a translation; the first one of a message counts.
    pub(super) fn add(&mut self, key: &str, text: &str) {
        self.messages
            .entry(key.into())
            .or_insert_with(|| Translated::One(text.into()));
    }

    /// Adds a translation with plural forms.
    pub(super) fn add_forms<S: AsRef<str>>(&mut self, key: &str, forms: &[S]) {
        self.messages.entry(key.into()).or_insert_with(|| {
            Translated::Forms(forms.iter().map(|form| form.as_ref().into()).collect())
        });
    }

    /// Reads what the header, the translation of the empty message, says of plurals.
    pub(super) fn read_header(&mut self, header: &str) -> Result<(), String> {
        for line in header.lines() {
            let Some((name, value)) = line.split_once(':') else {
                continue;
            };
            match name.trim().to_ascii_lowercase().as_str() {
                "plural-forms" => self.plural = Plural::parse(value)?,
                "content-type" => check_charset(value)?,
                _ => {}
            }
        }
        Ok(())
    }
}

/// Only UTF-8, of which ASCII is a part. A template of a catalogue says CHARSET where none was chosen yet.
fn check_charset(content_type: &str) -> Result<(), String> {
    let Some((_, charset)) = content_type.split_once("charset=") else {
        return Ok(());
    };
    match charset.trim().to_ascii_lowercase().as_str() {
        "utf-8" | "utf8" | "ascii" | "us-ascii" | "charset" => Ok(()),
        other => Err(format!(
            "the catalogue is written in '{other}': save it as UTF-8"
        )),
    }
}

impl CatalogError {
    pub(super) fn plain(message: &str) -> Self {
        Self {
            message: message.to_owned(),
            line: 0,
        }
    }
}

impl fmt::Display for CatalogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.message),
            line => write!(f, "line {line}: {}", self.message),
        }
    }
}

impl std::error::Error for CatalogError {}
