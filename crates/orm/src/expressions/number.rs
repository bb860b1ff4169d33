//! Arithmetic.

use std::ops::{Add, Div, Mul, Rem, Sub};

use nuages_sql::{BinaryOp, Function};

use super::expr::Expr;
use super::node::Node;
use super::operand::Operand;
use crate::fields::{NumberType, SqlType};

macro_rules! arithmetic {
    ($($operator:ident :: $method:ident),*) => {$(
        impl<T, K, O> $operator<O> for Expr<T, K>
        where
            T: SqlType<Scalar: NumberType>,
            O: Operand<T::Scalar>,
        {
            type Output = Expr<T>;

            fn $method(self, other: O) -> Expr<T> {
                Expr::new(self.node.binary(BinaryOp::$operator, other.into_untyped().0))
            }
        }
    )*};
}

arithmetic!(Add::add, Sub::sub, Mul::mul, Div::div, Rem::rem);

impl<T: SqlType<Scalar: NumberType>, K> Expr<T, K> {
    /// Without its sign.
    ///
    /// # Django
    /// `Abs`.
    pub fn abs(self) -> Expr<T> {
        Expr::new(Node::Call(Function::Abs, vec![self.node]))
    }
}
