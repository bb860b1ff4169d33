//! Attributes of plain values: what Python's dates and durations offer to templates.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

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
