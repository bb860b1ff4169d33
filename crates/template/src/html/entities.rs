//! `unescape`: named and numbered character references.

use std::borrow::Cow;
use std::sync::LazyLock;

/// A line is a name and code points; see `make-entities.py` beside it.
const NAMES: &str = include_str!("../../data/entities.txt");

/// No name is longer.
const LONGEST: usize = 32;

/// The names in the order of their bytes. Read when the first named reference is met.
static SORTED: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    NAMES
        .lines()
        .filter_map(|line| line.split_once(' '))
        .collect()
});

/// What the codes from 0x80 to 0x9f stand for: those of Windows, as browsers take them.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Text with its character references replaced by what they stand for; unknown ones stay.
///
/// ```
/// use nuages_template::html::unescape;
/// assert_eq!(unescape("&lt;caf&eacute; &#x2026; &hearts; &zzz;"), "<café … ♥ &zzz;");
/// ```
///
/// # Django
/// Python's `html.unescape`.
pub fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let length = numbered(rest, &mut out).or_else(|| named(rest, &mut out));
        let length = length.unwrap_or_else(|| {
            out.push('&');
            1
        });
        rest = &rest[length..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Writes what the numbered reference at the beginning stands for, and gives its length.
fn numbered(text: &str, out: &mut String) -> Option<usize> {
    let number = text.strip_prefix("&#")?;
    let (digits, radix, skip) = match number.strip_prefix(['x', 'X']) {
        Some(hex) => (hex, 16, 3),
        None => (number, 10, 2),
    };
    let length = digits
        .find(|c: char| !c.is_digit(radix))
        .unwrap_or(digits.len());
    if length == 0 {
        return None;
    }
    let code = u32::from_str_radix(&digits[..length], radix).unwrap_or(u32::MAX);
    match code {
        0 => out.push('\u{fffd}'),
        0x80..=0x9f => out.push(WINDOWS[code as usize - 0x80]),
        0x1..=0x8 | 0xb | 0xe..=0x1f | 0x7f | 0xfdd0..=0xfdef => {}
        _ if code <= 0x0010_ffff && code & 0xfffe == 0xfffe => {}
        _ => out.push(char::from_u32(code).unwrap_or('\u{fffd}')),
    }
    let end = skip + length;
    Some(end + usize::from(text[end..].starts_with(';')))
}

/// Writes what the named reference at the beginning stands for, and gives its length.
fn named(text: &str, out: &mut String) -> Option<usize> {
    let body = &text[1..];
    let end = body
        .char_indices()
        .take(LONGEST)
        .find(|(_, c)| matches!(c, '\t' | '\n' | '\u{c}' | ' ' | '<' | '&' | '#' | ';'))
        .map_or_else(
            || {
                body.char_indices()
                    .nth(LONGEST)
                    .map_or(body.len(), |(at, _)| at)
            },
            |(at, _)| at,
        );
    if body[end..].starts_with(';')
        && let Some(codes) = find(&body[..=end]).or_else(|| find(&body[..end]))
    {
        push(codes, out);
        return Some(end + 2);
    }
    // The longest name that does without a semicolon: `&notit` is `¬it`.
    (2..=end)
        .rev()
        .filter(|length| body.is_char_boundary(*length))
        .find_map(|length| {
            push(find(&body[..length])?, out);
            Some(1 + length)
        })
}

fn find(name: &str) -> Option<&'static str> {
    let at = SORTED
        .binary_search_by(|(known, _)| known.cmp(&name))
        .ok()?;
    Some(SORTED[at].1)
}

fn push(codes: &str, out: &mut String) {
    let codes = codes.split(' ').map(|code| u32::from_str_radix(code, 16));
    out.extend(codes.filter_map(|code| char::from_u32(code.ok()?)));
}

#[cfg(test)]
mod tests {
    use super::{SORTED, unescape};

    #[test]
    fn references_are_those_of_python() {
        for (text, expected) in [
            ("&amp;lt;", "&lt;"),
            ("&notit; &notin;", "¬it; ∉"),
            ("&hellip &hellip;", "&hellip …"),
            (
                "&#150; &#0; &#1;x &#xD800; &#99999999999;",
                "– \u{fffd} x \u{fffd} \u{fffd}",
            ),
            ("&#; &; & &x", "&#; &; & &x"),
            ("&NotEqualTilde;", "≂̸"),
        ] {
            assert_eq!(unescape(text), expected, "{text}");
        }
    }

    #[test]
    fn the_names_are_sorted_for_the_search() {
        assert!(SORTED.is_sorted());
    }
}
