//! The values that stand in URLs.

use std::borrow::Cow;
use std::fmt;

/// One argument of a URL: what `reverse` puts in, and what a custom converter makes of a capture.
///
/// ```
/// use nuages_web::UrlValue;
///
/// assert_eq!(UrlValue::from(7).to_string(), "7");
/// assert_eq!(UrlValue::from("django"), UrlValue::Text("django".into()));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum UrlValue<'a> {
    /// A whole number.
    Int(i64),
    /// Text, also of numbers too big for [`UrlValue::Int`].
    Text(Cow<'a, str>),
    /// Bytes, for converters such as base64; they have no text of their own.
    Bytes(Cow<'a, [u8]>),
}

impl UrlValue<'_> {
    /// The same value, borrowing nothing.
    pub fn into_owned(self) -> UrlValue<'static> {
        match self {
            Self::Int(n) => UrlValue::Int(n),
            Self::Text(text) => UrlValue::Text(Cow::Owned(text.into_owned())),
            Self::Bytes(bytes) => UrlValue::Bytes(Cow::Owned(bytes.into_owned())),
        }
    }

    /// The text of the value; `None` for bytes.
    pub fn as_text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Int(n) => Some(Cow::Owned(n.to_string())),
            Self::Text(text) => Some(Cow::Borrowed(text)),
            Self::Bytes(_) => None,
        }
    }
}

impl fmt::Display for UrlValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(n) => write!(f, "{n}"),
            Self::Text(text) => f.write_str(text),
            Self::Bytes(bytes) => write!(f, "<{} bytes>", bytes.len()),
        }
    }
}

macro_rules! from_small_int {
    ($($type:ty),*) => { $(
        impl From<$type> for UrlValue<'_> {
            fn from(n: $type) -> Self {
                Self::Int(i64::from(n))
            }
        }
    )* };
}
from_small_int!(i8, i16, i32, i64, u8, u16, u32);

macro_rules! from_wide_int {
    ($($type:ty),*) => { $(
        impl From<$type> for UrlValue<'_> {
            fn from(n: $type) -> Self {
                i64::try_from(n).map_or_else(|_| Self::Text(Cow::Owned(n.to_string())), Self::Int)
            }
        }
    )* };
}
from_wide_int!(u64, usize, isize, i128, u128);

impl<'a> From<&'a str> for UrlValue<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for UrlValue<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for UrlValue<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'a> From<Cow<'a, str>> for UrlValue<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Self::Text(text)
    }
}
