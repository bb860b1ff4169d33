//! `json_script`: data for JavaScript in a `<script>` element of its own.

use std::fmt::Write;

use crate::dates::iso_span;
use crate::error::Error;
use crate::escape::conditional_escape;
use crate::object::{Kind, Object};
use crate::repr::write_float;
use crate::safe::SafeString;
use crate::value::Value;

/// Deeper data is refused.
const DEEPEST: usize = 64;

/// A `<script>` element with the value as JSON, for a script to read.
///
/// ```
/// use nuages_template::html::json_script;
/// assert_eq!(
///     &*json_script(&vec!["</script>"].into(), Some(&"data".into()))?,
///     r#"<script id="data" type="application/json">["\u003C/script\u003E"]</script>"#,
/// );
/// # Ok::<(), nuages_template::Error>(())
/// ```
///
/// # Errors
/// When the data is nested too deeply.
///
/// # Django
/// `django.utils.html.json_script`.
pub fn json_script(value: &Value<'_>, id: Option<&Value<'_>>) -> Result<SafeString, Error> {
    let mut out = String::from("<script");
    if let Some(id) = id.filter(|id| id.is_true()) {
        out.push_str(" id=\"");
        out.push_str(&conditional_escape(id));
        out.push('"');
    }
    out.push_str(" type=\"application/json\">");
    write(value, &mut out, 0)?;
    out.push_str("</script>");
    Ok(SafeString::assert_safe(out))
}

fn write(value: &Value<'_>, out: &mut String, depth: usize) -> Result<(), Error> {
    if depth > DEEPEST {
        return Err(Error::too_deep("the data for json_script"));
    }
    match value {
        Value::None => out.push_str("null"),
        Value::Bool(yes) => out.push_str(if *yes { "true" } else { "false" }),
        Value::Int(number) => out.push_str(itoa::Buffer::new().format(*number)),
        Value::Float(number) if number.is_nan() => out.push_str("NaN"),
        Value::Float(number) if number.is_infinite() => {
            out.push_str(if *number > 0.0 {
                "Infinity"
            } else {
                "-Infinity"
            });
        }
        Value::Float(number) => {
            // Writing into a String cannot fail.
            let _ = write_float(*number, out);
        }
        Value::Str(text) | Value::Safe(text) => write_string(text, out),
        // Whole numbers beyond 64 bits are numbers in Python, too; decimals are text.
        Value::Decimal(text) if crate::decimal::is_big_integer(text) => out.push_str(text),
        Value::Timestamp(_) | Value::Zoned(_) | Value::Local(_) | Value::DateTime(_) => {
            write_string(&moment(value), out);
        }
        Value::Time(_) => {
            let mut text = value.to_text().into_owned();
            text.truncate("00:00:00.000".len());
            write_string(&text, out);
        }
        Value::Duration(length) => write_string(&iso_span(length.as_micros()), out),
        Value::List(items) => write_list(items.iter().map(Value::reborrow), out, depth)?,
        Value::Object(object) => write_object(*object, out, depth)?,
        Value::Shared(object) => write_object(&**object, out, depth)?,
        other => write_string(&other.to_text(), out),
    }
    Ok(())
}

fn write_list<'a>(
    items: impl Iterator<Item = Value<'a>>,
    out: &mut String,
    depth: usize,
) -> Result<(), Error> {
    out.push('[');
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        write(&item, out, depth + 1)?;
    }
    out.push(']');
    Ok(())
}

fn write_object(object: &dyn Object, out: &mut String, depth: usize) -> Result<(), Error> {
    match (object.kind(), object.entries(), object.iterate()) {
        (Kind::Map, Some(entries), _) => {
            out.push('{');
            for (index, (key, value)) in entries.enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                write_string(&key.to_text(), out);
                out.push_str(": ");
                write(&value, out, depth + 1)?;
            }
            out.push('}');
            Ok(())
        }
        (Kind::List | Kind::Tuple, _, Some(items)) => write_list(items, out, depth),
        (Kind::Set, ..) => Err(Error::wrong_type("a set cannot be written as JSON")),
        _ => {
            write_string(&Value::Object(object).to_text(), out);
            Ok(())
        }
    }
}

/// JSON in ASCII, with what matters in HTML escaped as well.
fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' => {
                // Writing into a String cannot fail.
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            ' '..='~' => out.push(c),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push('"');
}

/// A moment as JavaScript writes it: milliseconds at most, `Z` for UTC.
fn moment(value: &Value<'_>) -> String {
    let text = value.to_text().replacen(' ', "T", 1);
    let text = text
        .strip_suffix("+00:00")
        .map_or(text.clone(), |text| format!("{text}Z"));
    match text.find('.') {
        Some(dot) if text.len() >= dot + 7 => format!("{}{}", &text[..dot + 4], &text[dot + 7..]),
        _ => text,
    }
}
