//! Statements that are printed once and run often.

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

use crate::dialect::{Dialect, Printer, Vendor};
use crate::printed::{Access, Params, Printed, Query, Repr};
use crate::{Statement, Value};

/// A statement that is printed once and run often, with [`Expr::Slot`](crate::Expr::Slot) where
/// the values go.
///
/// Lives in a `static`, so that a hot query (a session by key, a user by id) costs no building
/// and no printing:
///
/// ```
/// use nuages_sql::{Expr, Prepared, SQLITE, Select, Value};
///
/// static BY_ID: Prepared = Prepared::new(|| {
///     Select::from("user").column("user", "name")
///         .filter(Expr::column("user", "id").eq(Expr::Slot))
///         .into()
/// });
///
/// let values = [Value::from(7)];
/// let bound = BY_ID.bind(&values);
/// let printed = nuages_sql::print(&bound, &SQLITE);
/// assert_eq!(printed.sql(), r#"SELECT "user"."name" FROM "user" WHERE "user"."id" = ?"#);
/// assert_eq!(printed.params().get(0), Some(&Value::Int(7)));
/// ```
pub struct Prepared {
    make: fn() -> Statement,
    /// One for each dialect that has been asked for.
    printed: [OnceLock<Template>; Vendor::COUNT],
}

/// A printed statement with holes.
struct Template {
    sql: String,
    /// `None` is a hole.
    params: Vec<Option<Value>>,
    all_slots: bool,
    access: Access,
}

/// A [`Prepared`] statement with the values of its slots.
#[derive(Clone, Copy)]
pub struct Bound<'a> {
    prepared: &'a Prepared,
    values: &'a [Value],
}

impl Prepared {
    /// A statement that is made and printed at its first use.
    pub const fn new(make: fn() -> Statement) -> Self {
        Self {
            make,
            printed: [const { OnceLock::new() }; Vendor::COUNT],
        }
    }

    /// Gives the values of the slots, in the order in which the slots are printed.
    pub const fn bind<'a>(&'a self, values: &'a [Value]) -> Bound<'a> {
        Bound {
            prepared: self,
            values,
        }
    }

    fn template(&self, dialect: &dyn Dialect) -> &Template {
        self.printed[dialect.vendor() as usize].get_or_init(|| {
            let statement = (self.make)();
            let mut printer = Printer::new(dialect, 256);
            printer.statement(&statement);
            let slots = printer.slots.clone();
            let printed = printer.finish(statement.access());
            let params: Vec<_> = printed
                .params
                .iter()
                .enumerate()
                .map(|(index, value)| (!slots.contains(&index)).then(|| value.clone()))
                .collect();
            Template {
                all_slots: slots.len() == params.len(),
                params,
                access: printed.access,
                sql: printed.sql.into_owned(),
            }
        })
    }
}

impl Query for Bound<'_> {
    fn printed<'a>(&'a self, dialect: &dyn Dialect) -> Printed<'a> {
        let template = self.prepared.template(dialect);
        let params = if template.all_slots {
            Repr::Slice(self.values)
        } else {
            let mut values = self.values.iter();
            let fixed = template.params.iter().map(|param| match param {
                Some(value) => Cow::Borrowed(value),
                // A value too few stays NULL, and so is equal to nothing.
                None => values.next().map_or(Cow::Owned(Value::Null), Cow::Borrowed),
            });
            Repr::List(fixed.collect())
        };
        Printed {
            sql: Cow::Borrowed(&template.sql),
            params: Params(params),
            access: template.access,
        }
    }
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prepared").finish_non_exhaustive()
    }
}

impl fmt::Debug for Bound<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bound").finish_non_exhaustive()
    }
}
