//! `application/x-www-form-urlencoded`: `a=1&b=x+y`.

use std::borrow::Cow;
use std::fmt::Write as _;

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
