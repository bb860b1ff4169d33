//! What a member of a model's struct can be, and what the derive asks of it.

use nuages_sql::Value;
use nuages_template::{self as template, ToValue as _};

use super::{FieldError, FieldType, SqlType};
use crate::expressions::{Anchor, Column};
use crate::meta::FieldMeta;
use crate::rows::{Branch, RowReader};

/// What a member of a model's struct can be: a [`FieldType`], an `Option` of one,
/// [`Auto`](super::Auto), [`ForeignKey`](super::ForeignKey) or an `Option` of that.
#[diagnostic::on_unimplemented(
    message = "a model's field cannot be `{Self}`",
    label = "neither a `FieldType` nor an `Option`, `Auto` or `ForeignKey` of what fits in there",
    note = "for a type of your own implement `FieldType`; for another model use `ForeignKey<…>`"
)]
pub trait Field: Sized + Send + Sync + 'static {
    #[doc(hidden)]
    const META: FieldMeta;
    /// What the column's expressions hold: `i64` for `Auto<i64>`.
    type Value: SqlType;
    /// What a path has under the field's name: a [`Column`] or a
    /// [`Related`](crate::Related) model.
    type Path;

    #[doc(hidden)]
    fn path(anchor: &Anchor, field: &'static FieldMeta) -> Self::Path;
    #[doc(hidden)]
    fn read(value: Value) -> Result<Self, FieldError>;
    #[doc(hidden)]
    fn write(&self) -> Value;
    /// `None` when it is a relation that is not loaded.
    #[doc(hidden)]
    fn show(&self) -> Option<template::Value<'_>>;
    #[doc(hidden)]
    fn blank() -> Self;
    #[doc(hidden)]
    fn key(&self) -> Option<Self::Value>;
    /// Reads the row that it refers to; only foreign keys do.
    #[doc(hidden)]
    fn load(&mut self, branch: &Branch, row: &mut RowReader<'_>) -> Result<(), FieldError> {
        let _ = (branch, row);
        Ok(())
    }
}

impl<S: FieldType> Field for S {
    const META: FieldMeta = FieldMeta::new(S::COLUMN);

    type Value = S;
    type Path = Column<S>;

    fn path(anchor: &Anchor, field: &'static FieldMeta) -> Self::Path {
        Column::column(anchor, field)
    }

    fn read(value: Value) -> Result<Self, FieldError> {
        S::from_sql(value)
    }

    fn write(&self) -> Value {
        S::to_sql(self)
    }

    fn show(&self) -> Option<template::Value<'_>> {
        Some(self.to_value())
    }

    fn blank() -> Self {
        S::default()
    }

    fn key(&self) -> Option<Self::Value> {
        Some(self.clone())
    }
}

impl<S: FieldType> Field for Option<S> {
    const META: FieldMeta = FieldMeta {
        null: true,
        ..FieldMeta::new(S::COLUMN)
    };

    type Value = Self;
    type Path = Column<Self>;

    fn path(anchor: &Anchor, field: &'static FieldMeta) -> Self::Path {
        Column::column(anchor, field)
    }

    fn read(value: Value) -> Result<Self, FieldError> {
        SqlType::decode(value)
    }

    fn write(&self) -> Value {
        self.as_ref().map_or(Value::Null, FieldType::to_sql)
    }

    fn show(&self) -> Option<template::Value<'_>> {
        Some(self.to_value())
    }

    fn blank() -> Self {
        None
    }

    fn key(&self) -> Option<Self::Value> {
        Some(self.clone())
    }
}
