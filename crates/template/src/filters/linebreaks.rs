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
use crate::library::FilterCall;
use crate::value::Value;

type Result<'r> = std::result::Result<Value<'r>, Error>;

/// Empty lines become paragraphs, other line breaks `<br>`.
pub(super) fn linebreaks<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let escape = call.autoescape() && !value.is_safe();
    let text = value.to_text();
    let text = normalize_newlines(&text);
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = &*text;
    loop {
        let end = rest.find("\n\n");
        if !out.is_empty() {
            out.push_str("\n\n");
        }
        out.push_str("<p>");
        push_lines(&rest[..end.unwrap_or(rest.len())], escape, &mut out);
        out.push_str("</p>");
        match end {
            Some(end) => rest = rest[end..].trim_start_matches('\n'),
            None => return Ok(Value::Safe(Cow::Owned(out))),
        }
    }
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

fn push_lines(text: &str, escape: bool, out: &mut String) {
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.push_str("<br>");
        }
        push(line, escape, out);
    }
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

/// `\r\n` and `\r` become `\n`.
fn normalize_newlines(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}
