//! `strip_tags`.

use super::parse::{Piece, pieces};
use crate::error::{Error, ErrorKind};

/// So often tags may appear out of what other tags left behind.
const DEEPEST: usize = 50;

/// A tag that is open for so long, with so many others in it, is an attack.
const LONG_TAG: usize = 1000;

/// HTML without its tags.
///
/// ```
/// use nuages_template::html::strip_tags;
/// assert_eq!(strip_tags("<p>1 < 2, <b>bold</b> &amp; true</p>")?, "1 < 2, bold &amp; true");
/// # Ok::<(), nuages_template::Error>(())
/// ```
///
/// # Errors
/// `Suspicious` for text with so many tags in tags that only an attack has them.
///
/// # Security
/// The result is not safe: it is text, and is escaped like any other. Never mark it safe.
///
/// # Django
/// `django.utils.html.strip_tags`.
pub fn strip_tags(html: &str) -> Result<String, Error> {
    let mut text = html.to_owned();
    if has_hostile_tag(&text) {
        return Err(refused());
    }
    let mut rounds = 0;
    while text.contains('<') && text.contains('>') {
        if rounds >= DEEPEST {
            return Err(refused());
        }
        let all = pieces(&text);
        let mut stripped = String::with_capacity(text.len());
        for (index, piece) in all.iter().enumerate() {
            if let Piece::Text(text) = piece {
                push_with_semicolons(text, index + 1 == all.len(), &mut stripped);
            }
        }
        if stripped.matches('<').count() == text.matches('<').count() {
            break;
        }
        text = stripped;
        rounds += 1;
    }
    Ok(text)
}

/// Adds text; entities without a semicolon get one.
fn push_with_semicolons(text: &str, last: bool, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, entity) = rest.split_at(at);
        out.push_str(before);
        let length = 1 + entity_length(&entity[1..]);
        let (name, after) = entity.split_at(length);
        out.push_str(name);
        // At the very end nobody knows whether the name goes on.
        if length > 1 && !after.starts_with(';') && !(last && after.is_empty()) {
            out.push(';');
        }
        rest = after;
    }
    out.push_str(rest);
}

/// The length of the entity's name or number behind the `&`; zero when it is none.
fn entity_length(text: &str) -> usize {
    let end = |text: &str, allowed: fn(char) -> bool| {
        text.find(|c: char| !allowed(c)).unwrap_or(text.len())
    };
    if let Some(number) = text.strip_prefix('#') {
        return match number.strip_prefix(['x', 'X']) {
            Some(hex) => match end(hex, |c| c.is_ascii_hexdigit()) {
                0 => 0,
                digits => 2 + digits,
            },
            None => match end(number, |c| c.is_ascii_digit()) {
                0 => 0,
                digits => 1 + digits,
            },
        };
    }
    if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return 0;
    }
    end(text, |c| {
        c.is_ascii_alphanumeric() || matches!(c, '-' | '.')
    })
}

#[cold]
fn refused() -> Error {
    Error::new(
        ErrorKind::Suspicious,
        "striptags refuses text with so many unclosed tags",
    )
}

/// A tag of more than a thousand characters without an end, and fifty others in it.
fn has_hostile_tag(text: &str) -> bool {
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        rest = &rest[start..];
        if !rest[1..].starts_with(|c: char| c.is_ascii_alphabetic()) {
            rest = &rest[1..];
            continue;
        }
        let end = rest.find('>').unwrap_or(rest.len());
        let tag = &rest[..end];
        if tag.len() >= LONG_TAG + 2 && tag.matches('<').count() >= DEEPEST {
            return true;
        }
        rest = &rest[end..];
    }
    false
}
