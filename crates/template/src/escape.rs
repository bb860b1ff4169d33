//! Escaping for HTML: the five characters that Django escapes, found by a scan that skips the rest.

use std::borrow::Cow;

use crate::safe::SafeString;
use crate::value::Value;

/// The replacement of each byte; empty: the byte stays.
static REPLACEMENT: [&str; 256] = {
    let mut table = [""; 256];
    table[b'&' as usize] = "&amp;";
    table[b'<' as usize] = "&lt;";
    table[b'>' as usize] = "&gt;";
    table[b'"' as usize] = "&quot;";
    table[b'\'' as usize] = "&#x27;";
    table
};

/// Is the byte one of the five? A table of flags keeps the scan in one cache line or four.
static SPECIAL: [bool; 256] = {
    let mut table = [false; 256];
    table[b'&' as usize] = true;
    table[b'<' as usize] = true;
    table[b'>' as usize] = true;
    table[b'"' as usize] = true;
    table[b'\'' as usize] = true;
    table
};

/// Escapes text for HTML, for element content and quoted attribute values.
///
/// ```
/// use nuages_template::escape;
/// assert_eq!(&*escape("<a href='x'>&</a>"), "&lt;a href=&#x27;x&#x27;&gt;&amp;&lt;/a&gt;");
/// ```
///
/// # Security
/// Good for text and for attribute values **in quotes**.
/// It does not help in unquoted attributes, in `<script>`, in `<style>` or against `javascript:` links.
///
/// # Django
/// `django.utils.html.escape`.
pub fn escape(text: &str) -> SafeString {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    push_escaped(&mut out, text);
    SafeString::assert_safe(out)
}

/// Escapes text at the end of `out`: [`escape`] without a string of its own.
///
/// ```
/// let mut out = String::from("<b>");
/// nuages_template::push_escaped(&mut out, "1 < 2");
/// assert_eq!(out, "<b>1 &lt; 2");
/// ```
#[inline]
pub fn push_escaped(out: &mut String, text: &str) {
    // Most text needs nothing: it is scanned once, and written in one piece.
    match first_special(text.as_bytes()) {
        None => out.push_str(text),
        Some(first) => push_special(out, text, first),
    }
}

/// Writes text whose first special byte is known.
fn push_special(out: &mut String, text: &str, first: usize) {
    let bytes = text.as_bytes();
    let mut clean = 0;
    let mut found = Some(first);
    while let Some(at) = found {
        // The special bytes are ASCII, so both cuts are at character boundaries.
        out.push_str(&text[clean..at]);
        out.push_str(REPLACEMENT[bytes[at] as usize]);
        clean = at + 1;
        found = first_special(&bytes[clean..]).map(|offset| clean + offset);
    }
    out.push_str(&text[clean..]);
}

/// How many bytes a step looks at; the compiler makes vector instructions of it.
const WIDE: usize = 16;

/// The first special byte.
#[inline]
fn first_special(bytes: &[u8]) -> Option<usize> {
    let mut rest = bytes;
    while let Some((chunk, tail)) = rest.split_first_chunk::<WIDE>() {
        if has_special(chunk) {
            return position(rest).map(|offset| bytes.len() - rest.len() + offset);
        }
        rest = tail;
    }
    // The end, together with bytes that were seen before, or in two halves that overlap.
    let clean = if let Some(chunk) = bytes.last_chunk::<WIDE>() {
        rest.is_empty() || !has_special(chunk)
    } else if let (Some(head), Some(tail)) = (rest.first_chunk::<8>(), rest.last_chunk::<8>()) {
        !has_special(head) && !has_special(tail)
    } else if let (Some(head), Some(tail)) = (rest.first_chunk::<4>(), rest.last_chunk::<4>()) {
        !has_special(head) && !has_special(tail)
    } else {
        !rest.iter().any(|byte| SPECIAL[*byte as usize])
    };
    if clean {
        return None;
    }
    position(rest).map(|offset| bytes.len() - rest.len() + offset)
}

/// Without branches and tables: `&` and `'`, `<` and `>` differ in one bit each.
#[inline]
fn has_special<const N: usize>(chunk: &[u8; N]) -> bool {
    let mut any = 0;
    for byte in chunk {
        any |= u8::from(byte | 1 == b'\'') | u8::from(byte | 2 == b'>') | u8::from(*byte == b'"');
    }
    any != 0
}

fn position(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|byte| SPECIAL[*byte as usize])
}

/// The value as HTML: safe values as they are, everything else escaped.
///
/// ```
/// use nuages_template::{conditional_escape, Value};
/// assert_eq!(conditional_escape(&Value::from("<")), "&lt;");
/// assert_eq!(conditional_escape(&Value::assert_safe("<br>")), "<br>");
/// ```
///
/// # Django
/// `conditional_escape`.
pub fn conditional_escape<'a>(value: &'a Value<'_>) -> Cow<'a, str> {
    let text = value.to_text();
    if value.is_safe() || first_special(text.as_bytes()).is_none() {
        return text;
    }
    Cow::Owned(escape(&text).into_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_five_characters_are_escaped() {
        assert_eq!(&*escape("&<>\"'"), "&amp;&lt;&gt;&quot;&#x27;");
        assert_eq!(&*escape("`= é/\u{0}"), "`= é/\u{0}");
    }

    #[test]
    fn every_position_is_seen() {
        for length in 0..40 {
            for at in 0..length {
                let mut text = "a".repeat(length);
                text.replace_range(at..=at, "<");
                assert_eq!(escape(&text).len(), length + 3, "{text}");
            }
        }
    }

    #[test]
    fn the_quick_scan_knows_the_same_five_bytes_as_the_table() {
        for byte in 0..=u8::MAX {
            let is = SPECIAL[byte as usize];
            assert_eq!(has_special(&[b'a', byte, b'a', b'a']), is, "{byte}");
            assert_eq!(!REPLACEMENT[byte as usize].is_empty(), is, "{byte}");
        }
    }
}
