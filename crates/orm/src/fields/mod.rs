//! What a column can hold, and what a model's field can be.
//!
//! A type of your own becomes a field type by one trait, [`FieldType`]; with it come
//! `Option` of it, its lookups, and templates that show it:
//!
//! ```
//! use nuages_orm::{FieldError, FieldType, TextType};
//! use nuages_sql::{ColumnType, Value};
//! use nuages_template as template;
//!
//! #[derive(Debug, Clone, Default, PartialEq)]
//! struct Slug(String);
//!
//! impl FieldType for Slug {
//!     const COLUMN: ColumnType = ColumnType::Varchar(50);
//!     fn from_sql(value: Value) -> Result<Self, FieldError> {
//!         String::from_sql(value).map(Self)
//!     }
//!     fn to_sql(&self) -> Value {
//!         self.0.to_sql()
//!     }
//! }
//! impl TextType for Slug {} // `icontains` and its like
//! impl template::ToValue for Slug {
//!     fn to_value(&self) -> template::Value<'_> {
//!         self.0.to_value()
//!     }
//! }
//! ```

mod auto;
mod builtin;
mod field;
mod foreign_key;

use std::fmt;

use nuages_sql::{ColumnType, Value};
use nuages_template::ToValue;

pub use auto::{Auto, AutoKey};
pub use field::Field;
pub use foreign_key::ForeignKey;

/// What a column can hold.
///
/// # Django
/// A subclass of `Field`: `db_type`, `from_db_value`, `get_prep_value`.
#[diagnostic::on_unimplemented(
    message = "a column cannot hold `{Self}`",
    label = "not a field type",
    note = "implement `FieldType` for it, or use one of the built-in types: bool, i16, i32, i64, u16, u32, f64, String, Vec<u8>, and jiff's Timestamp, DateTime, Date, Time"
)]
pub trait FieldType: Clone + Default + ToValue + Send + Sync + Sized + 'static {
    /// The column's type.
    const COLUMN: ColumnType;

    /// Reads a value of the database.
    ///
    /// # Errors
    /// When the value is of another kind.
    fn from_sql(value: Value) -> Result<Self, FieldError>;

    /// The value for the database.
    fn to_sql(&self) -> Value;

    /// The value for the database, without a copy where that is possible.
    fn into_sql(self) -> Value {
        self.to_sql()
    }
}

/// A field type that is text, and so has `icontains` and its like.
#[diagnostic::on_unimplemented(
    message = "this is a lookup of text, and the column holds `{Self}`",
    label = "only columns of text have it"
)]
pub trait TextType: FieldType {}

/// A field type that can be calculated with.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be calculated with",
    label = "only columns of numbers can be"
)]
pub trait NumberType: FieldType {}

/// What an expression gives: a [`FieldType`], or an `Option` of it.
pub trait SqlType: Sized + Send + 'static {
    /// The type without `Option`.
    type Scalar: FieldType;

    #[doc(hidden)]
    fn decode(value: Value) -> Result<Self, FieldError>;
}

impl<S: FieldType> SqlType for S {
    type Scalar = S;

    fn decode(value: Value) -> Result<Self, FieldError> {
        S::from_sql(value)
    }
}

impl<S: FieldType> SqlType for Option<S> {
    type Scalar = S;

    fn decode(value: Value) -> Result<Self, FieldError> {
        match value {
            Value::Null => Ok(None),
            value => S::from_sql(value).map(Some),
        }
    }
}

/// A value that a field cannot hold. It names kinds only, never the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    expected: &'static str,
    found: &'static str,
}

impl FieldError {
    /// Something else was expected than this value.
    #[cold]
    pub fn expected(expected: &'static str, found: &Value) -> Self {
        Self {
            expected,
            found: found.kind(),
        }
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}, found {}", self.expected, self.found)
    }
}

impl std::error::Error for FieldError {}
