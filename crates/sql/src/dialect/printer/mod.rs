//! Prints statements. What differs between databases is asked of the [`Grammar`](super::Grammar).

mod ddl;
mod expr;
mod select;
mod write;

use std::borrow::Cow;

use super::Dialect;
use super::grammar::write_name;
use crate::printed::{Access, Params, Printed, Repr};
use crate::{Statement, Value};

/// What a slot holds until a value is bound.
static UNBOUND: Value = Value::Null;

/// Collects the text and the parameters of one statement.
pub(crate) struct Printer<'a, 'd> {
    dialect: &'d dyn Dialect,
    sql: String,
    params: Vec<Cow<'a, Value>>,
    /// Which parameters are slots.
    pub(crate) slots: Vec<usize>,
    /// Whether values are written out instead of bound.
    inline: bool,
}

impl<'a, 'd> Printer<'a, 'd> {
    /// A printer with room for so many bytes of text.
    pub(crate) fn new(dialect: &'d dyn Dialect, capacity: usize) -> Self {
        Self {
            dialect,
            sql: String::with_capacity(capacity),
            params: Vec::new(),
            slots: Vec::new(),
            inline: false,
        }
    }

    /// A printer that writes values out.
    pub(crate) fn inline(dialect: &'d dyn Dialect) -> Self {
        Self {
            inline: true,
            ..Self::new(dialect, 256)
        }
    }

    /// What was printed.
    pub(crate) fn finish(self, access: Access) -> Printed<'a> {
        Printed {
            sql: Cow::Owned(self.sql),
            params: Params(Repr::List(self.params)),
            access,
        }
    }

    /// Prints any statement.
    pub(crate) fn statement(&mut self, statement: &'a Statement) {
        match statement {
            Statement::Select(select) => self.select(select),
            Statement::Insert(insert) => self.insert(insert),
            Statement::Update(update) => self.update(update),
            Statement::Delete(delete) => self.delete(delete),
            Statement::Ddl(ddl) => self.ddl(ddl),
            Statement::Raw(raw) => self.raw(raw),
        }
    }

    fn push(&mut self, text: &str) {
        self.sql.push_str(text);
    }

    fn name(&mut self, name: &str) {
        write_name(name, &mut self.sql);
    }

    /// `"a", "b"`
    fn names<T: AsRef<str>>(&mut self, names: &[T]) {
        for (index, name) in names.iter().enumerate() {
            if index > 0 {
                self.push(", ");
            }
            self.name(name.as_ref());
        }
    }

    fn value(&mut self, value: Cow<'a, Value>) {
        if self.inline {
            self.dialect.write_value(&value, &mut self.sql);
        } else {
            self.dialect
                .write_placeholder(self.params.len(), &mut self.sql);
            self.params.push(value);
        }
    }

    fn slot(&mut self) {
        self.slots.push(self.params.len());
        self.value(Cow::Borrowed(&UNBOUND));
    }
}
