//! Conditions, with Django's rule for NULL: the opposite of a lookup keeps the rows without a value.

use nuages_sql::{BinaryOp, Expr};

use super::{Compiler, trim};
use crate::error::{Error, Result};
use crate::expressions::{Negated, Node};

/// Where a condition stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Inside of an odd number of `NOT`s.
    negated: bool,
    /// Only rows for which it holds are wanted.
    required: bool,
}

impl Place {
    /// The whole of a `WHERE`.
    pub(super) const OUTERMOST: Self = Self {
        negated: false,
        required: true,
    };

    /// Somewhere in another expression.
    pub(super) const INSIDE: Self = Self {
        negated: false,
        required: false,
    };
}

/// Whether the operator gives true or false.
pub(super) fn is_comparison(op: BinaryOp) -> bool {
    matches!(
        op,
        BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge
    )
}

impl Compiler {
    /// A condition.
    pub(super) fn condition(&mut self, node: Node, place: Place) -> Result<Expr> {
        match node {
            Node::And(nodes) => {
                let all = nodes.into_iter().map(|node| self.condition(node, place));
                Ok(Expr::And(all.collect::<Result<_>>()?))
            }
            Node::Or(nodes) => {
                let inside = Place {
                    required: place.required && nodes.len() == 1,
                    ..place
                };
                let any = nodes.into_iter().map(|node| self.condition(node, inside));
                Ok(Expr::Or(any.collect::<Result<_>>()?))
            }
            Node::Not(inner) => {
                let inside = Place {
                    negated: !place.negated,
                    required: false,
                };
                Ok(self.condition(*inner, inside)?.negate())
            }
            Node::IsNull(inner, Negated::No) => Ok(self.value(*inner, false)?.is_null()),
            Node::IsNull(inner, Negated::Yes) => {
                Ok(self.value(*inner, place.required)?.is_not_null())
            }
            Node::Exists(query) => {
                let select = self.subquery_of_nothing(*query)?;
                Ok(Expr::exists(select))
            }
            lookup => self.lookup(lookup, place),
        }
    }

    /// A lookup: unknown, when one of its sides is NULL.
    fn lookup(&mut self, node: Node, place: Place) -> Result<Expr> {
        let required = place.required;
        let mut known = Vec::new();
        let mut side = |compiler: &mut Self, node: Node| -> Result<Expr> {
            let nullable = place.negated && may_be_null(&node);
            let expr = compiler.value(node, required)?;
            if nullable {
                known.push(expr.clone().is_not_null());
            }
            Ok(expr)
        };
        let lookup = match node {
            Node::Binary(left, op, right) if is_comparison(op) => {
                let left = side(self, *left)?;
                let right = side(self, *right)?;
                left.binary(op, right)
            }
            Node::Text(left, lookup, right) => {
                let left = side(self, *left)?;
                let right = side(self, *right)?;
                left.lookup(lookup, right)
            }
            Node::Between(node, low, high) => {
                let expr = side(self, *node)?;
                let low = side(self, *low)?;
                let high = side(self, *high)?;
                expr.between(low, high)
            }
            Node::In(node, list) => {
                let expr = side(self, *node)?;
                let list = list.into_iter().map(|item| self.value(item, false));
                expr.is_in(list.collect::<Result<Vec<_>>>()?)
            }
            Node::InQuery(node, query) => {
                let expr = side(self, *node)?;
                expr.in_select(self.subquery(*query)?)
            }
            Node::Mistake(mistake) => return Err(Error::unsaved(mistake.to_string())),
            value => self.value(value, required)?,
        };
        Ok(known.into_iter().fold(lookup, Expr::and))
    }
}

/// Whether it is a column without a value in some row.
fn may_be_null(node: &Node) -> bool {
    match node {
        Node::Column(anchor, field) => {
            let (hops, field) = trim(&anchor.hops, field);
            field.null || hops.iter().any(|hop| hop.null)
        }
        Node::Call(_, args) => args.iter().any(may_be_null),
        Node::Binary(left, _, right) => may_be_null(left) || may_be_null(right),
        _ => false,
    }
}
