//! One row.

use std::mem;

use nuages_sql::Value;

use crate::FromValue;
use crate::error::{Error, ErrorKind, Result};

/// One row of a result; columns are counted from 0.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Row {
    values: Vec<Value>,
}

impl Row {
    /// A row of these values.
    pub fn new(values: Vec<Value>) -> Self {
        Self { values }
    }

    /// How many columns there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are no columns.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// A copy of a column's value as a Rust type.
    ///
    /// # Errors
    /// When there is no such column or its value is of another kind.
    pub fn get<T: FromValue>(&self, index: usize) -> Result<T> {
        let value = self.value(index).cloned().ok_or_else(|| missing(index))?;
        T::from_value(value).map_err(|error| Error::conversion(index, &error))
    }

    /// Takes a column's value out, without a copy; NULL stays behind.
    ///
    /// # Errors
    /// When there is no such column or its value is of another kind.
    pub fn take<T: FromValue>(&mut self, index: usize) -> Result<T> {
        let value = self.values.get_mut(index).ok_or_else(|| missing(index))?;
        T::from_value(mem::take(value)).map_err(|error| Error::conversion(index, &error))
    }

    /// A column's value.
    pub fn value(&self, index: usize) -> Option<&Value> {
        self.values.get(index)
    }

    /// All values, in order.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// All values, in order.
    pub fn into_values(self) -> Vec<Value> {
        self.values
    }

    /// Empties the row for the driver, which fills it anew.
    pub(crate) fn refill(&mut self, columns: usize) -> &mut Vec<Value> {
        self.values.clear();
        self.values.reserve_exact(columns);
        &mut self.values
    }
}

#[cold]
fn missing(index: usize) -> Error {
    Error::new(ErrorKind::Type, format!("column {index}: there is none"))
}
