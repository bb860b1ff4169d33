//! `linebreaks`, `linebreaksbr`, `linenumbers`: plain text with line breaks.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{{ v|linebreaks }} {{ v|linebreaksbr }} {{ v|linenumbers }}")?;
//! assert_eq!(page.render(&context! { v: "<\nb" }, &NoServices)?, "<p>&lt;<br>b</p> &lt;<br>b 1. &lt;\n2. b");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use std::borrow::Cow;
use std::fmt::Write;

use crate::error::Error;
use crate::escape::push_escaped;
use crate::html::{self, push_lines};
use crate::library::FilterCall;
use crate::text::normalize_newlines;
use crate::value::Value;

type Result<'r> = std::result::Result<Value<'r>, Error>;

/// Empty lines become paragraphs, other line breaks `<br>`.
pub(super) fn linebreaks<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let escape = call.autoescape() && !value.is_safe();
    Ok(Value::Safe(Cow::Owned(html::linebreaks(
        &value.to_text(),
        escape,
    ))))
}

/// Line breaks become `<br>`.
pub(super) fn linebreaksbr<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let escape = call.autoescape() && !value.is_safe();
    let text = value.to_text();
    let text = normalize_newlines(&text);
    let mut out = String::with_capacity(text.len() + 16);
    push_lines(&text, escape, &mut out);
    Ok(Value::Safe(Cow::Owned(out)))
}

fn push(text: &str, escape: bool, out: &mut String) {
    if escape {
        push_escaped(out, text);
    } else {
        out.push_str(text);
    }
}

/// A number before each line.
pub(super) fn linenumbers<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let escape = call.autoescape() && !value.is_safe();
    let text = value.to_text();
    let width = (text.matches('\n').count() + 1).to_string().len();
    let mut out = String::with_capacity(text.len() + 16);
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.push('\n');
        }
        // Writing into a String cannot fail.
        let _ = write!(out, "{:0width$}. ", index + 1);
        push(line, escape, &mut out);
    }
    Ok(Value::Safe(Cow::Owned(out)))
}
