//! What names a row of another model.

use crate::expressions::{Expr, Node, Operand, Untyped, key};
use crate::fields::{Auto, FieldType, ForeignKey};
use crate::model::Model;

/// What names a row of `T`: a reference to it, a foreign key to it, its key, or an expression.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name a row of `{T}`",
    label = "neither a `&{T}`, a `&ForeignKey<{T}>`, its key, nor an expression of its key"
)]
pub trait KeyOf<T: Model> {
    #[doc(hidden)]
    fn into_key(self) -> Untyped;
}

impl<T: Model> KeyOf<T> for &T {
    fn into_key(self) -> Untyped {
        Untyped(key(self.key().map(FieldType::into_sql)))
    }
}

impl<T: Model> KeyOf<T> for &ForeignKey<T> {
    fn into_key(self) -> Untyped {
        Untyped(key(self.id().map(FieldType::into_sql)))
    }
}

impl<M: Model, T, K> KeyOf<M> for Expr<T, K>
where
    Self: Operand<M::Key>,
{
    fn into_key(self) -> Untyped {
        self.into_untyped()
    }
}

impl<T: Model, U: Model, V> KeyOf<T> for super::Related<U, V>
where
    V: crate::fields::SqlType<Scalar = T::Key>,
{
    fn into_key(self) -> Untyped {
        Untyped(Node::Column(self.from, self.field))
    }
}

macro_rules! plain_keys {
    ($($type:ty),*) => {$(
        impl<T: Model> KeyOf<T> for $type
        where
            Self: Operand<T::Key>,
        {
            fn into_key(self) -> Untyped {
                self.into_untyped()
            }
        }
    )*};
}

plain_keys!(i16, i32, i64, u16, u32, String, &str, Auto<i32>, Auto<i64>);
