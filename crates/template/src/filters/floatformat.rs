//! `floatformat`: a number rounded to some places, halves away from zero.
//!
//! `2` always shows two places, `-2` only when they are not zero; `g` groups thousands; `u` without the language's rules, which ungroups them again.
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
    let (places, group) = match call.argument() {
        None => (Some(-1), false),
        Some(argument) => places(argument),
    };
    let Some(places) = places.filter(|places| places.unsigned_abs() <= MOST_PLACES) else {
        return Ok(Value::from(text.into_owned()));
    };
    if number.size() > MOST_DIGITS {
        return Ok(Value::from(text.into_owned()));
    }
    let shown = if places <= 0 && number.is_whole() {
        number.to_fixed(0)
    } else {
        number.to_fixed(usize::try_from(places.unsigned_abs()).unwrap_or(0))
    };
    // A number that was rounded to zero has no sign.
    let shown = match shown.strip_prefix('-') {
        Some(zero) if !zero.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) => zero.to_owned(),
        _ => shown,
    };
    Ok(Value::Safe(Cow::Owned(if group {
        grouped(&shown)
    } else {
        shown
    })))
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

/// The number of places and whether thousands are grouped.
fn places(argument: &Value<'_>) -> (Option<i64>, bool) {
    let Some(text) = argument.as_str() else {
        return (argument.to_int(), false);
    };
    let (digits, group) = match text.as_bytes() {
        [.., b'g', b'u'] | [.., b'u', b'g'] => (&text[..text.len() - 2], false),
        [.., b'g'] => (&text[..text.len() - 1], true),
        [.., b'u'] => (&text[..text.len() - 1], false),
        _ => (text, false),
    };
    let places = if digits.is_empty() && !text.is_empty() {
        Some(-1)
    } else {
        Value::from(digits).to_int()
    };
    (places, group)
}

/// Commas between thousands.
fn grouped(number: &str) -> String {
    let (sign, rest) = number
        .strip_prefix('-')
        .map_or(("", number), |rest| ("-", rest));
    let (whole, fraction) = rest.find('.').map_or((rest, ""), |at| rest.split_at(at));
    let mut out = String::from(sign);
    for (index, digit) in whole.char_indices() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out + fraction
}
