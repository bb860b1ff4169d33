//! Values as Rust's types.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use nuages_sql::{Value, parse_date, parse_datetime, parse_time, parse_timestamp};

/// A type that a column's value can be read as.
///
/// Takes the value itself, so that text is moved and not copied.
pub trait FromValue: Sized {
    /// Reads the value.
    ///
    /// # Errors
    /// When the value is of another kind.
    fn from_value(value: Value) -> Result<Self, FromValueError>;
}

/// A value of another kind than the one that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found {found}")]
pub struct FromValueError {
    /// What was asked for.
    pub expected: &'static str,
    /// What was there; never the value itself.
    pub found: &'static str,
}

impl FromValueError {
    /// `value` is not what was expected.
    #[cold]
    pub fn new(expected: &'static str, value: &Value) -> Self {
        Self {
            expected,
            found: value.kind(),
        }
    }
}

impl FromValue for Value {
    fn from_value(value: Value) -> Result<Self, FromValueError> {
        Ok(value)
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Result<Self, FromValueError> {
        match value {
            Value::Null => Ok(None),
            other => T::from_value(other).map(Some),
        }
    }
}

impl FromValue for bool {
    fn from_value(value: Value) -> Result<Self, FromValueError> {
        match value {
            Value::Bool(value) => Ok(value),
            Value::Int(value) => Ok(value != 0),
            other => Err(FromValueError::new("a boolean", &other)),
        }
    }
}

impl FromValue for i64 {
    fn from_value(value: Value) -> Result<Self, FromValueError> {
        match value {
            Value::Int(value) => Ok(value),
            Value::Bool(value) => Ok(value.into()),
            other => Err(FromValueError::new("an integer", &other)),
        }
    }
}

macro_rules! smaller_integers {
    ($($type:ty => $expected:literal),* $(,)?) => {
        $(
            impl FromValue for $type {
                fn from_value(value: Value) -> Result<Self, FromValueError> {
                    let wide = i64::from_value(value)?;
                    wide.try_into()
                        .map_err(|_| FromValueError::new($expected, &Value::Int(wide)))
                }
            }
        )*
    };
}

smaller_integers! {
    i8 => "an integer of 8 bits",
    i16 => "an integer of 16 bits",
    i32 => "an integer of 32 bits",
    u8 => "a positive integer of 8 bits",
    u16 => "a positive integer of 16 bits",
    u32 => "a positive integer of 32 bits",
    u64 => "a positive integer",
    usize => "a positive integer",
}

impl FromValue for f64 {
    fn from_value(value: Value) -> Result<Self, FromValueError> {
        match value {
            Value::Float(value) => Ok(value),
            #[expect(
                clippy::cast_precision_loss,
                reason = "SQLite stores 2.0 in an untyped column as the integer 2"
            )]
            Value::Int(value) => Ok(value as f64),
            other => Err(FromValueError::new("a number", &other)),
        }
    }
}

impl FromValue for String {
    fn from_value(value: Value) -> Result<Self, FromValueError> {
        match value {
            Value::Text(value) => Ok(value),
            other => Err(FromValueError::new("text", &other)),
        }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: Value) -> Result<Self, FromValueError> {
        match value {
            Value::Bytes(value) => Ok(value),
            other => Err(FromValueError::new("bytes", &other)),
        }
    }
}

macro_rules! from_text {
    ($($type:ty, $variant:ident, $parse:path => $expected:literal;)*) => {
        $(
            impl FromValue for $type {
                fn from_value(value: Value) -> Result<Self, FromValueError> {
                    match value {
                        Value::$variant(value) => Ok(value),
                        Value::Text(ref text) => {
                            $parse(text).ok_or_else(|| FromValueError::new($expected, &value))
                        }
                        other => Err(FromValueError::new($expected, &other)),
                    }
                }
            }
        )*
    };
}

from_text! {
    Timestamp, Timestamp, parse_timestamp => "a timestamp";
    DateTime, DateTime, parse_datetime => "a date and time";
    Date, Date, parse_date => "a date";
    Time, Time, parse_time => "a time";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sqlite_stores_is_read_as_what_it_means() {
        assert_eq!(bool::from_value(Value::Int(1)), Ok(true));
        assert_eq!(f64::from_value(Value::Int(2)), Ok(2.0));
        assert_eq!(Option::<i32>::from_value(Value::Null), Ok(None));
        let at: Timestamp = "2026-01-02T03:04:05.6Z".parse().unwrap();
        assert_eq!(
            Timestamp::from_value(Value::from("2026-01-02 03:04:05.600000")),
            Ok(at)
        );
    }

    #[test]
    fn errors_do_not_show_the_value() {
        let error = i64::from_value(Value::from("s3cret")).unwrap_err();
        assert_eq!(error.to_string(), "expected an integer, found text");
        assert!(u8::from_value(Value::Int(256)).is_err());
        assert!(String::from_value(Value::Null).is_err());
        assert!(Date::from_value(Value::from("tomorrow")).is_err());
    }
}
