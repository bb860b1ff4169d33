//! Dates, times and durations as people type them and machines write them.
//!
//! ```
//! use nuages_forms::temporal::{duration_string, parse_duration};
//!
//! let length = parse_duration("1 day, 2:03:04").unwrap().unwrap();
//! assert_eq!(duration_string(length), "1 02:03:04");
//! ```

mod duration;
mod iso;
mod strptime;

pub use duration::{
    DurationOverflow, duration_iso_string, duration_microseconds, duration_string, parse_duration,
};
pub use iso::{Impossible, parse_date, parse_datetime, parse_time};
pub(crate) use iso::{IsoMoment, parse_moment};
pub(crate) use strptime::strptime;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::errors::ValidationError;

/// The formats of a date, in Django's order for English; the first one is used for printing.
pub(crate) static DATE_FORMATS: &[&str] = &[
    "%Y-%m-%d",
    "%m/%d/%Y",
    "%m/%d/%y",
    "%b %d %Y",
    "%b %d, %Y",
    "%d %b %Y",
    "%d %b, %Y",
    "%B %d %Y",
    "%B %d, %Y",
    "%d %B %Y",
    "%d %B, %Y",
];

/// The formats of a time.
pub(crate) static TIME_FORMATS: &[&str] = &["%H:%M:%S", "%H:%M:%S.%f", "%H:%M"];

/// The formats of a date and time; the formats of a date are tried after them.
pub(crate) static DATETIME_FORMATS: &[&str] = &[
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M:%S.%f",
    "%Y-%m-%d %H:%M",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M:%S.%f",
    "%m/%d/%Y %H:%M",
    "%m/%d/%y %H:%M:%S",
    "%m/%d/%y %H:%M:%S.%f",
    "%m/%d/%y %H:%M",
];

/// The point in time a clock on a wall in this zone shows; nothing if it lies beyond the year 9999.
///
/// # Errors
/// The clock shows this time twice or never, when it is set forward or back.
pub(crate) fn in_zone(
    wall: DateTime,
    zone: &TimeZone,
) -> Result<Option<Timestamp>, ValidationError> {
    let moment = zone.to_ambiguous_timestamp(wall);
    if !moment.is_ambiguous() {
        return Ok(moment.unambiguous().ok());
    }
    let name = zone.iana_name().unwrap_or("UTC").to_owned();
    Err(ValidationError::new(
        "%(datetime)s couldn’t be interpreted in time zone %(current_timezone)s; it may be \
         ambiguous or it may not exist.",
    )
    .code("ambiguous_timezone")
    .param("datetime", wall)
    .param("current_timezone", name))
}
