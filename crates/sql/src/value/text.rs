//! How Django writes moments, dates and times as text on SQLite, and how they are read back.

use std::fmt::{self, Write};

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

use super::Value;

/// Reads `YYYY-MM-DD`; `None` when the text is no date.
pub fn parse_date(text: &str) -> Option<Date> {
    read_date(text.as_bytes())
}

/// Reads `HH:MM[:SS[.ffffff]]`; `None` when the text is no time.
pub fn parse_time(text: &str) -> Option<Time> {
    read_time(text.as_bytes())
}

/// Reads `YYYY-MM-DD HH:MM[:SS[.ffffff]]` (also with `T`, or a date alone, as midnight).
pub fn parse_datetime(text: &str) -> Option<DateTime> {
    let bytes = text.as_bytes();
    let date = read_date(bytes.get(..10)?)?;
    let time = match bytes.get(10..) {
        None | Some([]) => Time::midnight(),
        Some([b' ' | b'T', time @ ..]) => read_time(time)?,
        Some(_) => return None,
    };
    Some(date.to_datetime(time))
}

/// Reads a moment: what [`parse_datetime`] reads, in UTC, or with an offset (`+02:00`, `Z`).
pub fn parse_timestamp(text: &str) -> Option<Timestamp> {
    if let Some(naive) = parse_datetime(text) {
        return Offset::UTC.to_timestamp(naive).ok();
    }
    text.parse().ok()
}

fn read_date(bytes: &[u8]) -> Option<Date> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = bytes else {
        return None;
    };
    let year = two(*y1, *y2)? * 100 + two(*y3, *y4)?;
    let month = i8::try_from(two(*m1, *m2)?).ok()?;
    let day = i8::try_from(two(*d1, *d2)?).ok()?;
    Date::new(year, month, day).ok()
}

fn read_time(bytes: &[u8]) -> Option<Time> {
    let [h1, h2, b':', m1, m2, rest @ ..] = bytes else {
        return None;
    };
    let hour = i8::try_from(two(*h1, *h2)?).ok()?;
    let minute = i8::try_from(two(*m1, *m2)?).ok()?;
    let (second, fraction) = match rest {
        [] => (0, [].as_slice()),
        [b':', s1, s2] => (two(*s1, *s2)?, [].as_slice()),
        [b':', s1, s2, b'.', fraction @ ..] if !fraction.is_empty() => (two(*s1, *s2)?, fraction),
        _ => return None,
    };
    let second = i8::try_from(second).ok()?;
    Time::new(hour, minute, second, nanoseconds(fraction)?).ok()
}

/// Up to nine digits after the point, as nanoseconds.
fn nanoseconds(digits: &[u8]) -> Option<i32> {
    if digits.len() > 9 {
        return None;
    }
    let mut value = 0;
    for place in 0..9 {
        let digit = digits.get(place).copied().unwrap_or(b'0');
        value = value * 10 + i32::from(digit.is_ascii_digit().then(|| digit - b'0')?);
    }
    Some(value)
}

fn two(tens: u8, units: u8) -> Option<i16> {
    (tens.is_ascii_digit() && units.is_ascii_digit())
        .then(|| i16::from(tens - b'0') * 10 + i16::from(units - b'0'))
}

/// Writes a moment, date or time as Django stores it: UTC, `2026-01-02 03:04:05.000006`,
/// without the fraction when it is zero. Other values write nothing.
///
/// # Errors
/// Only those of `out`.
pub fn write_literal(value: &Value, out: &mut dyn Write) -> fmt::Result {
    match value {
        Value::Timestamp(at) => write_datetime(Offset::UTC.to_datetime(*at), out),
        Value::DateTime(at) => write_datetime(*at, out),
        Value::Date(date) => write_date(*date, out),
        Value::Time(time) => write_time(*time, out),
        _ => Ok(()),
    }
}

fn write_datetime(at: DateTime, out: &mut dyn Write) -> fmt::Result {
    write_date(at.date(), out)?;
    out.write_char(' ')?;
    write_time(at.time(), out)
}

fn write_date(date: Date, out: &mut dyn Write) -> fmt::Result {
    write!(
        out,
        "{:04}-{:02}-{:02}",
        date.year(),
        date.month(),
        date.day()
    )
}

fn write_time(time: Time, out: &mut dyn Write) -> fmt::Result {
    write!(
        out,
        "{:02}:{:02}:{:02}",
        time.hour(),
        time.minute(),
        time.second()
    )?;
    let micros = time.subsec_nanosecond() / 1000;
    if micros != 0 {
        write!(out, ".{micros:06}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: &Value) -> String {
        let mut out = String::new();
        write_literal(value, &mut out).unwrap();
        out
    }

    #[test]
    fn moments_are_written_as_django_writes_them() {
        let at = |text: &str| Value::Timestamp(text.parse().unwrap());
        assert_eq!(written(&at("2026-01-02T03:04:05Z")), "2026-01-02 03:04:05");
        assert_eq!(
            written(&at("2026-01-02T03:04:05.000006789Z")),
            "2026-01-02 03:04:05.000006"
        );
        assert_eq!(
            written(&at("2026-01-02T03:04:05+02:00")),
            "2026-01-02 01:04:05"
        );
        assert_eq!(
            written(&Value::Date(jiff::civil::date(33, 1, 2))),
            "0033-01-02"
        );
    }

    #[test]
    fn what_is_written_is_read_back() {
        for text in [
            "2026-01-02T03:04:05Z",
            "1900-01-01T00:00:00.1Z",
            "9999-12-30T21:59:59.999999Z",
        ] {
            let at: Timestamp = text.parse().unwrap();
            assert_eq!(parse_timestamp(&written(&Value::Timestamp(at))), Some(at));
        }
        assert_eq!(
            parse_timestamp("2026-01-02 03:04:05+02:00"),
            "2026-01-02T01:04:05Z".parse().ok()
        );
        assert_eq!(
            parse_date("2026-02-03"),
            Some(jiff::civil::date(2026, 2, 3))
        );
        assert_eq!(parse_time("10:11"), Some(jiff::civil::time(10, 11, 0, 0)));
    }

    #[test]
    fn nonsense_is_not_read() {
        for text in [
            "",
            "2026",
            "2026-13-01",
            "2026-01-02x",
            "2026-01-02 25:00",
            "2026-01-02 03:04:05.",
            "２０２６-01-02",
        ] {
            assert_eq!(parse_timestamp(text), None, "{text}");
        }
    }
}
