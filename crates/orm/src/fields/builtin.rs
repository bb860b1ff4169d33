//! The built-in field types, a list.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use nuages_sql::{ColumnType, Value, parse_date, parse_datetime, parse_time, parse_timestamp};

use super::{FieldError, FieldType, NumberType, TextType};

macro_rules! field_types {
    ($($type:ty as $column:ident, $expected:literal: $($pattern:pat => $read:expr),+; |$it:ident| $write:expr;)*) => {$(
        impl FieldType for $type {
            const COLUMN: ColumnType = ColumnType::$column;

            fn from_sql(value: Value) -> Result<Self, FieldError> {
                match &value {
                    $($pattern => $read,)+
                    _ => None,
                }
                .ok_or_else(|| FieldError::expected($expected, &value))
            }

            fn to_sql(&self) -> Value {
                let $it = *self;
                $write
            }
        }
    )*};
}

field_types! {
    bool as Boolean, "a boolean": Value::Bool(yes) => Some(*yes), Value::Int(number) => Some(*number != 0); |it| Value::Bool(it);
    i16 as SmallInteger, "a 16-bit number": Value::Int(number) => Self::try_from(*number).ok(); |it| Value::Int(it.into());
    i32 as Integer, "a 32-bit number": Value::Int(number) => Self::try_from(*number).ok(); |it| Value::Int(it.into());
    i64 as BigInteger, "a 64-bit number": Value::Int(number) => Some(*number); |it| Value::Int(it);
    u16 as PositiveSmallInteger, "a 16-bit number from 0": Value::Int(number) => Self::try_from(*number).ok(); |it| Value::Int(it.into());
    u32 as PositiveInteger, "a 32-bit number from 0": Value::Int(number) => Self::try_from(*number).ok(); |it| Value::Int(it.into());
    Timestamp as DateTime, "a timestamp": Value::Timestamp(at) => Some(*at), Value::Text(text) => parse_timestamp(text); |it| Value::Timestamp(it);
    DateTime as DateTime, "a date and time": Value::DateTime(at) => Some(*at), Value::Text(text) => parse_datetime(text); |it| Value::DateTime(it);
    Date as Date, "a date": Value::Date(date) => Some(*date), Value::Text(text) => parse_date(text); |it| Value::Date(it);
    Time as Time, "a time": Value::Time(time) => Some(*time), Value::Text(text) => parse_time(text); |it| Value::Time(it);
}

impl FieldType for f64 {
    const COLUMN: ColumnType = ColumnType::Float;

    fn from_sql(value: Value) -> Result<Self, FieldError> {
        match value {
            Value::Float(number) => Ok(number),
            #[expect(
                clippy::cast_precision_loss,
                reason = "SQLite gives a whole number where one was computed; Python's float() rounds it too"
            )]
            Value::Int(number) => Ok(number as f64),
            other => Err(FieldError::expected("a floating point number", &other)),
        }
    }

    fn to_sql(&self) -> Value {
        Value::Float(*self)
    }
}

impl FieldType for String {
    const COLUMN: ColumnType = ColumnType::Text;

    fn from_sql(value: Value) -> Result<Self, FieldError> {
        match value {
            Value::Text(text) => Ok(text),
            other => Err(FieldError::expected("text", &other)),
        }
    }

    fn to_sql(&self) -> Value {
        Value::Text(self.clone())
    }

    fn into_sql(self) -> Value {
        Value::Text(self)
    }
}

impl FieldType for Vec<u8> {
    const COLUMN: ColumnType = ColumnType::Binary;

    fn from_sql(value: Value) -> Result<Self, FieldError> {
        match value {
            Value::Bytes(bytes) => Ok(bytes),
            other => Err(FieldError::expected("bytes", &other)),
        }
    }

    fn to_sql(&self) -> Value {
        Value::Bytes(self.clone())
    }

    fn into_sql(self) -> Value {
        Value::Bytes(self)
    }
}

impl TextType for String {}

impl NumberType for i16 {}
impl NumberType for i32 {}
impl NumberType for i64 {}
impl NumberType for u16 {}
impl NumberType for u32 {}
impl NumberType for f64 {}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<T: FieldType + PartialEq + std::fmt::Debug>(value: T) {
        assert_eq!(T::from_sql(value.to_sql()).as_ref(), Ok(&value));
        assert_eq!(T::from_sql(value.clone().into_sql()), Ok(value));
    }

    #[test]
    fn every_type_reads_what_it_writes() {
        check(true);
        check(-7_i16);
        check(70_000_i32);
        check(i64::MAX);
        check(7_u16);
        check(7_u32);
        check(0.5);
        check("ä".to_owned());
        check(vec![0_u8, 255]);
        check("2026-01-02T03:04:05Z".parse::<Timestamp>().unwrap());
        check(jiff::civil::date(2026, 1, 2));
        check(jiff::civil::time(3, 4, 5, 6000));
        check(jiff::civil::date(2026, 1, 2).at(3, 4, 5, 0));
    }

    #[test]
    fn a_number_too_great_is_told_without_the_number() {
        let error = i16::from_sql(Value::Int(70_000)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "expected a 16-bit number, found an integer"
        );
    }
}
