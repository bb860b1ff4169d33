//! `escape`, `force_escape`, `safe`, `escapejs`, `addslashes`, and `safeseq`, `escapeseq` for lists.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{{ v|safe }} {{ v|force_escape|force_escape }} {{ v|escapejs }}")?;
//! assert_eq!(page.render(&context! { v: "<b>" }, &NoServices)?, r"<b> &amp;lt;b&amp;gt; \u003Cb\u003E");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use std::borrow::Cow;

use crate::error::Error;
use crate::escape::{conditional_escape, escape as escape_text};
use crate::html;
use crate::library::FilterCall;
use crate::value::Value;

type Result<'r> = std::result::Result<Value<'r>, Error>;

/// Escapes unless the text is safe already; also where autoescaping is off.
pub(super) fn escape<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    if value.is_safe() {
        Ok(value)
    } else {
        force_escape(value, call)
    }
}

/// Escapes at once, safe text, too.
pub(super) fn force_escape<'r>(value: Value<'r>, _: &FilterCall<'r>) -> Result<'r> {
    Ok(Value::from(escape_text(&value.to_text())))
}

/// Takes the text as HTML.
///
/// # Security
/// What comes from outside and goes through `safe` is cross-site scripting.
pub(super) fn safe<'r>(value: Value<'r>, _: &FilterCall<'r>) -> Result<'r> {
    Ok(match value {
        Value::Str(text) => Value::Safe(text),
        other => other,
    })
}

/// Takes each item as HTML.
pub(super) fn safeseq<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let items = items(&value, call)?;
    Ok(Value::list(
        items
            .into_iter()
            .map(|item| Value::Safe(Cow::Owned(item.to_text().into_owned())))
            .collect(),
    ))
}

/// Escapes each item that is not safe.
pub(super) fn escapeseq<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let items = items(&value, call)?;
    let escaped = items
        .iter()
        .map(|item| Value::Safe(Cow::Owned(conditional_escape(item).into_owned())));
    Ok(Value::list(escaped.collect()))
}

fn items<'r>(
    value: &Value<'r>,
    call: &FilterCall<'r>,
) -> std::result::Result<Vec<Value<'r>>, Error> {
    call.items(value)
        .ok_or_else(|| Error::wrong_type("the value cannot be iterated"))
}

/// Text for a JavaScript string in quotes.
///
/// # Security
/// The result is for strings in quotes only, not for code and not for template literals.
pub(super) fn escapejs<'r>(value: Value<'r>, _: &FilterCall<'r>) -> Result<'r> {
    Ok(Value::from(html::escapejs(&value.to_text())))
}

/// A backslash before quotes and backslashes.
pub(super) fn addslashes<'r>(value: Value<'r>, _: &FilterCall<'r>) -> Result<'r> {
    let text = value.to_text();
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if matches!(c, '\\' | '"' | '\'') {
            out.push('\\');
        }
        out.push(c);
    }
    Ok(Value::from(out))
}
