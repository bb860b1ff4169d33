//! Dates as Python shows them inside of a list: `datetime.date(2024, 2, 29)`.

use std::fmt::{self, Write};

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use crate::value::Value;

/// Writes `repr(value)`; nothing where the value is no date, time or span of time.
pub(crate) fn write_repr(value: &Value<'_>, out: &mut dyn Write) -> Option<fmt::Result> {
    Some(match value {
        Value::Date(date) => write!(out, "datetime.date({})", day(*date)),
        Value::Time(time) => write!(out, "datetime.time({})", clock(*time)),
        Value::DateTime(at) => write!(out, "datetime.datetime({})", moment(*at)),
        Value::Timestamp(at) => {
            let at = at.to_zoned_datetime(TimeZone::UTC).datetime();
            write!(
                out,
                "datetime.datetime({}, tzinfo=datetime.timezone.utc)",
                moment(at)
            )
        }
        Value::Zoned(at) | Value::Local(at) => {
            let zone = zone(at.time_zone(), at.offset().seconds());
            write!(
                out,
                "datetime.datetime({}, tzinfo={zone})",
                moment(at.datetime())
            )
        }
        Value::Duration(length) => write!(
            out,
            "datetime.timedelta({})",
            parts_of_span(length.as_micros())
        ),
        _ => return None,
    })
}

fn day(date: Date) -> String {
    format!("{}, {}, {}", date.year(), date.month(), date.day())
}

/// Seconds and microseconds are left out from the end where they are zero.
fn clock(time: Time) -> String {
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    match (second, time.subsec_nanosecond() / 1000) {
        (0, 0) => format!("{hour}, {minute}"),
        (second, 0) => format!("{hour}, {minute}, {second}"),
        (second, micros) => format!("{hour}, {minute}, {second}, {micros}"),
    }
}

fn moment(at: DateTime) -> String {
    format!("{}, {}", day(at.date()), clock(at.time()))
}

fn zone(zone: &TimeZone, offset: i32) -> String {
    match zone.iana_name() {
        None | Some("UTC") if offset == 0 => "datetime.timezone.utc".to_owned(),
        Some(name) => format!("zoneinfo.ZoneInfo(key='{name}')"),
        None => format!(
            "datetime.timezone(datetime.timedelta({}))",
            parts_of_span(i128::from(offset) * 1_000_000)
        ),
    }
}

fn parts_of_span(micros: i128) -> String {
    let seconds = micros.div_euclid(1_000_000);
    let parts: Vec<String> = [
        ("days", seconds.div_euclid(86_400)),
        ("seconds", seconds.rem_euclid(86_400)),
        ("microseconds", micros.rem_euclid(1_000_000)),
    ]
    .into_iter()
    .filter(|(_, count)| *count != 0)
    .map(|(name, count)| format!("{name}={count}"))
    .collect();
    if parts.is_empty() {
        "0".to_owned()
    } else {
        parts.join(", ")
    }
}

/// ISO 8601, as Django writes spans of time into JSON.
pub(crate) fn iso_span(micros: i128) -> String {
    let sign = if micros < 0 { "-" } else { "" };
    let micros = micros.abs();
    let (seconds, rest) = (micros / 1_000_000, micros % 1_000_000);
    let fraction = if rest == 0 {
        String::new()
    } else {
        format!(".{rest:06}")
    };
    format!(
        "{sign}P{}DT{:02}H{:02}M{:02}{fraction}S",
        seconds / 86_400,
        seconds / 3600 % 24,
        seconds / 60 % 60,
        seconds % 60
    )
}
