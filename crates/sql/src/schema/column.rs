//! One column of a table.

use super::ColumnType;
use crate::Name;

/// One column of a table.
///
/// ```
/// use nuages_sql::{Column, ColumnType};
///
/// let id = Column::new("id", ColumnType::BigAuto).primary_key();
/// let title = Column::new("title", ColumnType::Varchar(200)).unique();
/// let author = Column::new("author_id", ColumnType::BigInteger).null().references("author", "id");
/// assert!(author.references.is_some() && author.index);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are independent options, named as in Django"
)]
pub struct Column {
    /// Its name.
    pub name: Name,
    /// What it holds.
    pub kind: ColumnType,
    /// Whether NULL is allowed.
    pub null: bool,
    /// Whether it is the primary key.
    pub primary_key: bool,
    /// Whether each value occurs once.
    pub unique: bool,
    /// Whether it has an index of its own (`db_index`); a unique column needs none.
    pub index: bool,
    /// The column that it refers to.
    pub references: Option<Reference>,
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The table referred to.
    pub table: Name,
    /// Its column.
    pub column: Name,
    /// Whether the database holds it to be true (`db_constraint`).
    pub constraint: bool,
}

impl Column {
    /// A column that is not NULL and has no index.
    pub fn new(name: impl Into<Name>, kind: ColumnType) -> Self {
        Self {
            name: name.into(),
            kind,
            null: false,
            primary_key: false,
            unique: false,
            index: false,
            references: None,
        }
    }

    /// NULL is allowed.
    pub fn null(mut self) -> Self {
        self.null = true;
        self
    }

    /// It is the primary key.
    pub fn primary_key(mut self) -> Self {
        self.primary_key = true;
        self
    }

    /// Each value occurs once.
    pub fn unique(mut self) -> Self {
        self.unique = true;
        self
    }

    /// It has an index of its own.
    pub fn index(mut self) -> Self {
        self.index = true;
        self
    }

    /// It is a foreign key, with an index as in Django.
    pub fn references(mut self, table: impl Into<Name>, column: impl Into<Name>) -> Self {
        self.references = Some(Reference {
            table: table.into(),
            column: column.into(),
            constraint: true,
        });
        self.index = true;
        self
    }

    /// Whether it is a foreign key which the database holds to be true.
    pub fn has_constraint(&self) -> bool {
        self.references.as_ref().is_some_and(|to| to.constraint)
    }

    /// Whether it gets an index of its own: not when it is unique anyway.
    pub fn needs_index(&self) -> bool {
        self.index && !self.unique && !self.primary_key
    }
}
