//! A table with its constraints and indexes.

use super::{Column, names};
use crate::Name;

/// A table with its constraints and indexes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// Its name.
    pub name: Name,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// Columns whose values together occur once, each as a unique index with Django's name.
    pub unique_together: Vec<Vec<Name>>,
    /// Named unique constraints, written inside the table (`UniqueConstraint`).
    pub constraints: Vec<UniqueConstraint>,
    /// Named indexes (`Meta.indexes`).
    pub indexes: Vec<Index>,
}

/// Columns whose values together occur once, as a named constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UniqueConstraint {
    /// Its name.
    pub name: Name,
    /// Its columns.
    pub columns: Vec<Name>,
}

/// A named index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// Its name.
    pub name: Name,
    /// Its columns, in order.
    pub columns: Vec<IndexColumn>,
    /// Whether the columns' values together occur once.
    pub unique: bool,
}

/// One column of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexColumn {
    /// Its name.
    pub name: Name,
    /// Whether it is sorted downwards.
    pub descending: bool,
}

impl<T: Into<Name>> From<T> for IndexColumn {
    fn from(name: T) -> Self {
        Self {
            name: name.into(),
            descending: false,
        }
    }
}

impl Index {
    /// An index of these columns, upwards.
    pub fn new<T: Into<IndexColumn>>(
        name: impl Into<Name>,
        columns: impl IntoIterator<Item = T>,
    ) -> Self {
        Self {
            name: name.into(),
            columns: columns.into_iter().map(Into::into).collect(),
            unique: false,
        }
    }

    /// Whether the columns' values together occur once.
    pub fn unique(mut self) -> Self {
        self.unique = true;
        self
    }
}

impl Table {
    /// A table without columns yet.
    pub fn new(name: impl Into<Name>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    /// Adds a column.
    pub fn column(mut self, column: Column) -> Self {
        self.columns.push(column);
        self
    }

    /// The values of these columns together occur once.
    pub fn unique_together<T: Into<Name>>(mut self, columns: impl IntoIterator<Item = T>) -> Self {
        self.unique_together
            .push(columns.into_iter().map(Into::into).collect());
        self
    }

    /// Adds a named index.
    pub fn index(mut self, index: Index) -> Self {
        self.indexes.push(index);
        self
    }

    /// The column of that name.
    pub fn find(&self, column: &str) -> Option<&Column> {
        self.columns.iter().find(|one| one.name == column)
    }

    /// Every index that the table has besides its constraints, in Django's order:
    /// unique together, of single columns, named ones.
    pub(crate) fn all_indexes(&self, max_name_length: usize) -> Vec<Index> {
        let together = self
            .unique_together
            .iter()
            .map(|columns| self.together_index(columns, max_name_length));
        let single = self
            .columns
            .iter()
            .filter(|column| column.needs_index())
            .map(|column| self.column_index(column, max_name_length));
        together
            .chain(single)
            .chain(self.indexes.iter().cloned())
            .collect()
    }

    /// The index of a column with `index`, under Django's name.
    pub(crate) fn column_index(&self, column: &Column, max_name_length: usize) -> Index {
        let name = names::index_name(&self.name, &[&column.name], "", max_name_length);
        Index::new(name, [column.name.clone()])
    }

    /// The unique index of columns that are unique together, under Django's name.
    pub(crate) fn together_index(&self, columns: &[Name], max_name_length: usize) -> Index {
        let names: Vec<&str> = columns.iter().map(AsRef::as_ref).collect();
        let name = names::index_name(&self.name, &names, "_uniq", max_name_length);
        Index::new(name, columns.iter().cloned()).unique()
    }
}
