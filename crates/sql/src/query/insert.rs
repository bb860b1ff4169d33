//! `INSERT`.

use crate::{Expr, Name, Select};

/// An `INSERT` of one or more rows.
///
/// ```
/// use nuages_sql::{Expr, Insert, SQLITE};
///
/// let insert = Insert::into("tag").columns(["name"])
///     .row([Expr::value("a")]).row([Expr::value("b")]).returning(["id"]);
/// let printed = nuages_sql::print(&insert, &SQLITE);
/// assert_eq!(printed.sql(), r#"INSERT INTO "tag" ("name") VALUES (?), (?) RETURNING "tag"."id""#);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Insert {
    /// The table.
    pub table: Name,
    /// The columns that are given; no columns at all insert one row of defaults.
    pub columns: Vec<Name>,
    /// Where the rows come from.
    pub source: InsertSource,
    /// What to do when a row is there already.
    pub on_conflict: Option<OnConflict>,
    /// The columns of the new rows that are given back.
    pub returning: Vec<Name>,
}

/// Where an insert's rows come from.
#[derive(Debug, Clone, PartialEq)]
pub enum InsertSource {
    /// Rows of expressions, each as long as the columns.
    Rows(Vec<Vec<Expr>>),
    /// The rows of a select.
    Select(Box<Select>),
}

/// What to do when a row is there already.
#[derive(Debug, Clone, PartialEq)]
pub struct OnConflict {
    /// The columns of the unique index; empty is any (only for [`ConflictAction::Nothing`]).
    pub target: Vec<Name>,
    /// What to do.
    pub action: ConflictAction,
}

/// What to do with a row that is there already.
#[derive(Debug, Clone, PartialEq)]
pub enum ConflictAction {
    /// Leave it.
    Nothing,
    /// Change it; [`Expr::Excluded`] is the new row's value.
    Update(Vec<(Name, Expr)>),
}

impl Insert {
    /// An insert into a table.
    pub fn into(table: impl Into<Name>) -> Self {
        Self {
            table: table.into(),
            columns: Vec::new(),
            source: InsertSource::Rows(Vec::new()),
            on_conflict: None,
            returning: Vec::new(),
        }
    }

    /// The columns that are given.
    pub fn columns<T: Into<Name>>(mut self, columns: impl IntoIterator<Item = T>) -> Self {
        self.columns = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Adds a row (to an insert of rows).
    pub fn row(mut self, row: impl IntoIterator<Item = Expr>) -> Self {
        if let InsertSource::Rows(rows) = &mut self.source {
            rows.push(row.into_iter().collect());
        }
        self
    }

    /// Inserts the rows of a select instead.
    pub fn select(mut self, select: Select) -> Self {
        self.source = InsertSource::Select(Box::new(select));
        self
    }

    /// Leaves rows that are there already.
    pub fn on_conflict_do_nothing(mut self) -> Self {
        self.on_conflict = Some(OnConflict {
            target: Vec::new(),
            action: ConflictAction::Nothing,
        });
        self
    }

    /// Changes rows that are there already.
    pub fn on_conflict_update<T: Into<Name>>(
        mut self,
        target: impl IntoIterator<Item = T>,
        assignments: impl IntoIterator<Item = (Name, Expr)>,
    ) -> Self {
        self.on_conflict = Some(OnConflict {
            target: target.into_iter().map(Into::into).collect(),
            action: ConflictAction::Update(assignments.into_iter().collect()),
        });
        self
    }

    /// Gives back these columns of the new rows.
    pub fn returning<T: Into<Name>>(mut self, columns: impl IntoIterator<Item = T>) -> Self {
        self.returning = columns.into_iter().map(Into::into).collect();
        self
    }
}
