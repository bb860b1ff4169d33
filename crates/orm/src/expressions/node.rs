//! Expressions without their types: what is compiled to SQL.

use nuages_sql::{BinaryOp, Function, Lookup, Nulls, Value};

use super::anchor::{Anchor, Root};
use crate::error::Mistake;
use crate::meta::FieldMeta;
use crate::queryset::Query;

/// An expression without its type.
///
/// Its columns still say whose they are (a queryset's [`Root`] and the relations on the way);
/// compiling turns that into joins and aliases.
#[derive(Debug, Clone)]
pub(crate) enum Node {
    Column(Anchor, &'static FieldMeta),
    Value(Value),
    Binary(Box<Node>, BinaryOp, Box<Node>),
    Text(Box<Node>, Lookup, Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    IsNull(Box<Node>, Negated),
    Between(Box<Node>, Box<Node>, Box<Node>),
    In(Box<Node>, Vec<Node>),
    InQuery(Box<Node>, Box<Query>),
    Exists(Box<Query>),
    Call(Function, Vec<Node>),
    /// A mistake that was found while building; running the query reports it.
    Mistake(Mistake),
}

/// Whether a condition is turned round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Negated {
    No,
    Yes,
}

/// One term of an order.
#[derive(Debug, Clone)]
pub(crate) struct OrderNode {
    pub(crate) node: Node,
    pub(crate) descending: bool,
    pub(crate) nulls: Option<Nulls>,
}

impl Node {
    pub(crate) fn binary(self, op: BinaryOp, right: Self) -> Self {
        Self::Binary(Box::new(self), op, Box::new(right))
    }

    /// Both hold; nested ones become one.
    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::And(mut all), Self::And(more)) => {
                all.extend(more);
                Self::And(all)
            }
            (Self::And(mut all), one) => {
                all.push(one);
                Self::And(all)
            }
            (one, other) => Self::And(vec![one, other]),
        }
    }

    /// One of them holds; nested ones become one.
    pub(crate) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Or(mut all), Self::Or(more)) => {
                all.extend(more);
                Self::Or(all)
            }
            (Self::Or(mut all), one) => {
                all.push(one);
                Self::Or(all)
            }
            (one, other) => Self::Or(vec![one, other]),
        }
    }

    /// Lets the columns of one queryset belong to another one over the same model.
    pub(crate) fn reroot(&mut self, from: &Root, to: &Root) {
        match self {
            Self::Column(anchor, _) => {
                if anchor.root.is(from) {
                    anchor.root = to.clone();
                }
            }
            Self::Value(_) | Self::Mistake(_) => {}
            Self::Not(inner) | Self::IsNull(inner, _) => inner.reroot(from, to),
            Self::Binary(left, _, right) | Self::Text(left, _, right) => {
                left.reroot(from, to);
                right.reroot(from, to);
            }
            Self::Between(node, low, high) => {
                node.reroot(from, to);
                low.reroot(from, to);
                high.reroot(from, to);
            }
            Self::And(nodes) | Self::Or(nodes) | Self::Call(_, nodes) => {
                for node in nodes {
                    node.reroot(from, to);
                }
            }
            Self::In(node, list) => {
                node.reroot(from, to);
                for node in list {
                    node.reroot(from, to);
                }
            }
            Self::InQuery(node, query) => {
                node.reroot(from, to);
                query.reroot(from, to);
            }
            Self::Exists(query) => query.reroot(from, to),
        }
    }
}
