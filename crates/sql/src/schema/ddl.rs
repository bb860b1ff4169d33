//! Statements that change the tables themselves, one SQL statement each.

use super::{Column, Index, Table};
use crate::Name;

/// One statement that changes the tables themselves.
///
/// A change that a database cannot do in one statement (altering a column on SQLite) is a
/// [`Change`](super::Change), which [`Dialect::alter`](crate::Dialect::alter) turns into several.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Ddl {
    /// Makes a table, with its constraints, without its indexes.
    CreateTable(Table),
    /// Removes a table.
    DropTable(Name),
    /// Gives a table another name.
    RenameTable {
        /// The name so far.
        from: Name,
        /// The new name.
        to: Name,
    },
    /// Adds a column at the end.
    AddColumn {
        /// The table.
        table: Name,
        /// The column.
        column: Column,
    },
    /// Removes a column.
    DropColumn {
        /// The table.
        table: Name,
        /// The column.
        column: Name,
    },
    /// Gives a column another name.
    RenameColumn {
        /// The table.
        table: Name,
        /// The name so far.
        from: Name,
        /// The new name.
        to: Name,
    },
    /// Makes an index.
    CreateIndex {
        /// The table.
        table: Name,
        /// The index.
        index: Index,
    },
    /// Removes an index.
    DropIndex(Name),
}
