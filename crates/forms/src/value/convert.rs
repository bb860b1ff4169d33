//! Rust types to values and back.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};

use super::Value;
use crate::decimal::Decimal;
use crate::upload::{StoredFile, UploadedFile};

/// A Rust type that a cleaned value can become.
///
/// ```
/// use nuages_forms::{FromValue, Value};
/// assert_eq!(i32::from_value(Value::from(7)), Some(7));
/// assert_eq!(i32::from_value(Value::from(i64::MAX)), None);
/// assert_eq!(Option::<i32>::from_value(Value::None), Some(None));
/// ```
pub trait FromValue: Sized {
    /// The value as this type; nothing when it does not fit.
    fn from_value(value: Value) -> Option<Self>;
}

impl FromValue for Value {
    fn from_value(value: Value) -> Option<Self> {
        Some(value)
    }
}

macro_rules! exact {
    ($($type:ty => $variant:ident;)*) => {$(
        impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Self::$variant(value)
            }
        }

        impl FromValue for $type {
            fn from_value(value: Value) -> Option<Self> {
                match value {
                    Value::$variant(value) => Some(value),
                    _ => None,
                }
            }
        }
    )*};
}

exact! {
    bool => Bool;
    f64 => Float;
    Decimal => Decimal;
    String => Str;
    Date => Date;
    Time => Time;
    DateTime => DateTime;
    Timestamp => Timestamp;
    UploadedFile => File;
    StoredFile => StoredFile;
}

macro_rules! whole {
    ($($type:ty)*) => {$(
        impl From<$type> for Value {
            fn from(value: $type) -> Self {
                i64::try_from(value).map_or_else(
                    |_| Self::Decimal(Decimal::from_digits(&value.to_string())),
                    Self::Int,
                )
            }
        }

        impl FromValue for $type {
            fn from_value(value: Value) -> Option<Self> {
                match value {
                    Value::Int(number) => number.try_into().ok(),
                    _ => None,
                }
            }
        }
    )*};
}

whole!(i8 i16 i32 i64 u8 u16 u32 u64);

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Str(text.to_owned())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::None, Into::into)
    }
}

impl<T: Into<Self>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

/// An empty value is nothing, as the text of an optional field that was left alone.
impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Option<Self> {
        if value.is_empty() {
            return Some(None);
        }
        T::from_value(value).map(Some)
    }
}

impl<T: FromValue> FromValue for Vec<T> {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::None => Some(Self::new()),
            Value::List(items) => items.into_iter().map(T::from_value).collect(),
            _ => None,
        }
    }
}
