//! What differs from database to database.

mod grammar;
mod printer;
mod sqlite;

use std::fmt::Debug;

use grammar::Grammar;
pub(crate) use printer::Printer;
pub use sqlite::{SQLITE, Sqlite};

use crate::schema::{Change, Table};
use crate::{ColumnType, Name, RawSql, Statement};

/// Which database a dialect is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Vendor {
    /// SQLite.
    Sqlite,
}

impl Vendor {
    /// How many there are.
    pub(crate) const COUNT: usize = 1;

    /// Django's name for it (`connection.vendor`).
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
        }
    }
}

/// How one database wants its SQL: the printers and the plans for changing tables.
///
/// Sealed; [`SQLITE`] is the one there is.
pub trait Dialect: Grammar + Debug + Send + Sync + 'static {
    /// Which database this is for.
    fn vendor(&self) -> Vendor;

    /// How many parameters one statement may have; bulk inserts are cut into pieces by it.
    fn max_params(&self) -> usize;

    /// How long the name of an index may be.
    fn max_name_length(&self) -> usize;

    /// A column's type as the database spells it.
    fn column_type(&self, kind: ColumnType) -> Name;

    /// Reads the names of all tables, in order.
    fn table_names(&self) -> RawSql;

    /// The statements that make a table: the table first, then its indexes.
    ///
    /// # Django
    /// `SchemaEditor.create_model`; Django runs the indexes at the end of the migration.
    fn create_table(&self, table: &Table) -> Vec<Statement>;

    /// The statements that make a change to a table.
    ///
    /// On SQLite, those that remake a table expect foreign keys to be switched off, as the
    /// database's `schema_atomic` does.
    ///
    /// # Django
    /// `SchemaEditor.add_field`, `alter_field`…
    fn alter(&self, table: &Table, change: &Change) -> Vec<Statement>;
}
