//! `Value`: what a template variable can be.
//!
//! A value borrows from the caller wherever it can: handing a `Vec<Post>` to a template copies one pointer.
//! Cloning a value never copies a list or an object, only (owned) strings.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Timestamp, ZonedDateTime};

use crate::list::List;
use crate::object::{Items, Object};

/// A template value.
///
/// ```
/// use nuages_template::Value;
/// assert_eq!(Value::from(3).to_text(), "3");
/// assert_eq!(Value::from("a").to_text(), "a");
/// assert_eq!(Value::from(vec![1, 2]).to_text(), "[1, 2]");
/// assert!(!Value::from("").is_true());
/// ```
///
/// # Django
/// The Python objects of a context. `Decimal` and integers beyond 64 bits are [`Value::Decimal`].
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum Value<'v> {
    /// Python's `None`.
    #[default]
    None,
    /// `True` or `False`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A floating point number.
    Float(f64),
    /// An exact decimal number as text, such as `1.50`.
    Decimal(Cow<'v, str>),
    /// Text that has to be escaped on its way into HTML.
    Str(Cow<'v, str>),
    /// Text that is HTML already.
    Safe(Cow<'v, str>),
    /// A point in time; shown in the current time zone.
    Timestamp(Timestamp),
    /// A point in time with its own time zone; shown in the current time zone.
    Zoned(Arc<ZonedDateTime>),
    /// A point in time that was moved to a time zone on purpose, by the filters `localtime`, `utc` and `timezone`: shown there.
    Local(Arc<ZonedDateTime>),
    /// A date and a time without a time zone.
    DateTime(DateTime),
    /// A date.
    Date(Date),
    /// A time of day.
    Time(Time),
    /// A length of time (Python's `timedelta`).
    Duration(SignedDuration),
    /// A list made during rendering or by the caller.
    List(List<'v>),
    /// An object of the caller, borrowed.
    Object(&'v dyn Object),
    /// An object that is shared or was made for the template.
    Shared(Arc<dyn Object>),
}

#[expect(
    clippy::len_without_is_empty,
    reason = "`is_true` is the question that templates ask"
)]
impl<'v> Value<'v> {
    /// Text that is HTML already and must not be escaped.
    ///
    /// # Security
    /// The name says it: you assert that every byte of user input in it has been escaped.
    ///
    /// # Django
    /// `mark_safe`.
    pub fn assert_safe(html: impl Into<Cow<'v, str>>) -> Self {
        Self::Safe(html.into())
    }

    /// An object that lives as long as somebody holds it.
    ///
    /// ```
    /// use nuages_template::{Object, Value};
    /// struct Point(i64);
    /// impl Object for Point {
    ///     fn attr(&self, name: &str) -> Option<Value<'_>> {
    ///         (name == "x").then(|| self.0.into())
    ///     }
    /// }
    /// let value = Value::object(Point(4));
    /// assert_eq!(value.attr("x").unwrap().to_text(), "4");
    /// ```
    pub fn object(object: impl Object + 'static) -> Self {
        Self::Shared(Arc::new(object))
    }

    /// A list of values.
    pub fn list(items: Vec<Value<'v>>) -> Self {
        Self::List(List::new(items))
    }

    /// The same value, borrowed for a shorter time; costs no allocation.
    pub fn reborrow(&self) -> Value<'_> {
        match self {
            Self::Decimal(text) => Value::Decimal(Cow::Borrowed(text)),
            Self::Str(text) => Value::Str(Cow::Borrowed(text)),
            Self::Safe(text) => Value::Safe(Cow::Borrowed(text)),
            Self::Shared(object) => Value::Object(&**object),
            other => other.clone(),
        }
    }

    /// The text, if this is a string (safe or not).
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) | Self::Safe(text) => Some(text),
            _ => None,
        }
    }

    /// The object, if this is one.
    pub fn as_object(&self) -> Option<&dyn Object> {
        match self {
            Self::Object(object) => Some(*object),
            Self::Shared(object) => Some(&**object),
            _ => None,
        }
    }

    /// The number, if this is a whole number.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// The value as a whole number, as Python's `int()` makes one: of numbers, booleans and digits in text.
    ///
    /// ```
    /// use nuages_template::Value;
    /// assert_eq!(Value::from(" 12 ").to_int(), Some(12));
    /// assert_eq!(Value::from(-1.9).to_int(), Some(-1));
    /// assert_eq!(Value::from("1.9").to_int(), None);
    /// ```
    pub fn to_int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            Self::Bool(yes) => Some((*yes).into()),
            Self::Float(number) => {
                crate::decimal::Decimal::from_value(&Self::Float(*number))?.to_int()
            }
            Self::Decimal(text) => crate::decimal::Decimal::parse(text)?.to_int(),
            Self::Str(text) | Self::Safe(text) => match text.parse() {
                Ok(number) => Some(number),
                Err(_) => crate::chars::whole_number(text)?.parse().ok(),
            },
            _ => None,
        }
    }

    /// As [`Value::to_int`], with room for twice as many digits.
    pub(crate) fn to_wide(&self) -> Option<i128> {
        match self {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "the limits of a float's whole part are looked at"
            )]
            Self::Float(number) if number.abs() < 1e38 => Some(number.trunc() as i128),
            Self::Decimal(text) => match text.parse() {
                Ok(number) => Some(number),
                Err(_) => crate::decimal::Decimal::parse(text)?.to_wide(),
            },
            Self::Str(text) | Self::Safe(text) => crate::chars::whole_number(text)?.parse().ok(),
            _ => self.to_int().map(i128::from),
        }
    }

    /// Is it a number or text, which Python's `int()` may take?
    pub(crate) fn is_number_or_text(&self) -> bool {
        matches!(
            self,
            Self::Int(_)
                | Self::Bool(_)
                | Self::Float(_)
                | Self::Decimal(_)
                | Self::Str(_)
                | Self::Safe(_)
        )
    }

    /// The value as a float, as Python's `float()` makes one.
    pub fn to_float(&self) -> Option<f64> {
        match self {
            #[expect(
                clippy::cast_precision_loss,
                reason = "Python's float() loses the same digits"
            )]
            Self::Int(number) => Some(*number as f64),
            Self::Bool(yes) => Some(f64::from(u8::from(*yes))),
            Self::Float(number) => Some(*number),
            Self::Decimal(text) | Self::Str(text) | Self::Safe(text) => match text.trim().parse() {
                Ok(number) => Some(number),
                Err(_) => crate::chars::plain_digits(text)?.trim().parse().ok(),
            },
            _ => None,
        }
    }

    /// Is this Python's `None`?
    pub fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// Does printing this value give HTML that must not be escaped again?
    pub fn is_safe(&self) -> bool {
        match self {
            Self::Safe(_) => true,
            _ => self.as_object().is_some_and(Object::is_safe),
        }
    }

    /// Python's truth: `None`, zero, empty strings and empty collections are false.
    pub fn is_true(&self) -> bool {
        match self {
            Self::None => false,
            Self::Bool(yes) => *yes,
            Self::Int(number) => *number != 0,
            Self::Float(number) => *number != 0.0,
            Self::Decimal(text) => text.split(['e', 'E']).next().is_some_and(|digits| {
                digits
                    .bytes()
                    .any(|b| !matches!(b, b'0' | b'.' | b'-' | b'+'))
            }),
            Self::Str(text) | Self::Safe(text) => !text.is_empty(),
            Self::Duration(length) => !length.is_zero(),
            Self::List(items) => !items.is_empty(),
            Self::Object(object) => object.is_true(),
            Self::Shared(object) => object.is_true(),
            Self::Timestamp(_)
            | Self::Zoned(_)
            | Self::Local(_)
            | Self::DateTime(_)
            | Self::Date(_)
            | Self::Time(_) => true,
        }
    }

    /// The attribute or dictionary entry `name`, if there is one.
    pub fn attr(&self, name: &str) -> Option<Value<'_>> {
        match self {
            Self::List(items) => items.field(name).map(Value::reborrow),
            _ => self.as_object()?.attr(name),
        }
    }

    /// The item at `index`: of a list, an object, or the characters of a string.
    pub fn index(&self, index: usize) -> Option<Value<'_>> {
        match self {
            Self::List(items) => items.get(index).map(Value::reborrow),
            Self::Str(text) | Self::Safe(text) => {
                let (start, c) = text.char_indices().nth(index)?;
                Some(Value::Str(Cow::Borrowed(
                    &text[start..start + c.len_utf8()],
                )))
            }
            _ => self.as_object()?.index(index),
        }
    }

    /// The items: of a list, of an object that can be iterated, or the characters of a string.
    pub fn iterate(&self) -> Option<Items<'_>> {
        match self {
            Self::List(items) => Some(Box::new(items.iter().map(Value::reborrow))),
            Self::Str(text) | Self::Safe(text) => {
                Some(Box::new(text.char_indices().map(|(start, c)| {
                    Value::Str(Cow::Borrowed(&text[start..start + c.len_utf8()]))
                })))
            }
            _ => self.as_object()?.iterate(),
        }
    }

    /// How many items or characters there are; nothing for values without a length.
    pub fn len(&self) -> Option<usize> {
        match self {
            Self::List(items) => Some(items.len()),
            Self::Str(text) | Self::Safe(text) => Some(text.chars().count()),
            _ => self.as_object()?.len(),
        }
    }

    /// Python's `str()` of the value.
    pub fn to_text(&self) -> Cow<'_, str> {
        match self {
            Self::Str(text) | Self::Safe(text) | Self::Decimal(text) => Cow::Borrowed(text),
            _ => {
                let mut out = String::new();
                // Writing into a String fails only when an object's `display` gives up: then what it wrote stands.
                let _ = crate::repr::write_text(self, &mut out);
                Cow::Owned(out)
            }
        }
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Safe(text) => write!(f, "Safe({text:?})"),
            Self::Timestamp(at) => write!(f, "Timestamp({at})"),
            Self::Decimal(text) => write!(f, "Decimal({text})"),
            _ => crate::repr::write_repr(self, f),
        }
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::repr::write_text(self, f)
    }
}
