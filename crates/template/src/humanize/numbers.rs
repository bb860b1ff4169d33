//! `apnumber`, `intcomma`, `intword`, `ordinal`.

use std::borrow::Cow;

use crate::chars::strip;
use crate::decimal::Decimal;
use crate::error::Error;
use crate::formats::{Locale, number_format_with};
use crate::library::FilterCall;
use crate::value::Value;

type Result<'r> = std::result::Result<Value<'r>, Error>;

/// More digits are not taken for a number.
const MOST_DIGITS: u64 = 4300;

const WORDS: [&str; 9] = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
];

/// The contexts in the catalogues tell the last digits apart.
const ENDINGS: [(&str, &str); 10] = [
    ("ordinal 0", "{}th"),
    ("ordinal 1", "{}st"),
    ("ordinal 2", "{}nd"),
    ("ordinal 3", "{}rd"),
    ("ordinal 4", "{}th"),
    ("ordinal 5", "{}th"),
    ("ordinal 6", "{}th"),
    ("ordinal 7", "{}th"),
    ("ordinal 8", "{}th"),
    ("ordinal 9", "{}th"),
];

/// Powers of ten and their names.
const LARGE: [(usize, &str); 11] = [
    (6, "%(value)s million"),
    (9, "%(value)s billion"),
    (12, "%(value)s trillion"),
    (15, "%(value)s quadrillion"),
    (18, "%(value)s quintillion"),
    (21, "%(value)s sextillion"),
    (24, "%(value)s septillion"),
    (27, "%(value)s octillion"),
    (30, "%(value)s nonillion"),
    (33, "%(value)s decillion"),
    (100, "%(value)s googol"),
];

/// One to nine in words.
pub(super) fn apnumber<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let Some(number) = whole(&value) else {
        return Ok(value);
    };
    let word = number
        .parse::<usize>()
        .ok()
        .and_then(|at| at.checked_sub(1));
    Ok(match word.and_then(|at| WORDS.get(at)) {
        Some(word) => Value::from(call.locale().gettext(word).into_owned()),
        None => integer(number),
    })
}

/// `1st`, `2nd`, `3rd`.
pub(super) fn ordinal<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let Some(number) = whole(&value) else {
        return Ok(value);
    };
    if number.starts_with('-') {
        return Ok(Value::from(number));
    }
    let last = &number[number.len().saturating_sub(2)..];
    let last: usize = last.parse().unwrap_or(0);
    let (context, text) = match last {
        11..=13 => ("ordinal 11, 12, 13", "{}th"),
        _ => ENDINGS[last % 10],
    };
    let locale = call.locale();
    let text = locale.pgettext(context, text).replace("{}", &number);
    Ok(Value::Safe(Cow::Owned(text)))
}

/// Thousands apart: as the language does it, or with commas where the argument is `False`.
pub(super) fn intcomma<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let localized = call.argument().is_none_or(Value::is_true);
    if localized && let Some(number) = decimal(&value) {
        let text = number_format_with(&number, None, &call.locale(), true, true);
        return Ok(Value::from(text));
    }
    Ok(Value::from(with_commas(&value.to_text())))
}

/// The number of `intcomma`; nothing for what is none.
fn decimal(value: &Value<'_>) -> Option<Value<'static>> {
    match value {
        Value::Float(number) => Some(Value::Float(*number)),
        Value::Bool(yes) => Some(Value::Int((*yes).into())),
        Value::Int(number) => Some(Value::Int(*number)),
        Value::Decimal(text) => Some(Value::Decimal(Cow::Owned(text.clone().into_owned()))),
        Value::Str(text) | Value::Safe(text) => {
            let text = digits(strip(text)).replace('_', "");
            Decimal::parse(&text)?;
            Some(match text.parse() {
                Ok(number) => Value::Int(number),
                Err(_) => Value::Decimal(Cow::Owned(text)),
            })
        }
        _ => None,
    }
}

/// The digits of all scripts as ASCII ones.
fn digits(text: &str) -> Cow<'_, str> {
    use unicode_normalization::UnicodeNormalization;
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    text.nfkc().collect::<String>().into()
}

/// Commas in the whole number that the text begins with.
fn with_commas(text: &str) -> String {
    let sign = usize::from(text.starts_with('-'));
    let end = text[sign..]
        .find(|c: char| !c.is_ascii_digit())
        .map_or(text.len(), |at| sign + at);
    let number = &text[sign..end];
    let mut out = String::from(&text[..sign]);
    for (index, digit) in number.char_indices() {
        if index > 0 && (number.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out + &text[end..]
}

/// `1.2 million`; smaller numbers as they are.
pub(super) fn intword<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<'r> {
    let Some(number) = whole(&value) else {
        return Ok(value);
    };
    let length = number.trim_start_matches('-').len();
    if length < 7 {
        return Ok(integer(number));
    }
    // A number with so many digits is below a thousand of the unit.
    let unit = LARGE.iter().find(|(power, _)| length <= power + 3);
    let Some((power, text)) = unit else {
        return Ok(integer(number));
    };
    let scaled: f64 = format!("{number}e-{power}").parse().unwrap_or(0.0);
    let locale = call.locale();
    let text = locale
        .ngettext(text, text, away_from_one(scaled))
        .replace("%(value)s", &one_place(scaled, &locale));
    Ok(Value::from(text))
}

fn one_place(number: f64, locale: &Locale<'_>) -> String {
    let shown = Decimal::from_value(&Value::Float(number));
    let shown = shown.map_or_else(String::new, |number| number.to_fixed(1));
    number_format_with(&Value::from(shown), Some(1), locale, true, false)
}

/// The whole number that plural forms go by: 1.0 is one, and 1.1 is more than one.
fn away_from_one(number: f64) -> i64 {
    let beyond = number - 1.0;
    let beyond = if beyond < 0.0 {
        beyond.floor()
    } else {
        beyond.ceil()
    };
    let whole = Value::Float(beyond).to_int().unwrap_or(i64::MAX - 1);
    (whole + 1).abs()
}

/// The text of Python's `int()` of the value.
fn whole(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Str(text) | Value::Safe(text) => {
            let text = digits(strip(text));
            let (sign, digits) = match text.strip_prefix('-') {
                Some(digits) => ("-", digits),
                None => ("", text.strip_prefix('+').unwrap_or(&text)),
            };
            let digits = digits.replace('_', "");
            if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            Some(canonical(sign, &digits))
        }
        Value::Int(_) | Value::Bool(_) | Value::Float(_) | Value::Decimal(_) => {
            let number =
                Decimal::from_value(value).filter(|number| number.size() <= MOST_DIGITS)?;
            let plain = number.to_plain();
            let plain = plain.split('.').next().unwrap_or("0");
            Some(match plain.strip_prefix('-') {
                Some(digits) => canonical("-", digits),
                None => canonical("", plain),
            })
        }
        _ => None,
    }
}

/// Without zeros in front, and without a sign of zero.
fn canonical(sign: &str, digits: &str) -> String {
    match digits.trim_start_matches('0') {
        "" => "0".to_owned(),
        digits => format!("{sign}{digits}"),
    }
}

fn integer<'r>(number: String) -> Value<'r> {
    match number.parse() {
        Ok(number) => Value::Int(number),
        Err(_) => Value::Decimal(Cow::Owned(number)),
    }
}
