//! Lookups and functions of text.

use nuages_sql::{BinaryOp, Function, Lookup};

use super::expr::Expr;
use super::node::Node;
use super::operand::Operand;
use super::q::Q;
use crate::fields::{SqlType, TextType};

/// As Django on SQLite, all of them ignore the case of ASCII letters there.
impl<T: SqlType, K> Expr<T, K> {
    fn text(self, lookup: Lookup, pattern: impl Operand<T::Scalar>) -> Q
    where
        T::Scalar: TextType,
    {
        let pattern = Box::new(pattern.into_untyped().0);
        Q(Node::Text(Box::new(self.node), lookup, pattern))
    }

    /// Equal, whatever the case.
    pub fn iexact(self, text: impl Operand<T::Scalar>) -> Q
    where
        T::Scalar: TextType,
    {
        self.text(Lookup::IExact, text)
    }

    /// Has this text in it.
    pub fn contains(self, text: impl Operand<T::Scalar>) -> Q
    where
        T::Scalar: TextType,
    {
        self.text(Lookup::Contains, text)
    }

    /// Has this text in it, whatever the case.
    pub fn icontains(self, text: impl Operand<T::Scalar>) -> Q
    where
        T::Scalar: TextType,
    {
        self.text(Lookup::IContains, text)
    }

    /// Starts with this text.
    ///
    /// # Django
    /// `startswith`.
    pub fn starts_with(self, text: impl Operand<T::Scalar>) -> Q
    where
        T::Scalar: TextType,
    {
        self.text(Lookup::StartsWith, text)
    }

    /// Starts with this text, whatever the case.
    pub fn istarts_with(self, text: impl Operand<T::Scalar>) -> Q
    where
        T::Scalar: TextType,
    {
        self.text(Lookup::IStartsWith, text)
    }

    /// Ends with this text.
    ///
    /// # Django
    /// `endswith`.
    pub fn ends_with(self, text: impl Operand<T::Scalar>) -> Q
    where
        T::Scalar: TextType,
    {
        self.text(Lookup::EndsWith, text)
    }

    /// Ends with this text, whatever the case.
    pub fn iends_with(self, text: impl Operand<T::Scalar>) -> Q
    where
        T::Scalar: TextType,
    {
        self.text(Lookup::IEndsWith, text)
    }

    /// In lower case.
    ///
    /// # Django
    /// `Lower`.
    pub fn lower(self) -> Expr<T>
    where
        T::Scalar: TextType,
    {
        Expr::new(Node::Call(Function::Lower, vec![self.node]))
    }

    /// In upper case.
    ///
    /// # Django
    /// `Upper`.
    pub fn upper(self) -> Expr<T>
    where
        T::Scalar: TextType,
    {
        Expr::new(Node::Call(Function::Upper, vec![self.node]))
    }

    /// Without white space around it.
    ///
    /// # Django
    /// `Trim`.
    pub fn trim(self) -> Expr<T>
    where
        T::Scalar: TextType,
    {
        Expr::new(Node::Call(Function::Trim, vec![self.node]))
    }

    /// How many characters it has.
    ///
    /// # Django
    /// `Length`.
    pub fn length(self) -> Expr<i64>
    where
        T::Scalar: TextType,
    {
        Expr::new(Node::Call(Function::Length, vec![self.node]))
    }

    /// This text and that one behind it.
    ///
    /// # Django
    /// `Concat`.
    pub fn concat(self, other: impl Operand<T::Scalar>) -> Expr<T>
    where
        T::Scalar: TextType,
    {
        Expr::new(self.node.binary(BinaryOp::Concat, other.into_untyped().0))
    }
}
