//! `Related`: another model at the end of a foreign key.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use nuages_sql::BinaryOp;

use super::KeyOf;
use crate::expressions::{
    Anchor, Assignment, Column, Expr, Members, ModelPath, Negated, Node, Order, Q, Untyped,
};
use crate::fields::SqlType;
use crate::meta::FieldMeta;
use crate::model::Model;

/// Another model at the end of a foreign key: `book.author()`.
///
/// It has the columns of that model (`book.author().name()`, which joins its table), and is itself
/// the key (`book.author().eq(&author)`, which does not).
///
/// # Django
/// `author` and `author__name` in a lookup.
pub struct Related<T: Model, V> {
    /// The model before it, whose column the foreign key is.
    pub(crate) from: Anchor,
    pub(crate) field: &'static FieldMeta,
    path: T::Path,
    value: PhantomData<fn() -> V>,
}

impl<T: Model, V> Related<T, V> {
    pub(crate) fn new(from: &Anchor, field: &'static FieldMeta) -> Self {
        Self {
            from: from.clone(),
            field,
            path: T::Path::at(from.hop(field)),
            value: PhantomData,
        }
    }

    fn node(self) -> Node {
        Node::Column(self.from, self.field)
    }
}

impl<T: Model, V: SqlType> Related<T, V> {
    /// The key as a column.
    ///
    /// # Django
    /// `author_id`.
    pub fn key(self) -> Column<V> {
        Expr::new(self.node())
    }

    /// Refers to this row, or to the row with this key.
    pub fn eq(self, row: impl KeyOf<T>) -> Q {
        Q(self.node().binary(BinaryOp::Eq, row.into_key().0))
    }

    /// Refers to another row, or to none.
    pub fn ne(self, row: impl KeyOf<T>) -> Q {
        !self.eq(row)
    }

    /// Refers to one of the rows with these keys.
    pub fn in_(self, members: impl Members<T::Key>) -> Q {
        Q(members.contain(Untyped(self.node())).0)
    }

    /// Refers to nothing.
    pub fn is_null(self) -> Q {
        Q(Node::IsNull(Box::new(self.node()), Negated::No))
    }

    /// Refers to something.
    pub fn is_not_null(self) -> Q {
        Q(Node::IsNull(Box::new(self.node()), Negated::Yes))
    }

    /// Lets it refer to this row.
    pub fn set(self, row: impl KeyOf<T>) -> Assignment {
        Assignment {
            column: self.node(),
            value: row.into_key().0,
        }
    }

    /// The least key first.
    pub fn asc(self) -> Order {
        Order::new(self.node(), false)
    }

    /// The greatest key first.
    pub fn desc(self) -> Order {
        Order::new(self.node(), true)
    }
}

impl<T: Model> Related<T, Option<T::Key>> {
    /// Lets it refer to nothing.
    pub fn set_null(self) -> Assignment {
        Assignment {
            column: self.node(),
            value: Node::Value(nuages_sql::Value::Null),
        }
    }
}

impl<T: Model, V> Deref for Related<T, V> {
    type Target = T::Path;

    fn deref(&self) -> &T::Path {
        &self.path
    }
}

impl<T: Model, V> Clone for Related<T, V> {
    fn clone(&self) -> Self {
        Self {
            from: self.from.clone(),
            field: self.field,
            path: self.path.clone(),
            value: PhantomData,
        }
    }
}

impl<T: Model, V> fmt::Debug for Related<T, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Related({})", self.field.name)
    }
}
