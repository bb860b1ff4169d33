//! A printed statement: text and parameters.

use std::borrow::Cow;

use crate::dialect::{Dialect, Printer};
use crate::schema::Ddl;
use crate::{Delete, Insert, InsertSource, RawSql, Select, Statement, Update, Value};

/// A printed statement: text and parameters. Only printers make one.
#[derive(Debug, Clone)]
pub struct Printed<'a> {
    pub(crate) sql: Cow<'a, str>,
    pub(crate) params: Params<'a>,
    pub(crate) access: Access,
}

/// The values of a printed statement's placeholders, borrowed from the statement where they can be.
#[derive(Debug, Clone)]
pub struct Params<'a>(pub(crate) Repr<'a>);

#[derive(Debug, Clone)]
pub(crate) enum Repr<'a> {
    Slice(&'a [Value]),
    List(Vec<Cow<'a, Value>>),
}

/// Whether a statement only reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It only reads.
    Read,
    /// It may write.
    Write,
}

impl<'a> Printed<'a> {
    /// The text.
    pub fn sql(&self) -> &str {
        &self.sql
    }

    /// The values of the placeholders, in order.
    pub fn params(&self) -> &Params<'a> {
        &self.params
    }

    /// Whether it only reads.
    pub fn access(&self) -> Access {
        self.access
    }
}

impl Params<'_> {
    /// How many there are.
    pub fn len(&self) -> usize {
        match &self.0 {
            Repr::Slice(values) => values.len(),
            Repr::List(values) => values.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value at a position.
    pub fn get(&self, index: usize) -> Option<&Value> {
        match &self.0 {
            Repr::Slice(values) => values.get(index),
            Repr::List(values) => values.get(index).map(AsRef::as_ref),
        }
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Value> {
        (0..self.len()).filter_map(|index| self.get(index))
    }
}

/// Whatever can be printed and run: the statements, [`RawSql`], a bound
/// [`Prepared`](crate::Prepared) statement, and references to them.
///
/// Sealed: only this crate can make SQL text.
pub trait Query: sealed::Sealed + Sync {
    /// Text and parameters in a dialect.
    fn printed<'a>(&'a self, dialect: &dyn Dialect) -> Printed<'a>;
}

/// Prints a statement in a dialect.
pub fn print<'a>(query: &'a (impl Query + ?Sized), dialect: &dyn Dialect) -> Printed<'a> {
    query.printed(dialect)
}

/// Prints a statement with its values written out, to be shown to people (`sqlmigrate`).
pub fn print_inline(statement: &Statement, dialect: &dyn Dialect) -> String {
    let mut printer = Printer::inline(dialect);
    printer.statement(statement);
    printer.finish(Access::Write).sql.into_owned()
}

impl Query for Statement {
    fn printed<'a>(&'a self, dialect: &dyn Dialect) -> Printed<'a> {
        match self {
            Self::Select(statement) => statement.printed(dialect),
            Self::Insert(statement) => statement.printed(dialect),
            Self::Update(statement) => statement.printed(dialect),
            Self::Delete(statement) => statement.printed(dialect),
            Self::Ddl(statement) => statement.printed(dialect),
            Self::Raw(statement) => statement.printed(dialect),
        }
    }
}

impl Query for Select {
    fn printed<'a>(&'a self, dialect: &dyn Dialect) -> Printed<'a> {
        // A line of columns is the bulk of a model's select.
        let mut printer = Printer::new(dialect, 64 + self.columns.len() * 32);
        printer.select(self);
        printer.finish(Access::Read)
    }
}

impl Query for Insert {
    fn printed<'a>(&'a self, dialect: &dyn Dialect) -> Printed<'a> {
        let rows = match &self.source {
            InsertSource::Rows(rows) => rows.len(),
            InsertSource::Select(_) => 1,
        };
        let mut printer = Printer::new(dialect, 64 + self.columns.len() * (16 + rows * 3));
        printer.insert(self);
        printer.finish(Access::Write)
    }
}

impl Query for Update {
    fn printed<'a>(&'a self, dialect: &dyn Dialect) -> Printed<'a> {
        let mut printer = Printer::new(dialect, 64 + self.assignments.len() * 24);
        printer.update(self);
        printer.finish(Access::Write)
    }
}

impl Query for Delete {
    fn printed<'a>(&'a self, dialect: &dyn Dialect) -> Printed<'a> {
        let mut printer = Printer::new(dialect, 64);
        printer.delete(self);
        printer.finish(Access::Write)
    }
}

impl Query for Ddl {
    fn printed<'a>(&'a self, dialect: &dyn Dialect) -> Printed<'a> {
        let mut printer = Printer::new(dialect, 256);
        printer.ddl(self);
        printer.finish(Access::Write)
    }
}

impl Query for RawSql {
    fn printed<'a>(&'a self, _: &dyn Dialect) -> Printed<'a> {
        Printed {
            sql: Cow::Borrowed(self.sql()),
            params: Params(Repr::Slice(self.params())),
            access: self.access(),
        }
    }
}

impl<Q: Query + ?Sized> Query for &Q {
    fn printed<'a>(&'a self, dialect: &dyn Dialect) -> Printed<'a> {
        (**self).printed(dialect)
    }
}

mod sealed {
    use super::{Ddl, Delete, Insert, RawSql, Select, Statement, Update};
    use crate::Bound;

    pub trait Sealed {}
    impl Sealed for Statement {}
    impl Sealed for Select {}
    impl Sealed for Insert {}
    impl Sealed for Update {}
    impl Sealed for Delete {}
    impl Sealed for Ddl {}
    impl Sealed for RawSql {}
    impl Sealed for Bound<'_> {}
    impl<Q: Sealed + ?Sized> Sealed for &Q {}
}
