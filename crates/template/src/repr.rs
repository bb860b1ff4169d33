//! Python's `str()` and `repr()` of values.

use std::fmt::{self, Write};

use crate::list::{List, Shape};
use crate::object::{Kind, Object};
use crate::value::Value;

/// How deep `repr` goes into nested data before it writes `...`.
const DEEPEST: usize = 64;

/// Writes `str(value)`.
pub(crate) fn write_text(value: &Value<'_>, out: &mut dyn Write) -> fmt::Result {
    match value {
        Value::Str(text) | Value::Safe(text) | Value::Decimal(text) => out.write_str(text),
        Value::Int(number) => out.write_str(itoa::Buffer::new().format(*number)),
        Value::Timestamp(at) => {
            let utc = at.to_zoned_datetime(jiff::tz::TimeZone::UTC);
            write_datetime(out, utc.datetime())?;
            out.write_str("+00:00")
        }
        Value::Zoned(at) | Value::Local(at) => {
            write_datetime(out, at.datetime())?;
            let seconds = at.offset().seconds();
            let sign = if seconds < 0 { '-' } else { '+' };
            let seconds = seconds.abs();
            write!(out, "{sign}{:02}:{:02}", seconds / 3600, seconds / 60 % 60)?;
            if seconds % 60 == 0 {
                Ok(())
            } else {
                write!(out, ":{:02}", seconds % 60)
            }
        }
        Value::DateTime(at) => write_datetime(out, *at),
        Value::Date(date) => write!(out, "{date}"),
        Value::Time(time) => write_time(out, *time),
        Value::Duration(length) => write_duration(out, length.as_micros()),
        _ => write_nested(value, out, 0),
    }
}

/// Writes `repr(value)`.
pub(crate) fn write_repr(value: &Value<'_>, out: &mut dyn Write) -> fmt::Result {
    write_nested(value, out, 0)
}

fn write_nested(value: &Value<'_>, out: &mut dyn Write, depth: usize) -> fmt::Result {
    match value {
        Value::None => out.write_str("None"),
        Value::Bool(true) => out.write_str("True"),
        Value::Bool(false) => out.write_str("False"),
        Value::Float(number) => write_float(*number, out),
        Value::Str(text) | Value::Safe(text) => write_quoted(text, out),
        Value::Decimal(text) if !crate::decimal::is_big_integer(text) => {
            write!(out, "Decimal('{text}')")
        }
        Value::List(items) => write_list(items, out, depth),
        Value::Object(object) => write_object(*object, out, depth),
        Value::Shared(object) => write_object(&**object, out, depth),
        _ => crate::dates::write_repr(value, out).unwrap_or_else(|| write_text(value, out)),
    }
}

fn write_list(items: &List<'_>, out: &mut dyn Write, depth: usize) -> fmt::Result {
    if let Shape::Named(name, fields) = items.shape() {
        write!(out, "{name}(")?;
        if depth >= DEEPEST {
            return out.write_str("...)");
        }
        for (at, (field, item)) in fields.iter().zip(items.iter()).enumerate() {
            write!(out, "{}{field}=", if at == 0 { "" } else { ", " })?;
            write_nested(item, out, depth + 1)?;
        }
        return out.write_char(')');
    }
    write_items(
        items.iter().map(Value::reborrow),
        if items.shape() == Shape::Tuple {
            Kind::Tuple
        } else {
            Kind::List
        },
        out,
        depth,
    )
}

fn write_items<'a>(
    items: impl Iterator<Item = Value<'a>>,
    kind: Kind,
    out: &mut dyn Write,
    depth: usize,
) -> fmt::Result {
    let (open, close) = match kind {
        Kind::Tuple => ('(', ')'),
        Kind::Set => ('{', '}'),
        _ => ('[', ']'),
    };
    out.write_char(open)?;
    if depth >= DEEPEST {
        out.write_str("...")?;
        return out.write_char(close);
    }
    let mut count = 0;
    for item in items {
        if count > 0 {
            out.write_str(", ")?;
        }
        write_nested(&item, out, depth + 1)?;
        count += 1;
    }
    if kind == Kind::Tuple && count == 1 {
        out.write_char(',')?;
    }
    out.write_char(close)
}

fn write_object(object: &dyn Object, out: &mut dyn Write, depth: usize) -> fmt::Result {
    match object.kind() {
        Kind::Object if depth == 0 => object.display(out),
        Kind::Object => object.debug(out),
        Kind::Set if object.len() == Some(0) => out.write_str("set()"),
        kind @ (Kind::List | Kind::Tuple | Kind::Set) => {
            let items = object
                .iterate()
                .unwrap_or_else(|| Box::new(std::iter::empty()));
            write_items(items, kind, out, depth)
        }
        Kind::Map => {
            if depth >= DEEPEST {
                return out.write_str("{...}");
            }
            out.write_char('{')?;
            for (count, (key, value)) in object.entries().into_iter().flatten().enumerate() {
                if count > 0 {
                    out.write_str(", ")?;
                }
                write_nested(&key, out, depth + 1)?;
                out.write_str(": ")?;
                write_nested(&value, out, depth + 1)?;
            }
            out.write_char('}')
        }
    }
}

