//! `floatformat`: a number rounded to some places, halves away from zero.
//!
//! `2` always shows two places, `-2` only when they are not zero; `g` groups thousands; `u` writes it without the language's rules.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{{ v|floatformat }} {{ v|floatformat:3 }} {{ v|floatformat:'0g' }}")?;
//! assert_eq!(page.render(&context! { v: 34232.25 }, &NoServices)?, "34232.3 34232.250 34,232");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use std::borrow::Cow;

use crate::decimal::Decimal;
use crate::error::Error;
use crate::formats::number_format_with;
use crate::library::FilterCall;
use crate::value::Value;

/// A number with more digits is given back as it is: an exponent is short, and what it stands for is not.
const MOST_DIGITS: u64 = 200;

/// More places are not shown.
const MOST_PLACES: u64 = 1000;

pub(super) fn floatformat<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<Value<'r>, Error> {
    let text = value.to_text();
    let Some(number) = parse(&value, &text) else {
        return Ok(Value::from(if is_special(&text) {
            text.into_owned()
        } else {
            String::new()
        }));
    };
    let (places, how) = match call.argument() {
        None => (Some(-1), How::default()),
        Some(argument) => places(argument),
    };
    let Some(places) = places.filter(|places| places.unsigned_abs() <= MOST_PLACES) else {
        return Ok(Value::from(text.into_owned()));
    };
    if number.size() > MOST_DIGITS {
        return Ok(Value::from(text.into_owned()));
    }
    let places = if places <= 0 && number.is_whole() {
        0
    } else {
        usize::try_from(places.unsigned_abs()).unwrap_or(0)
    };
    let shown = number.to_fixed(places);
    // A number that was rounded to zero has no sign.
    let shown = match shown.strip_prefix('-') {
        Some(zero) if !zero.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) => zero.to_owned(),
        _ => shown,
    };
    let (locale, shown) = (call.locale(), Value::from(shown));
    let text = number_format_with(&shown, Some(places), &locale, !how.unlocalized, how.grouped);
    Ok(Value::Safe(Cow::Owned(text)))
}

fn parse(value: &Value<'_>, text: &str) -> Option<Decimal> {
    Decimal::parse(text).or_else(|| Decimal::from_value(value))
}

fn is_special(text: &str) -> bool {
    let word = text
        .trim()
        .trim_start_matches(['-', '+'])
        .to_ascii_lowercase();
    matches!(word.as_str(), "nan" | "inf" | "infinity" | "snan")
}

/// What letters behind the places ask for.
#[derive(Clone, Copy, Default)]
struct How {
    grouped: bool,
    unlocalized: bool,
}

/// The number of places, and what the letters behind it ask for.
fn places(argument: &Value<'_>) -> (Option<i64>, How) {
    let Some(text) = argument.as_str() else {
        return (argument.to_int(), How::default());
    };
    let (letters, grouped, unlocalized) = match text.as_bytes() {
        [.., b'g', b'u'] | [.., b'u', b'g'] => (2, true, true),
        [.., b'g'] => (1, true, false),
        [.., b'u'] => (1, false, true),
        _ => (0, false, false),
    };
    let digits = &text[..text.len() - letters];
    let how = How {
        grouped,
        unlocalized,
    };
    let places = if digits.is_empty() && !text.is_empty() {
        Some(-1)
    } else {
        Value::from(digits).to_int()
    };
    (places, how)
}
