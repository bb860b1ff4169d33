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
pub fn push_escaped(out: &mut String, text: &str) {
    let bytes = text.as_bytes();
    let mut clean = 0;
    let mut at = 0;
    while let Some(found) = next_special(bytes, at) {
        // The special bytes are ASCII, so both cuts are at character boundaries.
        out.push_str(&text[clean..found]);
        out.push_str(REPLACEMENT[bytes[found] as usize]);
        at = found + 1;
        clean = at;
    }
    out.push_str(&text[clean..]);
}

/// The first special byte at or after `from`; looks at eight bytes a step.
fn next_special(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(chunk) = bytes.get(at..at + 8) {
        let mut any = false;
        for byte in chunk {
            any |= SPECIAL[*byte as usize];
        }
        if any {
            break;
        }
        at += 8;
    }
    bytes[at..]
        .iter()
        .position(|byte| SPECIAL[*byte as usize])
        .map(|offset| at + offset)
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
    if value.is_safe() || next_special(text.as_bytes(), 0).is_none() {
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
}
