//! `center`, `ljust`, `rjust`: text in a field of a width.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("[{{ v|ljust:4 }}{{ v|rjust:4 }}{{ v|center:4 }}]")?;
//! assert_eq!(page.render(&context! { v: "ab" }, &NoServices)?, "[ab    ab ab ]");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use crate::error::Error;
use crate::library::FilterCall;
use crate::value::Value;

/// No field is wider: a width from outside must not take the server's memory.
const WIDEST: i64 = 100_000;

/// Text in the middle.
pub(super) fn center<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<Value<'r>, Error> {
    pad(value, call, |space| (space / 2, space - space / 2))
}

/// Text on the left.
pub(super) fn ljust<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<Value<'r>, Error> {
    pad(value, call, |space| (0, space))
}

/// Text on the right.
pub(super) fn rjust<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<Value<'r>, Error> {
    pad(value, call, |space| (space, 0))
}

fn pad<'r>(
    value: Value<'r>,
    call: &FilterCall<'r>,
    split: fn(usize) -> (usize, usize),
) -> Result<Value<'r>, Error> {
    let width = call.number()?;
    let width = usize::try_from(width.min(WIDEST)).unwrap_or(0);
    let text = value.to_text();
    let length = text.chars().count();
    if length >= width {
        return Ok(value);
    }
    let (left, right) = split(width - length);
    Ok(Value::from(format!(
        "{}{text}{}",
        " ".repeat(left),
        " ".repeat(right)
    )))
}