/// A Python string literal, with the quotes Python would choose.
fn write_quoted(text: &str, out: &mut dyn Write) -> fmt::Result {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    out.write_char(quote)?;
    for c in text.chars() {
        match c {
            '\\' => out.write_str("\\\\")?,
            '\n' => out.write_str("\\n")?,
            '\r' => out.write_str("\\r")?,
            '\t' => out.write_str("\\t")?,
            c if c == quote => write!(out, "\\{c}")?,
            c if is_unprintable(c) => match u32::from(c) {
                code @ ..=0xff => write!(out, "\\x{code:02x}")?,
                code @ ..=0xffff => write!(out, "\\u{code:04x}")?,
                code => write!(out, "\\U{code:08x}")?,
            },
            c => out.write_char(c)?,
        }
    }
    out.write_char(quote)
}

fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{a0}' | '\u{ad}' | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{3000}' | '\u{feff}')
}

/// Python's `repr` of a float: the shortest digits that read back the same.
pub(crate) fn write_float(number: f64, out: &mut dyn Write) -> fmt::Result {
    if number.is_nan() {
        return out.write_str("nan");
    }
    if number.is_infinite() {
        return out.write_str(if number > 0.0 { "inf" } else { "-inf" });
    }
    let exponent = if number == 0.0 {
        0
    } else {
        exponent_of(number)
    };
    if !(-4..16).contains(&exponent) {
        let text = format!("{number:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, exponent) = exponent
            .strip_prefix('-')
            .map_or(('+', exponent), |rest| ('-', rest));
        return write!(out, "{digits}e{sign}{exponent:0>2}");
    }
    write!(out, "{number:?}")
}

/// The decimal exponent of the shortest representation.
fn exponent_of(number: f64) -> i32 {
    let text = format!("{number:e}");
    text.split_once('e')
        .and_then(|(_, exponent)| exponent.parse().ok())
        .unwrap_or(0)
}

fn write_datetime(out: &mut dyn Write, at: jiff::civil::DateTime) -> fmt::Result {
    write!(out, "{} ", at.date())?;
    write_time(out, at.time())
}

fn write_time(out: &mut dyn Write, time: jiff::civil::Time) -> fmt::Result {
    write!(
        out,
        "{:02}:{:02}:{:02}",
        time.hour(),
        time.minute(),
        time.second()
    )?;
    let micros = time.subsec_nanosecond() / 1000;
    if micros == 0 {
        Ok(())
    } else {
        write!(out, ".{micros:06}")
    }
}

fn write_duration(out: &mut dyn Write, micros: i128) -> fmt::Result {
    const DAY: i128 = 86_400_000_000;
    let days = micros.div_euclid(DAY);
    let rest = micros.rem_euclid(DAY);
    if days != 0 {
        write!(
            out,
            "{days} day{}, ",
            if days.abs() == 1 { "" } else { "s" }
        )?;
    }
    let seconds = rest / 1_000_000;
    write!(
        out,
        "{}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )?;
    let micros = rest % 1_000_000;
    if micros == 0 {
        Ok(())
    } else {
        write!(out, ".{micros:06}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &Value<'_>, expect: &str) {
        assert_eq!(value.to_text(), expect);
    }

    #[test]
    fn floats_print_like_python() {
        check(&Value::Float(1.0), "1.0");
        check(&Value::Float(1e16), "1e+16");
        check(&Value::Float(0.0001), "0.0001");
        check(&Value::Float(0.00001), "1e-05");
        check(&Value::Float(-0.0), "-0.0");
        check(&Value::Float(1.5e300), "1.5e+300");
    }

    #[test]
    fn strings_in_lists_are_quoted_like_python() {
        check(
            &Value::from(vec!["it's", "a\n\u{1}", "\"'"]),
            r#"["it's", 'a\n\x01', '"\'']"#,
        );
    }

    #[test]
    fn data_nested_too_deeply_is_cut() {
        let mut value = Value::from(1);
        for _ in 0..100_000 {
            value = Value::list(vec![value]);
        }
        assert!(value.to_text().contains("[...]"));
    }

    #[test]
    fn durations_print_like_timedelta() {
        check(
            &jiff::SignedDuration::from_secs(90_061).into(),
            "1 day, 1:01:01",
        );
        check(
            &jiff::SignedDuration::from_secs(-1).into(),
            "-1 day, 23:59:59",
        );
    }
}
