//! `application/x-www-form-urlencoded`: `a=1&b=x+y`.

use std::borrow::Cow;
use std::fmt::Write as _;

use nuages_template::Value;
use percent_encoding::{percent_decode, percent_decode_str};

use super::charset::Charset;

/// More fields than a site takes: an attack on its time, or a form that needs a larger limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The number of GET/POST parameters exceeded settings.DATA_UPLOAD_MAX_NUMBER_FIELDS.")]
pub struct TooManyFields;

/// The pairs of a text, in order; nothing between two `&` is no pair.
pub(super) fn pairs(
    text: &str,
    max_fields: usize,
    charset: Charset,
) -> Result<impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)>, TooManyFields> {
    // Counted before anything is decoded, so that a refusal costs next to nothing.
    if !text.is_empty() && text.bytes().filter(|byte| *byte == b'&').count() >= max_fields {
        return Err(TooManyFields);
    }
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    Ok(pairs.map(move |pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name, charset), decode(value, charset))
    }))
}

fn decode(text: &str, charset: Charset) -> Cow<'_, str> {
    if !text.bytes().any(|byte| matches!(byte, b'+' | b'%')) {
        return Cow::Borrowed(text);
    }
    let text = text.replace('+', " ");
    if !text.contains('%') {
        return Cow::Owned(text);
    }
    if charset.is_utf8() {
        return Cow::Owned(percent_decode_str(&text).decode_utf8_lossy().into_owned());
    }
    // As in Python, letters beyond ASCII are text already, and only what is between them is bytes.
    let mut decoded = String::with_capacity(text.len());
    for piece in text.split_inclusive(|c: char| !c.is_ascii()) {
        let ascii = piece.trim_end_matches(|c: char| !c.is_ascii());
        if !ascii.is_empty() {
            let bytes: Cow<'_, [u8]> = percent_decode(ascii.as_bytes()).into();
            decoded.push_str(&charset.decode(&bytes));
        }
        decoded.push_str(&piece[ascii.len()..]);
    }
    Cow::Owned(decoded)
}

/// One name or value, with `+` for a space and the ASCII characters of `safe` as they are.
pub(super) fn encode(bytes: &[u8], safe: &str, out: &mut String) {
    for byte in bytes {
        match byte {
            // As in Django, a space is `%20` when anything is named as safe.
            b' ' if safe.is_empty() => out.push('+'),
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'_' | b'.' | b'-' | b'~' => {
                out.push(char::from(*byte));
            }
            _ if byte.is_ascii() && safe.as_bytes().contains(byte) => out.push(char::from(*byte)),
            _ => {
                // Writing to a String does not fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
}

/// A query string of values has nothing to write for `None`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "Cannot encode None for key '{0}' in a query string. Did you mean to pass an empty string or omit the value?"
)]
pub struct NoneInQuery(String);

/// A query string out of names and values of any kind, written as a template shows them.
///
/// With `each`, a list gives one pair for each of its items; without, it is written as one value.
///
/// ```
/// use nuages_template::Value;
/// use nuages_web::urlencode;
///
/// let numbers = Value::list(vec![Value::from(1), Value::from(2)]);
/// let pairs = [("q", Value::from("a b")), ("n", numbers)];
/// assert_eq!(urlencode(&pairs, true)?, "q=a+b&n=1&n=2");
/// assert_eq!(urlencode(&pairs, false)?, "q=a+b&n=%5B1%2C+2%5D");
/// assert!(urlencode(&[("q", Value::None)], false).is_err());
/// # Ok::<(), nuages_web::NoneInQuery>(())
/// ```
///
/// # Errors
/// A value, or with `each` an item of one, is `None`.
///
/// # Django
/// `django.utils.http.urlencode(query, doseq)`.
pub fn urlencode<N: AsRef<str>>(
    pairs: &[(N, Value<'_>)],
    each: bool,
) -> Result<String, NoneInQuery> {
    let mut out = String::new();
    let mut write = |name: &str, value: &Value<'_>| {
        if value.is_none() {
            return Err(NoneInQuery(name.to_owned()));
        }
        if !out.is_empty() {
            out.push('&');
        }
        encode(name.as_bytes(), "", &mut out);
        out.push('=');
        encode(value.to_text().as_bytes(), "", &mut out);
        Ok(())
    };
    for (name, value) in pairs {
        let is_text = value.as_str().is_some();
        match value.iterate().filter(|_| each && !is_text) {
            Some(items) => {
                for item in items {
                    write(name.as_ref(), &item)?;
                }
            }
            None => write(name.as_ref(), value)?,
        }
    }
    Ok(out)
}
