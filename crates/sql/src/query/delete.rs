//! `DELETE`.

use crate::{Expr, Name};

/// A `DELETE` of the rows for which the filter holds; of all rows without a filter.
#[derive(Debug, Clone, PartialEq)]
pub struct Delete {
    /// The table.
    pub table: Name,
    /// Which rows.
    pub filter: Option<Expr>,
    /// The columns of the deleted rows that are given back.
    pub returning: Vec<Name>,
}

impl Delete {
    /// A delete from a table.
    pub fn from(table: impl Into<Name>) -> Self {
        Self {
            table: table.into(),
            filter: None,
            returning: Vec::new(),
        }
    }

    /// Only rows for which this holds, besides what was asked before.
    pub fn filter(mut self, condition: Expr) -> Self {
        self.filter = Some(match self.filter.take() {
            None => condition,
            Some(before) => before.and(condition),
        });
        self
    }

    /// Gives back these columns of the deleted rows.
    pub fn returning<T: Into<Name>>(mut self, columns: impl IntoIterator<Item = T>) -> Self {
        self.returning = columns.into_iter().map(Into::into).collect();
        self
    }
}
