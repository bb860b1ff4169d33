//! Any statement.

use crate::schema::Ddl;
use crate::{Access, Delete, Insert, RawSql, Select, Update};

/// Any statement: what the printers print and a database runs.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Statement {
    /// Reads rows.
    Select(Select),
    /// Adds rows.
    Insert(Insert),
    /// Changes rows.
    Update(Update),
    /// Removes rows.
    Delete(Delete),
    /// Changes the tables themselves.
    Ddl(Ddl),
    /// Hand-written SQL.
    Raw(RawSql),
}

impl Statement {
    /// Whether it only reads.
    pub fn access(&self) -> Access {
        match self {
            Self::Select(_) => Access::Read,
            Self::Insert(_) | Self::Update(_) | Self::Delete(_) | Self::Ddl(_) => Access::Write,
            Self::Raw(raw) => raw.access(),
        }
    }
}

macro_rules! from_statement {
    ($($name:ident),*) => {
        $(
            impl From<$name> for Statement {
                fn from(statement: $name) -> Self {
                    Self::$name(statement)
                }
            }
        )*
    };
}

from_statement!(Select, Insert, Update, Delete, Ddl);

impl From<RawSql> for Statement {
    fn from(raw: RawSql) -> Self {
        Self::Raw(raw)
    }
}
