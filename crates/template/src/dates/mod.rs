//! Dates and times: Django's format letters, and "4 days, 6 hours".

mod format;
mod names;
mod repr;
mod since;
mod zone;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

pub use format::FormatError;
pub(crate) use format::{format, format_time};
pub(crate) use names::{MONTHS, MONTHS_AP, MONTHS_SHORT, WEEKDAYS, WEEKDAYS_SHORT};
pub(crate) use repr::{iso_span, write_repr};
pub use since::{TimeSince, timesince, timeuntil};
pub(crate) use zone::{named_zone, zone_name};

use crate::value::Value;

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
            Value::Zoned(at) | Value::Local(at) => both(at.datetime()),
            _ => None,
        }
    }
}
