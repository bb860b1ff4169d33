//! `striptags`: HTML without its tags.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{{ v|striptags }}")?;
//! assert_eq!(page.render(&context! { v: "<b>a</b> <i>b" }, &NoServices)?, "a b");
//! # Ok::<(), nuages_template::Error>(())
//! ```
//!
//! # Security
//! The result is not safe: it is escaped like any other text. Never mark it safe.

use crate::error::{Error, ErrorKind};
use crate::html::{Piece, pieces};
use crate::library::FilterCall;
use crate::value::Value;

/// So often tags may appear out of what other tags left behind.
const DEEPEST: usize = 50;

/// A tag that is open for so long, with so many others in it, is an attack.
const LONG_TAG: usize = 1000;

pub(super) fn striptags<'r>(value: Value<'r>, _: &FilterCall<'r>) -> Result<Value<'r>, Error> {
    let mut text = value.to_text().into_owned();
    if has_hostile_tag(&text) {
        return Err(refused());
    }
    let mut rounds = 0;
    while text.contains('<') && text.contains('>') {
        if rounds >= DEEPEST {
            return Err(refused());
        }
        let stripped: String = pieces(&text)
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => *text,
                _ => "",
            })
            .collect();
        if stripped.matches('<').count() == text.matches('<').count() {
            break;
        }
        text = stripped;
        rounds += 1;
    }
    Ok(Value::from(text))
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

#[cfg(test)]
mod tests {
    use crate::{Engine, NoServices, context};

    #[test]
    fn hostile_tags_are_refused_in_linear_time() {
        let page = Engine::default().from_str("{{ v|striptags }}").unwrap();
        for hostile in [
            "<a".repeat(100_000),
            "<".repeat(100_000) + &"a>".repeat(100_000),
            "><!".repeat(10_000) + &"&".repeat(100_000) + "D",
        ] {
            // Refused or stripped, but soon.
            let _ = page.render(&context! { v: hostile }, &NoServices);
        }
    }
}
