//! Translations: catalogues of gettext, and what is known of languages.
//!
//! ```
//! use std::borrow::Cow;
//! use nuages_template::i18n::{Catalog, Message, Translations};
//! use nuages_template::{context, Engine, Services};
//!
//! struct Site(Translations);
//! impl Services for Site {
//!     fn language(&self) -> Option<&str> {
//!         Some("de")
//!     }
//!     fn translate(&self, language: &str, message: &Message<'_>) -> Option<Cow<'_, str>> {
//!         self.0.get(language, message).map(Cow::Borrowed)
//!     }
//! }
//!
//! let mut translations = Translations::new("en");
//! translations.add("de", Catalog::from_po("msgid \"Hello, %(name)s!\"\nmsgstr \"Hallo, %(name)s!\"\n")?);
//! let site = Site(translations);
//! let page = Engine::default().from_str(
//!     "{% load i18n %}{% blocktranslate %}Hello, {{ name }}!{% endblocktranslate %} {{ day|date:'j. F' }} {{ pi }}",
//! )?;
//! let context = context! { name: "Ada", day: jiff::civil::date(2026, 3, 1), pi: 3.14 };
//! assert_eq!(page.render(&context, &site)?, "Hallo, Ada! 1. März 3,14");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # In templates
//! `{% load i18n %}` gives these tags and filters, and `_("…")` translates a constant wherever one may stand:
//!
//! | Tag or filter | What it does |
//! |---|---|
//! | `{% translate "Hello" [noop] [context "…"] [as name] %}`, `{% trans … %}` | translates a constant or the text of a variable |
//! | `{% blocktranslate [with a=b] [count n=c] [context "…"] [trimmed] [asvar name] %}…{% plural %}…{% endblocktranslate %}`, `{% blocktrans … %}` | translates a text with values in it |
//! | `{% language "de" %}…{% endlanguage %}` | another language for its contents |
//! | `{% get_current_language as name %}`, `{% get_current_language_bidi as name %}` | the language, and whether it is written from right to left |
//! | `{% get_available_languages as name %}` | the languages of the settings, pairs of code and translated name |
//! | `{% get_language_info for code as name %}`, `{% get_language_info_list for codes as name %}` | `code`, `name`, `name_local`, `name_translated` and `bidi` of a language |
//! | `language_name`, `language_name_local`, `language_name_translated`, `language_bidi` | the same as filters of a code |
//!
//! # Where texts come from
//! [`Translations::read_folder`] reads `LOCALE/LC_MESSAGES/django.po` or `.mo`, as `makemessages` and `msgfmt` leave them.
//! Names of months and days, and spans of time, are known for a hundred languages from the start.
//!
//! # Security
//! The text of a template is trusted, and so is its translation: who writes catalogues writes HTML.
//! Values in it, and the translation of a variable, are escaped.
//! A translation that names a value which the template does not give is not used.
//! Rules of plurals are read and evaluated within limits; no code of a catalogue is run.

mod catalog;
mod data;
mod languages;
mod message;
mod mo;
mod plural;
mod po;
mod translations;

pub(crate) use data::Data;
pub(crate) use languages::plain_code;
pub(crate) use translations::known_name;

pub use catalog::{Catalog, CatalogError};
pub use languages::{
    Direction, LanguageInfo, choose_language, default_languages, is_bidi, is_language_code,
    parse_accept_lang_header, supported_language, to_language, to_locale,
};
pub use message::Message;
pub use translations::{FolderError, FolderErrorCause, Translations};
