//! One value on its way to or from the database.

mod convert;
mod text;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};

pub use text::{parse_date, parse_datetime, parse_time, parse_timestamp, write_literal};

/// One value on its way to or from the database.
///
/// ```
/// use nuages_sql::Value;
///
/// assert_eq!(Value::from(7), Value::Int(7));
/// assert_eq!(Value::from(Some("tea")), Value::Text("tea".to_owned()));
/// assert_eq!(Value::from(None::<i64>), Value::Null);
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// SQL's NULL.
    #[default]
    Null,
    /// True or false; 0 and 1 on SQLite.
    Bool(bool),
    /// Any integer.
    Int(i64),
    /// A floating point number.
    Float(f64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A moment in time; stored in UTC, to the microsecond.
    Timestamp(Timestamp),
    /// A date and a time of day without a zone.
    DateTime(DateTime),
    /// A date.
    Date(Date),
    /// A time of day.
    Time(Time),
}

impl Value {
    /// Whether this is NULL.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// What kind of value this is, for error messages (which must not show the value itself).
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "NULL",
            Self::Bool(_) => "a boolean",
            Self::Int(_) => "an integer",
            Self::Float(_) => "a floating point number",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::Timestamp(_) => "a timestamp",
            Self::DateTime(_) => "a date and time",
            Self::Date(_) => "a date",
            Self::Time(_) => "a time",
        }
    }
}
