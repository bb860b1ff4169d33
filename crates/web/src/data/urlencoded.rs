//! `application/x-www-form-urlencoded`: `a=1&b=x+y`.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// More fields than a site takes: an attack on its time, or a form that needs a larger limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The number of GET/POST parameters exceeded settings.DATA_UPLOAD_MAX_NUMBER_FIELDS.")]
pub struct TooManyFields;

const FORM: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'_')
    .remove(b'.')
    .remove(b'-')
    .remove(b'~');

/// The pairs of a text, in order; nothing between two `&` is no pair.
pub(super) fn pairs(
    text: &str,
    max_fields: usize,
) -> Result<impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)>, TooManyFields> {
    // Counted before anything is decoded, so that a refusal costs next to nothing.
    if !text.is_empty() && text.bytes().filter(|byte| *byte == b'&').count() >= max_fields {
        return Err(TooManyFields);
    }
    Ok(text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    }))
}

fn decode(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| matches!(byte, b'+' | b'%')) {
        return Cow::Borrowed(text);
    }
    let text = text.replace('+', " ");
    Cow::Owned(percent_decode_str(&text).decode_utf8_lossy().into_owned())
}

/// One name or value, with `+` for a space and the characters of `safe` as they are.
pub(super) fn encode(text: &str, safe: &str, out: &mut String) {
    if safe.is_empty() {
        for (at, word) in text.split(' ').enumerate() {
            if at > 0 {
                out.push('+');
            }
            out.extend(utf8_percent_encode(word, FORM));
        }
        return;
    }
    let mut buffer = [0; 4];
    for c in text.chars() {
        // As in Django, a space is `%20` here. Only ASCII can be kept.
        if c.is_ascii() && safe.contains(c) {
            out.push(c);
        } else {
            out.extend(utf8_percent_encode(c.encode_utf8(&mut buffer), FORM));
        }
    }
}
