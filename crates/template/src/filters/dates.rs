//! `date`, `time`, `timesince`, `timeuntil`.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{{ d|date:'D d M Y' }}; {{ d|timesince:e }}")?;
//! let (d, e) = (jiff::civil::date(2006, 6, 1), jiff::civil::date(2006, 6, 5));
//! assert_eq!(page.render(&context! { d, e }, &NoServices)?, "Thu 01 Jun 2006; 4\u{a0}days");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use std::borrow::Cow;

use crate::error::Error;
use crate::formats::{FormatError, TimeSince, date_format, time_format};
use crate::library::FilterCall;
use crate::value::Value;

type Result<'r> = std::result::Result<Value<'r>, Error>;

/// A date in a format; without one, as the language writes dates.
pub(super) fn date<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    match date_format(&value, letters(call).as_deref(), &call.locale()) {
        Err(error @ (FormatError::DateWithTime(_) | FormatError::TimeWithDate(_))) => {
            Err(Error::wrong_type(error.to_string()))
        }
        text => Ok(Value::from(text.unwrap_or_else(|_| constant(&value, call)))),
    }
}

/// What a format says of a value that is no date: its own text, when it asks for nothing of the date.
fn constant(value: &Value<'_>, call: &FilterCall<'_>) -> String {
    let letters = letters(call).unwrap_or_default();
    let empty = value.is_none() || value.as_str() == Some("");
    if empty || letters.contains(|c: char| c.is_ascii_alphabetic()) {
        return String::new();
    }
    letters.into_owned()
}

/// A time in a format; without one, as the language writes times. Only the time of a date and time is looked at.
pub(super) fn time<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let text = time_format(&value, letters(call).as_deref(), &call.locale());
    Ok(Value::from(text.unwrap_or_else(|_| constant(&value, call))))
}

fn letters<'c>(call: &'c FilterCall<'_>) -> Option<Cow<'c, str>> {
    let argument = call
        .argument()
        .filter(|argument| argument.as_str().is_some() || argument.is_true());
    argument.map(Value::to_text)
}

/// The time from the value to now, or to the argument; nothing where they cannot be compared.
pub(super) fn timesince<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let other = call.argument().filter(|argument| argument.is_true());
    let text = crate::formats::timesince(&value, other, &TimeSince::default(), &call.locale());
    Ok(Value::from(text.unwrap_or_default()))
}

/// The time from now, or from the argument, to the value.
pub(super) fn timeuntil<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let other = call.argument().filter(|argument| argument.is_true());
    let text = crate::formats::timeuntil(&value, other, &TimeSince::default(), &call.locale());
    Ok(Value::from(text.unwrap_or_default()))
}
