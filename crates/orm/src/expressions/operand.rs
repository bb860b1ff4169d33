//! What may stand on the right of a lookup.

use std::borrow::Cow;

use nuages_sql::Value;

use super::expr::Expr;
use super::node::Node;
use crate::error::Mistake;
use crate::fields::{Auto, FieldType};

/// A value or an expression that can stand where a `T` is wanted.
///
/// `Option<T>` is wanted only by `set` on a column that may be NULL. Lookups want a plain value,
/// because comparing with NULL is never true: there is `is_null()` for that.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be compared with, or set to, a column of `{T}`",
    label = "neither a `{T}` nor an expression of one",
    note = "lookups do not take an `Option`: use `.is_null()`, or `match` it and filter only when it is there"
)]
pub trait Operand<T> {
    #[doc(hidden)]
    fn into_untyped(self) -> Untyped;
}

/// An expression without its type, which only this crate can look into.
#[doc(hidden)]
#[derive(Debug, Clone)]
pub struct Untyped(pub(crate) Node);

/// Several values, or a queryset's `select`, for `in_`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of `{T}`",
    label = "neither values of `{T}` nor a `select` of one column of them"
)]
pub trait Members<T> {
    #[doc(hidden)]
    fn contain(self, member: Untyped) -> Untyped;
}

impl<T, I> Members<T> for I
where
    I: IntoIterator<Item: Operand<T>>,
{
    fn contain(self, member: Untyped) -> Untyped {
        let list = self.into_iter().map(|item| item.into_untyped().0);
        Untyped(Node::In(Box::new(member.0), list.collect()))
    }
}

macro_rules! operand {
    () => {};
    (impl $generics:tt $self:ty as $target:ty $(, $others:ty)* => |$it:ident| $node:expr; $($rest:tt)*) => {
        operand!(@one $generics $self, $target, $it, $node);
        operand!(impl $generics $self as $($others),* => |$it| $node; $($rest)*);
    };
    (impl $generics:tt $self:ty as => |$it:ident| $node:expr; $($rest:tt)*) => {
        operand!($($rest)*);
    };
    (@one [$($generics:tt)*] $self:ty, $target:ty, $it:ident, $node:expr) => {
        impl<$($generics)*> Operand<$target> for $self {
            fn into_untyped(self) -> Untyped {
                let $it = self;
                Untyped($node)
            }
        }
    };
}

operand! {
    impl[S: FieldType] S as S, Option<S> => |it| Node::Value(it.into_sql());
    impl[S: FieldType] Option<S> as Option<S> => |it| {
        Node::Value(it.map_or(Value::Null, FieldType::into_sql))
    };
    impl[S: FieldType, K] Expr<S, K> as S, Option<S> => |it| it.node;
    impl[S: FieldType, K] Expr<Option<S>, K> as S, Option<S> => |it| it.node;
    impl[] &str as String, Option<String> => |it| Node::Value(Value::Text(it.to_owned()));
    impl[] &String as String, Option<String> => |it| Node::Value(Value::Text(it.clone()));
    impl[] Cow<'_, str> as String, Option<String> => |it| Node::Value(Value::Text(it.into_owned()));
    impl[] &[u8] as Vec<u8>, Option<Vec<u8>> => |it| Node::Value(Value::Bytes(it.to_vec()));
}

/// A whole number of any size; what does not fit is greater than all that does.
fn whole(number: impl TryInto<i64>) -> Node {
    Node::Value(Value::Int(number.try_into().unwrap_or(i64::MAX)))
}

macro_rules! whole_numbers {
    ($($target:ty: $($given:ty)*;)*) => {
        $($(
            operand! { impl[] $given as $target, Option<$target> => |it| whole(it); }
        )*)*
    };
}

whole_numbers! {
    i16: i8 i32 i64 u8 u16 u32 u64 usize;
    i32: i8 i16 i64 u8 u16 u32 u64 usize;
    i64: i8 i16 i32 u8 u16 u32 u64 usize;
    u16: i8 i16 i32 i64 u8 u32 u64 usize;
    u32: i8 i16 i32 i64 u8 u16 u64 usize;
    f64: i8 i16 i32 i64 u8 u16 u32;
}

operand! {
    impl[] f32 as f64, Option<f64> => |it| Node::Value(Value::Float(it.into()));
    impl[] Auto<i64> as i64, Option<i64> => |it| key(it.get());
    impl[] Auto<i32> as i32, Option<i32>, i64, Option<i64> => |it| key(it.get().map(i64::from));
}

/// The key of a row; one that was never saved has none, and running the query says so.
pub(crate) fn key(value: Option<impl Into<Value>>) -> Node {
    match value {
        Some(value) => Node::Value(value.into()),
        None => Node::Mistake(Mistake::UnsavedKey),
    }
}
