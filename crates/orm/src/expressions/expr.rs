//! `Expr<T>`: a typed expression, and the lookups that every type has.

use std::fmt;
use std::marker::PhantomData;

use nuages_sql::{BinaryOp, Function, Nulls};

use super::anchor::Anchor;
use super::node::{Negated, Node, OrderNode};
use super::operand::{Members, Operand, Untyped};
use super::q::Q;
use crate::fields::SqlType;
use crate::meta::FieldMeta;

/// A column of a model, as the paths of a queryset give it: `book.title()`.
///
/// # Django
/// `F("title")`, and the left side of `title__icontains=`.
pub type Column<T> = Expr<T, Stored>;

/// Marks an expression that is a column, and so can be set.
#[derive(Debug, Clone, Copy)]
pub enum Stored {}

/// Marks an expression that is computed.
#[derive(Debug, Clone, Copy)]
pub enum Computed {}

/// An expression with a value of type `T` for each row.
///
/// Comparisons take a value or another expression of a type that fits.
/// What only some types can do (`icontains`, `+`) exists only for them:
///
/// ```compile_fail
/// # mod library { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/library.in")); }
/// # use library::Book;
/// use nuages_orm::Model as _;
///
/// // error: this is a lookup of text, and the column holds `i64`
/// let books = Book::objects().filter(|b| b.price().icontains(9));
/// ```
#[must_use = "an expression does nothing by itself"]
pub struct Expr<T, K = Computed> {
    pub(crate) node: Node,
    kind: PhantomData<fn() -> (T, K)>,
}

impl<T, K> Expr<T, K> {
    pub(crate) fn new(node: Node) -> Self {
        Self {
            node,
            kind: PhantomData,
        }
    }
}

impl<T> Column<T> {
    pub(crate) fn column(anchor: &Anchor, field: &'static FieldMeta) -> Self {
        Self::new(Node::Column(anchor.clone(), field))
    }
}

impl<T, K> Clone for Expr<T, K> {
    fn clone(&self) -> Self {
        Self::new(self.node.clone())
    }
}

impl<T, K> fmt::Debug for Expr<T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Expr").field(&self.node).finish()
    }
}

impl<T: SqlType, K> Expr<T, K> {
    fn compare(self, op: BinaryOp, other: impl Operand<T::Scalar>) -> Q {
        Q(self.node.binary(op, other.into_untyped().0))
    }

    /// Equal. NULL is equal to nothing: see [`Expr::is_null`].
    ///
    /// # Django
    /// `exact`.
    pub fn eq(self, other: impl Operand<T::Scalar>) -> Q {
        self.compare(BinaryOp::Eq, other)
    }

    /// Not equal, or NULL: the opposite of [`Expr::eq`].
    pub fn ne(self, other: impl Operand<T::Scalar>) -> Q {
        !self.eq(other)
    }

    /// Greater.
    pub fn gt(self, other: impl Operand<T::Scalar>) -> Q {
        self.compare(BinaryOp::Gt, other)
    }

    /// Greater or equal.
    pub fn gte(self, other: impl Operand<T::Scalar>) -> Q {
        self.compare(BinaryOp::Ge, other)
    }

    /// Less.
    pub fn lt(self, other: impl Operand<T::Scalar>) -> Q {
        self.compare(BinaryOp::Lt, other)
    }

    /// Less or equal.
    pub fn lte(self, other: impl Operand<T::Scalar>) -> Q {
        self.compare(BinaryOp::Le, other)
    }

    /// Between the two, both included.
    ///
    /// # Django
    /// `range`.
    pub fn range(self, low: impl Operand<T::Scalar>, high: impl Operand<T::Scalar>) -> Q {
        Q(Node::Between(
            Box::new(self.node),
            Box::new(low.into_untyped().0),
            Box::new(high.into_untyped().0),
        ))
    }

    /// One of these: a list of values, or a queryset's `select`.
    ///
    /// # Django
    /// `in`.
    pub fn in_(self, members: impl Members<T::Scalar>) -> Q {
        Q(members.contain(Untyped(self.node)).0)
    }

    /// NULL.
    ///
    /// # Django
    /// `isnull=True`.
    pub fn is_null(self) -> Q {
        Q(Node::IsNull(Box::new(self.node), Negated::No))
    }

    /// Not NULL.
    ///
    /// # Django
    /// `isnull=False`.
    pub fn is_not_null(self) -> Q {
        Q(Node::IsNull(Box::new(self.node), Negated::Yes))
    }

    /// The same value, where a row beyond an optional relation may have none:
    /// selects an `Option`.
    pub fn nullable(self) -> Expr<Option<T::Scalar>> {
        Expr::new(self.node)
    }

    /// This value, or that one where it is NULL.
    ///
    /// # Django
    /// `Coalesce`.
    pub fn coalesce(self, other: impl Operand<T::Scalar>) -> Expr<T::Scalar> {
        Expr::new(Node::Call(
            Function::Coalesce,
            vec![self.node, other.into_untyped().0],
        ))
    }

    /// The least first.
    pub fn asc(self) -> Order {
        Order::new(self.node, false)
    }

    /// The greatest first.
    pub fn desc(self) -> Order {
        Order::new(self.node, true)
    }
}

impl<T: SqlType> Column<T> {
    /// Sets the column, to a value or to an expression over the row: `b.views().set(b.views() + 1)`.
    pub fn set(self, value: impl Operand<T>) -> Assignment {
        Assignment {
            column: self.node,
            value: value.into_untyped().0,
        }
    }
}

/// One term of an order.
#[derive(Debug, Clone)]
#[must_use = "an order does nothing until a queryset is ordered by it"]
pub struct Order(pub(crate) OrderNode);

impl Order {
    pub(crate) fn new(node: Node, descending: bool) -> Self {
        Self(OrderNode {
            node,
            descending,
            nulls: None,
        })
    }

    /// Rows without a value come first.
    pub fn nulls_first(mut self) -> Self {
        self.0.nulls = Some(Nulls::First);
        self
    }

    /// Rows without a value come last.
    pub fn nulls_last(mut self) -> Self {
        self.0.nulls = Some(Nulls::Last);
        self
    }
}

/// A column and its new value, for `update`.
#[derive(Debug, Clone)]
#[must_use = "an assignment does nothing until a queryset is updated with it"]
pub struct Assignment {
    pub(crate) column: Node,
    pub(crate) value: Node,
}
