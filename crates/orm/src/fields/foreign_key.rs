//! `ForeignKey`: the key of another model's row, and the row itself when it was loaded.

use std::fmt;
use std::sync::Arc;

use nuages_sql::Value;
use nuages_template::{self as template, ToValue as _};

use super::{Field, FieldError, FieldType, SqlType};
use crate::error::{Error, Result};
use crate::expressions::Anchor;
use crate::meta::{FieldMeta, ModelMeta};
use crate::model::Model;
use crate::relations::Related;
use crate::rows::{self, Branch, RowReader};

/// The key of another model's row, and the row itself when the query loaded it.
///
/// It never loads anything by itself: a row that was not loaded is an error with a hint, so that a
/// loop cannot make a query for each of its rows by accident.
///
/// # Django
/// `ForeignKey`. A column that may be NULL is an `Option<ForeignKey<…>>`; a `OneToOneField` is a
/// foreign key that is `unique`.
pub struct ForeignKey<T: Model> {
    key: Option<T::Key>,
    loaded: Option<Arc<T>>,
}

impl<T: Model> ForeignKey<T> {
    /// Refers to the row with this key, whether it is there or not.
    pub fn new(key: impl Into<T::Key>) -> Self {
        Self {
            key: Some(key.into()),
            loaded: None,
        }
    }

    /// Refers to a row, which must have been saved to have a key.
    pub fn to(row: &T) -> Self {
        Self {
            key: row.key(),
            loaded: None,
        }
    }

    /// Refers to a row and keeps it, as if a query had loaded it.
    pub fn with(row: impl Into<Arc<T>>) -> Self {
        let row = row.into();
        Self {
            key: row.key(),
            loaded: Some(row),
        }
    }

    /// The key; `None` as long as it refers to nothing (which cannot be saved).
    pub fn id(&self) -> Option<T::Key> {
        self.key.clone()
    }

    /// Whether it refers to this row.
    pub fn is(&self, row: &T) -> bool
    where
        T::Key: PartialEq,
    {
        self.key.is_some() && self.key == row.key()
    }

    /// The row that it refers to.
    ///
    /// # Errors
    /// When the query did not load it; the hint says how it would.
    pub fn loaded(&self) -> Result<&T> {
        self.get().ok_or_else(|| Error::not_loaded(T::meta()))
    }

    /// The row that it refers to, if the query loaded it.
    pub fn get(&self) -> Option<&T> {
        self.loaded.as_deref()
    }

    /// A handle to the row that it refers to, if the query loaded it.
    pub fn shared(&self) -> Option<Arc<T>> {
        self.loaded.clone()
    }
}

impl<T: Model> From<&T> for ForeignKey<T> {
    fn from(row: &T) -> Self {
        Self::to(row)
    }
}

impl<T: Model> Clone for ForeignKey<T> {
    fn clone(&self) -> Self {
        Self {
            key: self.key.clone(),
            loaded: self.loaded.clone(),
        }
    }
}

impl<T: Model> Default for ForeignKey<T> {
    fn default() -> Self {
        Self {
            key: None,
            loaded: None,
        }
    }
}

impl<T: Model<Key: PartialEq>> PartialEq for ForeignKey<T> {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl<T: Model<Key: Eq>> Eq for ForeignKey<T> {}

impl<T: Model> fmt::Debug for ForeignKey<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(", T::meta().name)?;
        match &self.key {
            Some(key) => write!(f, "{:?}", key.to_value())?,
            None => f.write_str("unset")?,
        }
        f.write_str(if self.loaded.is_some() {
            ", loaded)"
        } else {
            ")"
        })
    }
}

impl<T: Model> Field for ForeignKey<T> {
    const META: FieldMeta = FieldMeta {
        db_index: true,
        relation: Some(related_meta::<T>),
        ..FieldMeta::new(<T::Key as FieldType>::COLUMN)
    };

    type Value = T::Key;
    type Path = Related<T, T::Key>;

    fn path(anchor: &Anchor, field: &'static FieldMeta) -> Self::Path {
        Related::new(anchor, field)
    }

    fn read(value: Value) -> Result<Self, FieldError> {
        T::Key::from_sql(value).map(Self::new)
    }

    fn write(&self) -> Value {
        self.key.as_ref().map_or(Value::Null, FieldType::to_sql)
    }

    fn show(&self) -> Option<template::Value<'_>> {
        self.get().map(|row| template::Value::Object(row))
    }

    fn blank() -> Self {
        Self::default()
    }

    fn key(&self) -> Option<Self::Value> {
        self.key.clone()
    }

    fn load(&mut self, branch: &Branch, row: &mut RowReader<'_>) -> Result<(), FieldError> {
        self.loaded = Some(Arc::new(rows::read_with(row, &branch.branches)?));
        Ok(())
    }
}

impl<T: Model> Field for Option<ForeignKey<T>> {
    const META: FieldMeta = FieldMeta {
        null: true,
        ..<ForeignKey<T> as Field>::META
    };

    type Value = Option<T::Key>;
    type Path = Related<T, Option<T::Key>>;

    fn path(anchor: &Anchor, field: &'static FieldMeta) -> Self::Path {
        Related::new(anchor, field)
    }

    fn read(value: Value) -> Result<Self, FieldError> {
        let key: Option<T::Key> = SqlType::decode(value)?;
        Ok(key.map(ForeignKey::new))
    }

    fn write(&self) -> Value {
        self.as_ref().map_or(Value::Null, Field::write)
    }

    fn show(&self) -> Option<template::Value<'_>> {
        match self {
            None => Some(template::Value::None),
            Some(key) => key.show(),
        }
    }

    fn blank() -> Self {
        None
    }

    fn key(&self) -> Option<Self::Value> {
        Some(self.as_ref().and_then(ForeignKey::id))
    }

    fn load(&mut self, branch: &Branch, row: &mut RowReader<'_>) -> Result<(), FieldError> {
        match self {
            None => {
                row.skip(branch.width());
                Ok(())
            }
            Some(key) => key.load(branch, row),
        }
    }
}

fn related_meta<T: Model>() -> &'static ModelMeta {
    T::meta()
}
