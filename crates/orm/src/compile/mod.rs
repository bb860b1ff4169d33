//! Querysets into statements: paths become joins and aliases, and nothing here knows a model's type.

mod condition;
mod scope;
mod select;
mod write;

use nuages_sql as sql;

use crate::error::{Error, Result};
use crate::expressions::{Anchor, Node};
use crate::meta::FieldMeta;
use scope::Scope;
pub(crate) use select::{count, existence, rows};
pub(crate) use write::{delete, update};

/// The querysets that are being compiled, innermost last.
#[derive(Default)]
pub(crate) struct Compiler {
    scopes: Vec<Scope>,
}

impl Compiler {
    /// The queryset that is being compiled.
    fn scope(&mut self) -> Result<&mut Scope> {
        self.scopes
            .last_mut()
            .ok_or_else(|| Error::query("nothing is being compiled"))
    }

    /// A column, in whichever of the querysets it belongs to.
    ///
    /// `required` says that no row is wanted where the column is NULL, so that an inner join does.
    fn column(
        &mut self,
        anchor: &Anchor,
        field: &'static FieldMeta,
        required: bool,
    ) -> Result<sql::Expr> {
        let (hops, field) = trim(&anchor.hops, field);
        let mut scopes = self.scopes.iter_mut().rev().enumerate();
        let (depth, scope) = scopes
            .find(|(_, scope)| scope.root.is(&anchor.root))
            .ok_or_else(|| {
                Error::query(
                    "a column of one queryset was used in another one, which is not inside of it",
                )
            })?;
        // What a subquery requires says nothing of the rows of the outer one.
        let table = scope.reach(hops, required && depth == 0);
        Ok(sql::Expr::column(scope.alias(table), field.column))
    }

    /// An expression that is no condition.
    fn value(&mut self, node: Node, required: bool) -> Result<sql::Expr> {
        Ok(match node {
            Node::Column(anchor, field) => self.column(&anchor, field, required)?,
            Node::Value(value) => sql::Expr::Value(value),
            Node::Binary(left, op, right) if !condition::is_comparison(op) => {
                let left = self.value(*left, required)?;
                let right = self.value(*right, required)?;
                left.binary(op, right)
            }
            Node::Call(function, args) => {
                // The other functions are NULL when an argument is.
                let required = required && function != sql::Function::Coalesce;
                let args = args.into_iter().map(|arg| self.value(arg, required));
                sql::Expr::call(function, args.collect::<Result<Vec<_>>>()?)
            }
            Node::Mistake(mistake) => return Err(Error::unsaved(mistake.to_string())),
            condition => self.condition(condition, condition::Place::INSIDE)?,
        })
    }
}

/// The key of a related row is in this table already, as the foreign key.
fn trim<'h>(
    hops: &'h [&'static FieldMeta],
    field: &'static FieldMeta,
) -> (&'h [&'static FieldMeta], &'static FieldMeta) {
    if let Some((last, before)) = hops.split_last()
        && let Some(to) = last.relation
        && std::ptr::eq(to().pk(), field)
    {
        return (before, last);
    }
    (hops, field)
}
