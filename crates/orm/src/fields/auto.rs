//! `Auto`: a key that the database counts up.

use std::fmt;

use nuages_sql::{ColumnType, Value};
use nuages_template as template;

use super::{Field, FieldError, FieldType};
use crate::expressions::{Anchor, Column};
use crate::meta::FieldMeta;

/// A key that the database counts up; unset until the row is saved.
///
/// ```
/// use nuages_orm::Auto;
///
/// let mut id = Auto::UNSET;
/// assert_eq!(id.get(), None);
/// id = Auto::from(7_i64);
/// assert_eq!(id.get(), Some(7));
/// assert!(id == 7);
/// ```
///
/// # Django
/// `AutoField` (`Auto<i32>`), `BigAutoField` (`Auto<i64>`).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Auto<T>(Option<T>);

/// The numbers that a database counts up: `i32` and `i64`.
#[diagnostic::on_unimplemented(
    message = "a database cannot count up `{Self}`",
    label = "only `Auto<i32>` and `Auto<i64>` exist"
)]
pub trait AutoKey: FieldType + Copy {
    #[doc(hidden)]
    const AUTO: ColumnType;
}

impl AutoKey for i32 {
    const AUTO: ColumnType = ColumnType::Auto;
}

impl AutoKey for i64 {
    const AUTO: ColumnType = ColumnType::BigAuto;
}

impl<T> Auto<T> {
    /// Not counted yet.
    pub const UNSET: Self = Self(None);
}

impl<T: Copy> Auto<T> {
    /// The number, if there is one yet.
    pub fn get(self) -> Option<T> {
        self.0
    }
}

impl<T> Default for Auto<T> {
    fn default() -> Self {
        Self::UNSET
    }
}

impl<T> From<T> for Auto<T> {
    fn from(number: T) -> Self {
        Self(Some(number))
    }
}

impl<T: PartialEq> PartialEq<T> for Auto<T> {
    fn eq(&self, other: &T) -> bool {
        self.0.as_ref() == Some(other)
    }
}

impl<T: fmt::Display> fmt::Display for Auto<T> {
    /// The number, or `None` as Django prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(number) => number.fmt(f),
            None => f.write_str("None"),
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Auto<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(number) => number.fmt(f),
            None => f.write_str("unset"),
        }
    }
}

impl<T: template::ToValue> template::ToValue for Auto<T> {
    fn to_value(&self) -> template::Value<'_> {
        self.0.to_value()
    }
}

impl<T: AutoKey> Field for Auto<T> {
    const META: FieldMeta = FieldMeta {
        auto: true,
        blank: true,
        ..FieldMeta::new(T::AUTO)
    };

    type Value = T;
    type Path = Column<T>;

    fn path(anchor: &Anchor, field: &'static FieldMeta) -> Self::Path {
        Column::column(anchor, field)
    }

    fn read(value: Value) -> Result<Self, FieldError> {
        T::from_sql(value).map(Self::from)
    }

    fn write(&self) -> Value {
        self.0.map_or(Value::Null, FieldType::into_sql)
    }

    fn show(&self) -> Option<template::Value<'_>> {
        Some(template::ToValue::to_value(self))
    }

    fn blank() -> Self {
        Self::UNSET
    }

    fn key(&self) -> Option<Self::Value> {
        self.0
    }
}
