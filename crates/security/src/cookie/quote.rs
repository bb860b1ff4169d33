//! The quoting of cookie values, as Python's `http.cookies` has it.

use std::borrow::Cow;
use std::fmt::Write;

/// True for what needs no quotes.
pub(super) fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~:".contains(c)
}

/// A value as it is sent: bare if it can be, else in double quotes with octal escapes.
pub(super) fn quote(value: &str) -> Cow<'_, str> {
    if !value.is_empty() && value.chars().all(is_plain) {
        return Cow::Borrowed(value);
    }
    let mut quoted = String::with_capacity(value.len() + 2);
    quoted.push('"');
    for c in value.chars() {
        match c {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            c if is_plain(c) || " ()/<=>?@[]{}".contains(c) || c > '\u{ff}' => quoted.push(c),
            c => {
                let _ = write!(quoted, "\\{:03o}", u32::from(c));
            }
        }
    }
    quoted.push('"');
    Cow::Owned(quoted)
}

/// The value that was quoted; a value without quotes is taken as it is.
pub(super) fn unquote(value: &str) -> Cow<'_, str> {
    let Some(inner) = value
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    else {
        return Cow::Borrowed(value);
    };
    if !inner.contains('\\') {
        return Cow::Borrowed(inner);
    }
    let mut plain = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        if let Some(code) = octal(after.as_bytes()) {
            plain.push(char::from(code));
            rest = &after[3..];
        } else {
            let mut characters = after.chars();
            match characters.next() {
                // As in Python, a backslash escapes anything but a line break.
                Some('\n') => plain.push_str("\\\n"),
                Some(c) => plain.push(c),
                None => plain.push('\\'),
            }
            rest = characters.as_str();
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

fn octal(bytes: &[u8]) -> Option<u8> {
    match bytes {
        [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', ..] => {
            Some((a - b'0') * 64 + (b - b'0') * 8 + (c - b'0'))
        }
        _ => None,
    }
}
