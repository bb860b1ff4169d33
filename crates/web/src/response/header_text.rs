//! Text as the value of a header, by Django's rules.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderName, HeaderValue};

/// A header that cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadHeader {
    /// A line end would begin another header.
    #[error("Header values can't contain newlines (got {0})")]
    Newline(String),
    /// The name is no word of ASCII letters, digits and a few signs.
    #[error("{0} is not the name of a header")]
    Name(String),
    /// A control character, which RFC 9110 allows nowhere in a header. Django lets it through.
    #[error("Header values can't contain control characters (got {0})")]
    Control(String),
}

/// The name of a header.
pub(super) fn header_name(text: &str) -> Result<HeaderName, BadHeader> {
    if text.contains(['\r', '\n']) {
        return Err(BadHeader::Newline(quoted(text)));
    }
    HeaderName::try_from(text).map_err(|_| BadHeader::Name(quoted(text)))
}

/// Text as a value: Latin-1 where that will do, else a word of RFC 2047.
pub(super) fn header_value(text: &str) -> Result<HeaderValue, BadHeader> {
    if text.contains(['\r', '\n']) {
        return Err(BadHeader::Newline(quoted(text)));
    }
    let latin: Option<Vec<u8>> = text
        .chars()
        .map(|c| u8::try_from(u32::from(c)).ok())
        .collect();
    let bytes = latin.unwrap_or_else(|| encoded_word(text).into_bytes());
    HeaderValue::from_bytes(&bytes).map_err(|_| BadHeader::Control(quoted(text)))
}

/// The text of a value, whose bytes are Latin-1.
pub(super) fn text_of(value: &HeaderValue) -> String {
    value.as_bytes().iter().copied().map(char::from).collect()
}

/// `=?utf-8?b?…?=`, or its sibling `q` where that is not longer.
fn encoded_word(text: &str) -> String {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-!*+/ ".contains(byte);
    let quoted_length: usize = text
        .bytes()
        .map(|byte| if is_plain(&byte) { 1 } else { 3 })
        .sum();
    if text.len().div_ceil(3) * 4 < quoted_length {
        return format!("=?utf-8?b?{}?=", STANDARD.encode(text));
    }
    let mut word = String::from("=?utf-8?q?");
    for byte in text.bytes() {
        match byte {
            b' ' => word.push('_'),
            _ if is_plain(&byte) => word.push(char::from(byte)),
            // Writing to a String does not fail.
            _ => drop(write!(word, "={byte:02X}")),
        }
    }
    word.push_str("?=");
    word
}

/// In quotes, as Python shows text.
fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut out = String::from(quote);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => drop(write!(out, "\\x{:02x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}
