//! One change to a table, as a migration asks for it.

use super::{Column, Index, Table, UniqueConstraint};
use crate::{Name, Value};

/// One change to a table, as a migration asks for it.
///
/// [`Dialect::alter`](crate::Dialect::alter) turns it into statements; the table given there is
/// the one before the change, except for constraints (see each).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Change {
    /// Adds a column; existing rows get `fill`.
    AddColumn {
        /// The column.
        column: Column,
        /// What existing rows get.
        fill: Value,
    },
    /// Removes a column, and with it the named indexes that have it.
    DropColumn(Name),
    /// Makes another column of it; the values stay.
    AlterColumn {
        /// Its name so far.
        name: Name,
        /// What it becomes, its name included.
        to: Column,
        /// What NULLs become where NULL is no longer allowed.
        fill: Value,
        /// Other tables with foreign keys to this column, as they are to be: remade on SQLite
        /// when the column's type changes.
        related: Vec<Table>,
    },
    /// Says anew which columns are unique together.
    UniqueTogether(Vec<Vec<Name>>),
    /// Adds a named index.
    AddIndex(Index),
    /// Removes the named index.
    DropIndex(Name),
    /// Adds a named unique constraint.
    AddConstraint(UniqueConstraint),
    /// Removes the named unique constraint.
    DropConstraint(Name),
    /// Gives the table another name.
    Rename(Name),
}
