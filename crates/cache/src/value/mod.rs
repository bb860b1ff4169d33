//! What a cache holds: plain data, as Python knows it.

mod de;
mod ser;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Result;
pub use de::ValueError;

/// One cached value: plain data, in the kinds that Python has.
///
/// Rust types go in and out through serde; use it by hand for what serde has no word for (bytes, sets, tuples that a
/// Django site shall read as such).
///
/// ```
/// use nuages_cache::Value;
///
/// let value = Value::from_serde(&("tea", vec![1, 2]))?;
/// assert_eq!(value, Value::Tuple(vec![Value::from("tea"), Value::List(vec![1.into(), 2.into()])]));
/// let (name, numbers): (String, Vec<u8>) = value.into_typed()?;
/// assert_eq!((name.as_str(), numbers.as_slice()), ("tea", &[1, 2][..]));
/// # Ok::<(), nuages_cache::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number beyond 64 bits: two's complement, the lowest byte first, as short as can be.
    Long(Vec<u8>),
    /// A decimal number.
    Float(f64),
    /// Text.
    Str(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A list.
    List(Vec<Self>),
    /// A tuple.
    Tuple(Vec<Self>),
    /// A dictionary, in its order.
    Dict(Vec<(Self, Self)>),
    /// A set.
    Set(Vec<Self>),
    /// A frozen set.
    FrozenSet(Vec<Self>),
}

impl Value {
    /// A Rust value as a cache holds it.
    ///
    /// # Errors
    /// When its `Serialize` fails.
    pub fn from_serde<T: Serialize + ?Sized>(value: &T) -> Result<Self> {
        value
            .serialize(ser::Writer)
            .map_err(|error| crate::Error::encode(error.0))
    }

    /// The value as a Rust type.
    ///
    /// # Errors
    /// When it is of another type.
    pub fn into_typed<T: DeserializeOwned>(self) -> Result<T> {
        self.into_typed_under("")
    }

    pub(crate) fn into_typed_under<T: DeserializeOwned>(self, key: &str) -> Result<T> {
        T::deserialize(self).map_err(|error| crate::Error::of_type(key, error.0))
    }

    /// The number, when it is a whole one of 64 bits.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// The text, when it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    /// A whole number of 128 bits.
    fn of_i128(number: i128) -> Self {
        if let Ok(small) = i64::try_from(number) {
            return Self::Int(small);
        }
        let mut bytes = number.to_le_bytes().to_vec();
        let filler = if number < 0 { 0xff } else { 0 };
        // The highest bit of the last byte that stays must still tell the sign.
        while let [.., before, last] = bytes[..]
            && last == filler
            && (before & 0x80 != 0) == (number < 0)
        {
            bytes.pop();
        }
        Self::Long(bytes)
    }

    /// A whole number in two's complement, the lowest byte first.
    pub(crate) fn of_le_bytes(bytes: &[u8]) -> Self {
        let negative = bytes.last().is_some_and(|last| last & 0x80 != 0);
        if bytes.len() > 16 {
            return Self::Long(bytes.to_vec());
        }
        let mut wide = [if negative { 0xff } else { 0 }; 16];
        wide[..bytes.len()].copy_from_slice(bytes);
        Self::of_i128(i128::from_le_bytes(wide))
    }

    /// The number of a [`Value::Long`], when 128 bits hold it.
    fn long_as_i128(bytes: &[u8]) -> Option<i128> {
        if bytes.len() > 16 {
            return None;
        }
        let negative = bytes.last().is_some_and(|last| last & 0x80 != 0);
        let mut wide = [if negative { 0xff } else { 0 }; 16];
        wide[..bytes.len()].copy_from_slice(bytes);
        Some(i128::from_le_bytes(wide))
    }
}

macro_rules! from {
    ($($type:ty => |$value:ident| $make:expr),* $(,)?) => {
        $(impl From<$type> for Value {
            fn from($value: $type) -> Self {
                $make
            }
        })*
    };
}

from! {
    bool => |value| Self::Bool(value),
    i32 => |value| Self::Int(value.into()),
    i64 => |value| Self::Int(value),
    u32 => |value| Self::Int(value.into()),
    f64 => |value| Self::Float(value),
    &str => |value| Self::Str(value.to_owned()),
    String => |value| Self::Str(value),
}
