//! `UPDATE`.

use crate::{Expr, Name};

/// An `UPDATE` of the rows for which the filter holds; of all rows without a filter.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    /// The table.
    pub table: Name,
    /// Columns and their new values, which may refer to the old ones.
    pub assignments: Vec<(Name, Expr)>,
    /// Which rows.
    pub filter: Option<Expr>,
    /// The columns of the changed rows that are given back.
    pub returning: Vec<Name>,
}

impl Update {
    /// An update of a table.
    pub fn table(table: impl Into<Name>) -> Self {
        Self {
            table: table.into(),
            assignments: Vec::new(),
            filter: None,
            returning: Vec::new(),
        }
    }

    /// Sets a column.
    pub fn set(mut self, column: impl Into<Name>, value: impl Into<Expr>) -> Self {
        self.assignments.push((column.into(), value.into()));
        self
    }

    /// Only rows for which this holds, besides what was asked before.
    pub fn filter(mut self, condition: Expr) -> Self {
        self.filter = Some(match self.filter.take() {
            None => condition,
            Some(before) => before.and(condition),
        });
        self
    }

    /// Gives back these columns of the changed rows.
    pub fn returning<T: Into<Name>>(mut self, columns: impl IntoIterator<Item = T>) -> Self {
        self.returning = columns.into_iter().map(Into::into).collect();
        self
    }
}
