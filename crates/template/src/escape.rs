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

/// The first special byte; looks at eight bytes a step.
#[inline]
fn first_special(bytes: &[u8]) -> Option<usize> {
    let mut rest = bytes;
    while let Some((chunk, tail)) = rest.split_first_chunk() {
        if let Some(at) = first_of_eight(u64::from_le_bytes(*chunk)) {
            return Some(bytes.len() - rest.len() + at);
        }
        rest = tail;
    }
    if rest.is_empty() {
        return None;
    }
    // The end, together with bytes that were seen before.
    match bytes.last_chunk() {
        Some(chunk) => {
            first_of_eight(u64::from_le_bytes(*chunk)).map(|at| bytes.len() - chunk.len() + at)
        }
        None => first_of_few(bytes),
    }
}

/// The first special byte of one to seven bytes.
fn first_of_few(bytes: &[u8]) -> Option<usize> {
    let (Some(head), Some(tail)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) else {
        return bytes.iter().position(|byte| is_special(*byte));
    };
    // Two halves that may overlap, as one word.
    let (low, high) = (u32::from_le_bytes(*head), u32::from_le_bytes(*tail));
    let at = first_of_eight(u64::from(low) | u64::from(high) << 32)?;
    Some(if at < 4 { at } else { bytes.len() + at - 8 })
}

/// Every byte 1.
const ONES: u64 = u64::from_ne_bytes([1; 8]);

/// Which of eight bytes is the first special one: `&` and `'`, `<` and `>` differ in one bit each.
#[inline]
fn first_of_eight(word: u64) -> Option<usize> {
    let equals = |word: u64, byte: u8| {
        let zero = word ^ (ONES * u64::from(byte));
        // The top bit of each byte that is zero; bytes above the first one may be told wrong.
        zero.wrapping_sub(ONES) & !zero
    };
    let found = equals(word | ONES, b'\'') | equals(word | (ONES << 1), b'>') | equals(word, b'"');
    let found = found & (ONES << 7);
    (found != 0).then(|| found.trailing_zeros() as usize / 8)
}

fn is_special(byte: u8) -> bool {
    !REPLACEMENT[byte as usize].is_empty()
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
    fn the_quick_scan_finds_what_a_slow_one_finds() {
        // All bytes, at all places, with another special byte behind them and neighbours that carry.
        for byte in 0..=u8::MAX {
            for neighbour in [b'a', 0, 1, b'!', b'#', b'=', 0x80, 0xff] {
                for length in 1..20 {
                    for at in 0..length {
                        let mut bytes = vec![neighbour; length];
                        bytes[at] = byte;
                        bytes[length - 1] = b'<';
                        let slow = bytes.iter().position(|byte| is_special(*byte));
                        assert_eq!(first_special(&bytes), slow, "{bytes:?}");
                    }
                }
            }
        }
    }
}
