//! `Value`: what a field holds, before and after cleaning.

mod convert;

use std::cmp::Ordering;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};

use crate::decimal::Decimal;
use crate::upload::{StoredFile, UploadedFile};

pub use convert::FromValue;

/// The value of a field: submitted, initial or cleaned.
///
/// ```
/// use nuages_forms::Value;
/// assert_eq!(Value::from("a").to_string(), "a");
/// assert_eq!(Value::from(true).to_string(), "True");
/// assert!(Value::from("").is_empty());
/// ```
///
/// # Django
/// The Python objects that fields clean to; printing gives Python's `str()`.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Value {
    /// Nothing was given.
    #[default]
    None,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A floating point number.
    Float(f64),
    /// An exact decimal number.
    Decimal(Decimal),
    /// Text.
    Str(String),
    /// Several values.
    List(Vec<Value>),
    /// A date.
    Date(Date),
    /// A time of day.
    Time(Time),
    /// A date and time without a time zone.
    DateTime(DateTime),
    /// A point in time.
    Timestamp(Timestamp),
    /// A file that came with the request.
    File(UploadedFile),
    /// A file that is already kept somewhere, shown with a link.
    StoredFile(StoredFile),
    /// A file was sent and its removal asked for at once; only file widgets give it.
    Contradiction,
}

impl Value {
    /// Is there nothing in it: none, an empty text or an empty list?
    ///
    /// # Django
    /// `value in EMPTY_VALUES`.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::None => true,
            Self::Str(text) => text.is_empty(),
            Self::List(items) => items.is_empty(),
            _ => false,
        }
    }

    /// Python's truth: empty values, zero and false are not true.
    pub fn is_true(&self) -> bool {
        match self {
            Self::Bool(yes) => *yes,
            Self::Int(number) => *number != 0,
            Self::Float(number) => *number != 0.0,
            Self::Decimal(number) => !number.is_zero(),
            Self::File(file) => !file.name().is_empty(),
            Self::StoredFile(file) => !file.name().is_empty(),
            other => !other.is_empty(),
        }
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    /// Is it the same for Python: `1 == 1.0 == True`?
    pub fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::None, Self::None) | (Self::Contradiction, Self::Contradiction) => true,
            (Self::Str(one), Self::Str(two)) => one == two,
            (Self::List(one), Self::List(two)) => {
                one.len() == two.len() && one.iter().zip(two).all(|(one, two)| one.same(two))
            }
            (Self::File(one), Self::File(two)) => one == two,
            (Self::StoredFile(one), Self::StoredFile(two)) => one == two,
            _ => self.order(other) == Some(Ordering::Equal),
        }
    }

    /// How it compares with another number, date or time; nothing when they do not compare.
    pub fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Str(one), Self::Str(two)) => Some(one.cmp(two)),
            (Self::Date(one), Self::Date(two)) => Some(one.cmp(two)),
            (Self::Time(one), Self::Time(two)) => Some(one.cmp(two)),
            (Self::DateTime(one), Self::DateTime(two)) => Some(one.cmp(two)),
            (Self::Timestamp(one), Self::Timestamp(two)) => Some(one.cmp(two)),
            (Self::Float(one), Self::Float(two)) => one.partial_cmp(two),
            _ => Some(self.exact()?.cmp(&other.exact()?)),
        }
    }

    /// The number in it, exactly.
    fn exact(&self) -> Option<Decimal> {
        match self {
            Self::Bool(yes) => Some(Decimal::from(i64::from(*yes))),
            Self::Int(number) => Some(Decimal::from(*number)),
            Self::Float(number) => Decimal::from_f64(*number),
            Self::Decimal(number) => Some(number.clone()),
            _ => None,
        }
    }

    /// The number in it as the nearest `f64`.
    pub(crate) fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Float(number) => Some(*number),
            Self::Bool(_) | Self::Int(_) | Self::Decimal(_) => {
                self.exact()?.to_string().parse().ok()
            }
            _ => None,
        }
    }

    /// The value for a template.
    pub fn to_template(&self) -> nuages_template::Value<'static> {
        use nuages_template::Value as Shown;
        match self {
            Self::None | Self::Contradiction => Shown::None,
            Self::Bool(yes) => Shown::Bool(*yes),
            Self::Int(number) => Shown::Int(*number),
            Self::Float(number) => Shown::Float(*number),
            Self::Decimal(number) => Shown::Decimal(number.to_string().into()),
            Self::Str(text) => Shown::Str(text.clone().into()),
            Self::List(items) => Shown::list(items.iter().map(Self::to_template).collect()),
            Self::Date(date) => Shown::Date(*date),
            Self::Time(time) => Shown::Time(*time),
            Self::DateTime(at) => Shown::DateTime(*at),
            Self::Timestamp(at) => Shown::Timestamp(*at),
            Self::File(file) => Shown::object(file.clone()),
            Self::StoredFile(file) => Shown::object(file.clone()),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Str(text) => f.write_str(text),
            Self::Int(number) => write!(f, "{number}"),
            Self::File(file) => f.write_str(file.name()),
            Self::StoredFile(file) => f.write_str(file.name()),
            Self::Contradiction => f.write_str("contradiction"),
            other => write!(f, "{}", other.to_template()),
        }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.same(other)
    }
}
