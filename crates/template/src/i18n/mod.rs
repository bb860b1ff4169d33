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

mod catalog;
mod data;
mod languages;
mod message;
mod mo;
mod plural;
mod po;
mod translations;

pub(crate) use data::Data;
pub(crate) use translations::known_name;

pub use catalog::{Catalog, CatalogError};
pub use languages::{
    Direction, LanguageInfo, choose_language, default_languages, is_bidi, is_language_code,
    parse_accept_lang_header, supported_language, to_language, to_locale,
};
pub use message::Message;
pub use translations::{FolderError, FolderErrorCause, Translations};
