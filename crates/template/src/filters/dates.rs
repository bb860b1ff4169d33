//! `date`, `time`, `timesince`, `timeuntil`.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{{ d|date:'D d M Y' }}; {{ d|timesince:e }}")?;
//! let (d, e) = (jiff::civil::date(2006, 6, 1), jiff::civil::date(2006, 6, 5));
//! assert_eq!(page.render(&context! { d, e }, &NoServices)?, "Thu 01 Jun 2006; 4\u{a0}days");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use crate::dates::{FormatError, Since, format, named_format, since};
use crate::error::Error;
use crate::library::FilterCall;
use crate::value::Value;

type Result<'r> = std::result::Result<Value<'r>, Error>;

/// A date in a format; without one, as the language writes dates.
pub(super) fn date<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    match formatted(&value, call, "DATE_FORMAT") {
        Err(FormatError::DateWithTime(letter)) => Err(Error::wrong_type(format!(
            "The format for date objects may not contain time-related format specifiers (found '{letter}')."
        ))),
        text => Ok(Value::from(text.unwrap_or_default())),
    }
}

/// A time in a format; without one, as the language writes times.
pub(super) fn time<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    // Only the time of a date and time is looked at, as in Django.
    let letters = call.text().unwrap_or_default();
    if letters
        .chars()
        .any(|c| "bcdDEFIjlLmMnNorStUwWyYz".contains(c))
        && named_format(&letters) == letters
    {
        return Ok(Value::from(""));
    }
    Ok(Value::from(
        formatted(&value, call, "TIME_FORMAT").unwrap_or_default(),
    ))
}

fn formatted(
    value: &Value<'_>,
    call: &FilterCall<'_>,
    default: &str,
) -> std::result::Result<String, FormatError> {
    let letters = call
        .argument()
        .filter(|argument| !argument.is_none())
        .map(Value::to_text);
    let letters = letters
        .as_deref()
        .filter(|letters| !letters.is_empty())
        .unwrap_or(default);
    format(value, named_format(letters), &call.time_zone())
}

/// The time from the value to now, or to the argument.
pub(super) fn timesince<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    words(&value, call, Since::Past)
}

/// The time from now, or from the argument, to the value.
pub(super) fn timeuntil<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    words(&value, call, Since::Future)
}

fn words<'r>(value: &Value<'r>, call: &FilterCall<'r>, direction: Since) -> Result<'r> {
    let other = call.argument().filter(|argument| argument.is_true());
    let text = since(value, other, direction, (call.now(), &call.time_zone()));
    Ok(Value::from(text.unwrap_or_default()))
}
