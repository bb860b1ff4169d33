//! What `{% load i18n %}` loads: translations, languages.
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
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str(
//!     "{% load i18n %}{% language 'fr' %}{{ day|date:'F' }}{% endlanguage %} {{ 'de'|language_name_local }}",
//! )?;
//! let day = jiff::civil::date(2026, 3, 1);
//! assert_eq!(page.render(&context! { day }, &NoServices)?, "mars Deutsch");
//! # Ok::<(), nuages_template::Error>(())
//! ```

mod blocktranslate;
mod current;
mod info;
mod language;
mod translate;

use crate::error::Error;
use crate::library::Library;
use crate::render::Name;
use crate::syntax::{NamedExpression, Parser, TagToken};

/// What `{% load i18n %}` loads.
pub(crate) fn library() -> Library {
    let library = Library::new()
        .tag("blocktrans", blocktranslate::compile)
        .tag("blocktranslate", blocktranslate::compile)
        .tag("get_available_languages", current::compile_available)
        .tag("get_current_language", current::compile_language)
        .tag("get_current_language_bidi", current::compile_bidi)
        .tag("get_language_info", info::compile)
        .tag("get_language_info_list", info::compile_list)
        .tag("language", language::compile)
        .tag("trans", translate::compile)
        .tag("translate", translate::compile);
    info::filters(library)
}

/// The name in `{% tag as name %}`.
pub(super) fn only_target(token: TagToken<'_>) -> Result<Name, Error> {
    let words: Vec<&str> = token.contents().split_whitespace().collect();
    match words.as_slice() {
        [_, "as", name] => Ok(Name::new(name)),
        _ => Err(Error::syntax(format!(
            "'{}' requires 'as variable' (got {words:?})",
            token.name()
        ))),
    }
}

/// `a=b c=d` from the beginning of `words`, or in the old form `b as a and d as c`.
fn named_values(
    parser: &mut Parser<'_>,
    words: &mut Vec<&str>,
) -> Result<Vec<NamedExpression>, Error> {
    let mut values = parser.named(words)?;
    if !values.is_empty() {
        return Ok(values);
    }
    while let [value, "as", name, ..] = words.as_slice() {
        values.push(NamedExpression {
            name: Name::new(name),
            value: parser.expression(value)?,
        });
        words.drain(..3);
        if words.first() != Some(&"and") {
            break;
        }
        words.remove(0);
    }
    Ok(values)
}
