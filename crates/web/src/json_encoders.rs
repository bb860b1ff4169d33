//! Moments and durations in JSON as Django writes them, for `#[serde(serialize_with)]`.
//!
//! ```
//! use jiff::SignedDuration;
//! use nuages_web::JsonResponse;
//!
//! #[derive(serde::Serialize)]
//! struct Talk {
//!     #[serde(serialize_with = "nuages_web::json_encoders::duration")]
//!     length: SignedDuration,
//! }
//!
//! let talk = Talk { length: SignedDuration::from_mins(90) };
//! assert_eq!(JsonResponse::new(&talk)?.text(), r#"{"length": "P0DT01H30M00S"}"#);
//! # Ok::<(), nuages_web::Error>(())
//! ```
//!
//! # Django
//! `DjangoJSONEncoder`. Decimals and UUIDs are text, as their types write them anyway.

use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ZonedDateTime};
use serde::Serializer;

/// A moment, in UTC.
///
/// # Errors
/// As the serializer.
pub fn timestamp<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    let at = TimeZone::UTC.to_datetime(*at);
    serializer.serialize_str(&format!("{}Z", moment(at)))
}

/// A moment in a time zone.
///
/// # Errors
/// As the serializer.
pub fn zoned<S: Serializer>(at: &ZonedDateTime, serializer: S) -> Result<S::Ok, S::Error> {
    let seconds = at.offset().seconds();
    let offset = if seconds == 0 {
        "Z".to_owned()
    } else {
        let (sign, seconds) = (if seconds < 0 { '-' } else { '+' }, seconds.abs());
        let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let rest = if rest == 0 {
            String::new()
        } else {
            format!(":{rest:02}")
        };
        format!("{sign}{hours:02}:{minutes:02}{rest}")
    };
    serializer.serialize_str(&format!("{}{offset}", moment(at.datetime())))
}

/// A moment without a time zone.
///
/// # Errors
/// As the serializer.
pub fn date_time<S: Serializer>(at: &DateTime, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&moment(*at))
}

/// A time of the day.
///
/// # Errors
/// As the serializer.
pub fn time<S: Serializer>(at: &Time, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&time_of(*at))
}

/// A length of time.
///
/// # Errors
/// As the serializer.
pub fn duration<S: Serializer>(length: &SignedDuration, serializer: S) -> Result<S::Ok, S::Error> {
    let micros = length.as_micros();
    let sign = if micros < 0 { "-" } else { "" };
    let micros = micros.unsigned_abs();
    let (seconds, micros) = (micros / 1_000_000, micros % 1_000_000);
    let fraction = if micros == 0 {
        String::new()
    } else {
        format!(".{micros:06}")
    };
    let (days, hours) = (seconds / 86_400, seconds / 3600 % 24);
    let (minutes, seconds) = (seconds / 60 % 60, seconds % 60);
    serializer.serialize_str(&format!(
        "{sign}P{days}DT{hours:02}H{minutes:02}M{seconds:02}{fraction}S"
    ))
}

fn moment(at: DateTime) -> String {
    format!("{}T{}", at.date(), time_of(at.time()))
}

/// JavaScript knows milliseconds, so that is what is written of the fraction.
fn time_of(at: Time) -> String {
    let (hour, minute, second) = (at.hour(), at.minute(), at.second());
    let fraction = match at.subsec_nanosecond() / 1000 {
        0 => String::new(),
        micros => format!(".{:03}", micros / 1000),
    };
    format!("{hour:02}:{minute:02}:{second:02}{fraction}")
}
