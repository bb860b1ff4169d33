//! Expressions over the columns of a queryset: paths, lookups, conditions, orders, assignments.

mod anchor;
mod expr;
mod node;
mod number;
mod operand;
mod q;
mod terms;
mod text;

pub(crate) use anchor::Root;
pub use anchor::{Anchor, ModelPath};
pub use expr::{Assignment, Column, Computed, Expr, Order, Stored};
pub(crate) use node::{Negated, Node, OrderNode};
pub(crate) use operand::key;
pub use operand::{Members, Operand, Untyped};
pub use q::{Q, exists};
pub use terms::{Assignments, Orders};
