//! Dates and times: Django's format letters, and "4 days, 6 hours".

mod format;
mod since;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

pub(crate) use format::{FormatError, format};
pub(crate) use since::{Since, since};

use crate::services::Services;
use crate::value::Value;

/// Points in time in the current time zone; other values as they are.
pub(crate) fn to_local<'r>(value: Value<'r>, services: &dyn Services) -> Value<'r> {
    match value {
        Value::Timestamp(at) => at.to_zoned_datetime(services.time_zone()).into(),
        Value::Zoned(at) => at.with_time_zone(services.time_zone()).into(),
        other => other,
    }
}

/// Writes a value in a format that suits its type; a value that is no date is left out.
pub(crate) fn write(value: &Value<'_>, letters: &str, out: &mut String) {
    if let Ok(text) = format(value, letters, &TimeZone::UTC) {
        out.push_str(&text);
    }
}

/// The letters behind Django's names of formats, in English; other formats as they are.
pub(crate) fn named_format(format: &str) -> &str {
    match format {
        "DATE_FORMAT" => "N j, Y",
        "DATETIME_FORMAT" => "N j, Y, P",
        "TIME_FORMAT" => "P",
        "YEAR_MONTH_FORMAT" => "F Y",
        "MONTH_DAY_FORMAT" => "F j",
        "SHORT_DATE_FORMAT" => "m/d/Y",
        "SHORT_DATETIME_FORMAT" => "m/d/Y P",
        other => other,
    }
}

/// A date or time taken apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parts {
    pub(crate) date: Option<Date>,
    pub(crate) time: Option<Time>,
}

impl Parts {
    pub(crate) fn of(value: &Value<'_>) -> Option<Self> {
        let both = |at: DateTime| {
            Some(Self {
                date: Some(at.date()),
                time: Some(at.time()),
            })
        };
        match value {
            Value::Date(date) => Some(Self {
                date: Some(*date),
                time: None,
            }),
            Value::Time(time) => Some(Self {
                date: None,
                time: Some(*time),
            }),
            Value::DateTime(at) => both(*at),
            Value::Timestamp(at) => both(TimeZone::UTC.to_datetime(*at)),
            Value::Zoned(at) => both(at.datetime()),
            _ => None,
        }
    }
}
