//! Rust's types as values.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};

use super::Value;

macro_rules! from_type {
    ($($type:ty => |$value:ident| $make:expr),* $(,)?) => {
        $(
            impl From<$type> for Value {
                fn from($value: $type) -> Self {
                    $make
                }
            }
        )*
    };
}

from_type! {
    bool => |value| Self::Bool(value),
    i8 => |value| Self::Int(value.into()),
    i16 => |value| Self::Int(value.into()),
    i32 => |value| Self::Int(value.into()),
    i64 => |value| Self::Int(value),
    u8 => |value| Self::Int(value.into()),
    u16 => |value| Self::Int(value.into()),
    u32 => |value| Self::Int(value.into()),
    f32 => |value| Self::Float(value.into()),
    f64 => |value| Self::Float(value),
    String => |value| Self::Text(value),
    &str => |value| Self::Text(value.to_owned()),
    &String => |value| Self::Text(value.clone()),
    Cow<'_, str> => |value| Self::Text(value.into_owned()),
    Vec<u8> => |value| Self::Bytes(value),
    &[u8] => |value| Self::Bytes(value.to_vec()),
    Timestamp => |value| Self::Timestamp(value),
    DateTime => |value| Self::DateTime(value),
    Date => |value| Self::Date(value),
    Time => |value| Self::Time(value),
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
