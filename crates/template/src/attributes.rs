//! Attributes of plain values: what Python's dates and durations offer to templates, and the methods of its text
//! and numbers that take no arguments.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use crate::chars::{digit, is_space, push_title, split_spaces, strip};
use crate::value::Value;

/// The attribute `name` of a value that is no object.
pub(crate) fn attribute<'r>(value: &Value<'r>, name: &str) -> Option<Value<'r>> {
    match value {
        Value::List(items) => items.field(name).cloned(),
        Value::Date(date) => of_date(*date, name),
        Value::Time(time) => of_time(*time, name),
        Value::DateTime(at) => of_datetime(*at, name),
        Value::Timestamp(at) => of_datetime(at.to_zoned_datetime(TimeZone::UTC).datetime(), name),
        Value::Zoned(at) | Value::Local(at) => of_datetime(at.datetime(), name),
        Value::Duration(length) => {
            let micros = length.as_micros();
            let days = micros.div_euclid(86_400_000_000);
            let rest = micros.rem_euclid(86_400_000_000);
            match name {
                "days" => Some(days.into()),
                "seconds" => Some((rest / 1_000_000).into()),
                "microseconds" => Some((rest % 1_000_000).into()),
                "total_seconds" => Some(length.as_secs_f64().into()),
                _ => None,
            }
        }
        _ => None,
    }
}

/// What the method `name` of a text or a number gives. Only a variable's own dots call it: no filter does.
pub(crate) fn method<'r>(value: &Value<'r>, name: &str) -> Option<Value<'r>> {
    match value {
        Value::Str(text) | Value::Safe(text) => of_text(text, name),
        Value::Int(number) => match name {
            "real" | "numerator" | "conjugate" => Some(Value::Int(*number)),
            "imag" => Some(Value::Int(0)),
            "denominator" => Some(Value::Int(1)),
            "bit_length" => Some(Value::from(64 - number.unsigned_abs().leading_zeros())),
            _ => None,
        },
        Value::Float(number) => match name {
            "real" | "conjugate" => Some(Value::Float(*number)),
            "imag" => Some(Value::Float(0.0)),
            "is_integer" => Some(Value::Bool(number.is_finite() && number.fract() == 0.0)),
            _ => None,
        },
        _ => None,
    }
}

fn of_text<'r>(text: &str, name: &str) -> Option<Value<'r>> {
    let all = |is: fn(char) -> bool| Value::Bool(!text.is_empty() && text.chars().all(is));
    let list = |words: Vec<&str>| -> Value<'r> {
        Value::list(
            words
                .into_iter()
                .map(|word| Value::from(word.to_owned()))
                .collect(),
        )
    };
    Some(match name {
        "upper" => Value::from(text.to_uppercase()),
        "lower" | "casefold" => Value::from(text.to_lowercase()),
        "capitalize" => {
            let mut out = String::with_capacity(text.len());
            let mut chars = text.chars();
            if let Some(first) = chars.next() {
                push_title(&mut out, first);
            }
            out.push_str(&chars.as_str().to_lowercase());
            Value::from(out)
        }
        "title" => Value::from(titled(text)),
        "swapcase" => Value::from(swapped(text)),
        "strip" => Value::from(strip(text).to_owned()),
        "lstrip" => Value::from(text.trim_start_matches(is_space).to_owned()),
        "rstrip" => Value::from(text.trim_end_matches(is_space).to_owned()),
        "split" | "rsplit" => list(split_spaces(text).collect()),
        "splitlines" => list(lines(text)),
        "isdigit" | "isdecimal" => all(|c| digit(c).is_some()),
        "isnumeric" => all(char::is_numeric),
        "isalpha" => all(char::is_alphabetic),
        "isalnum" => all(char::is_alphanumeric),
        "isspace" => all(is_space),
        "isascii" => Value::Bool(text.is_ascii()),
        "isupper" => Value::Bool(
            text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase),
        ),
        "islower" => Value::Bool(
            text.chars().any(char::is_lowercase) && !text.chars().any(char::is_uppercase),
        ),
        _ => return None,
    })
}

fn titled(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        if inside {
            out.extend(c.to_lowercase());
        } else {
            push_title(&mut out, c);
        }
        inside = c.is_lowercase() || c.is_uppercase();
    }
    out
}

fn swapped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_uppercase() {
            out.extend(c.to_lowercase());
        } else {
            out.extend(c.to_uppercase());
        }
    }
    out
}

/// The lines of a text without their ends, as Python parts them.
fn lines(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(
            |c| matches!(c, '\n'..='\r' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'),
        );
        let (line, behind) = rest.split_at(end.unwrap_or(rest.len()));
        lines.push(line);
        let mut behind = behind.chars();
        if behind.next() == Some('\r') && behind.as_str().starts_with('\n') {
            behind.next();
        }
        rest = behind.as_str();
    }
    lines
}

fn of_datetime<'r>(at: DateTime, name: &str) -> Option<Value<'r>> {
    match name {
        "date" => Some(at.date().into()),
        "time" => Some(at.time().into()),
        "isoformat" => Some(Value::from(at.to_string())),
        _ => of_date(at.date(), name).or_else(|| of_time(at.time(), name)),
    }
}

fn of_date<'r>(date: Date, name: &str) -> Option<Value<'r>> {
    match name {
        "year" => Some(date.year().into()),
        "month" => Some(date.month().into()),
        "day" => Some(date.day().into()),
        "weekday" => Some(date.weekday().to_monday_zero_offset().into()),
        "isoweekday" => Some(date.weekday().to_monday_one_offset().into()),
        "isoformat" => Some(Value::from(date.to_string())),
        _ => None,
    }
}

fn of_time<'r>(time: Time, name: &str) -> Option<Value<'r>> {
    match name {
        "hour" => Some(time.hour().into()),
        "minute" => Some(time.minute().into()),
        "second" => Some(time.second().into()),
        "microsecond" => Some((time.subsec_nanosecond() / 1000).into()),
        "isoformat" => Some(Value::from(time.to_string())),
        _ => None,
    }
}
