//! What `select` and `save_only` take from their closures.

use crate::expressions::{Column, Expr, Node, Untyped};
use crate::fields::{FieldError, SqlType};
use crate::model::Model;
use crate::relations::Related;
use crate::rows::RowReader;

/// What `select` takes: one expression, or several in a tuple.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be selected",
    label = "give an expression, or a tuple of them"
)]
pub trait Selection {
    /// What each row becomes.
    type Row: Selected;

    #[doc(hidden)]
    fn collect(self, into: &mut Vec<Untyped>);
}

/// What a row of a `select` becomes: a value, or a tuple of values.
pub trait Selected: Sized + Send + 'static {
    #[doc(hidden)]
    fn read(row: &mut RowReader<'_>) -> Result<Self, FieldError>;
}

/// What `save_only` takes: one column, or several in a tuple.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no column",
    label = "give a column, or a tuple of them"
)]
pub trait Columns {
    #[doc(hidden)]
    fn collect_columns(self, into: &mut Vec<Untyped>);
}

impl<T: SqlType> Selected for T {
    fn read(row: &mut RowReader<'_>) -> Result<Self, FieldError> {
        row.decode()
    }
}

impl<T: SqlType, K> Selection for Expr<T, K> {
    type Row = T;

    fn collect(self, into: &mut Vec<Untyped>) {
        into.push(Untyped(self.node));
    }
}

impl<T: Model, V: SqlType> Selection for Related<T, V> {
    type Row = V;

    fn collect(self, into: &mut Vec<Untyped>) {
        into.push(Untyped(Node::Column(self.from, self.field)));
    }
}

impl<T: SqlType> Columns for Column<T> {
    fn collect_columns(self, into: &mut Vec<Untyped>) {
        self.collect(into);
    }
}

impl<T: Model, V: SqlType> Columns for Related<T, V> {
    fn collect_columns(self, into: &mut Vec<Untyped>) {
        self.collect(into);
    }
}

macro_rules! tuples {
    ($(($($name:ident)+))*) => {$(
        impl<$($name: Selection),+> Selection for ($($name,)+) {
            type Row = ($($name::Row,)+);

            fn collect(self, into: &mut Vec<Untyped>) {
                #[expect(non_snake_case, reason = "the macro names the parts like their types")]
                let ($($name,)+) = self;
                $($name.collect(into);)+
            }
        }

        impl<$($name: Selected),+> Selected for ($($name,)+) {
            fn read(row: &mut RowReader<'_>) -> Result<Self, FieldError> {
                Ok(($($name::read(row)?,)+))
            }
        }

        impl<$($name: Columns),+> Columns for ($($name,)+) {
            fn collect_columns(self, into: &mut Vec<Untyped>) {
                #[expect(non_snake_case, reason = "the macro names the parts like their types")]
                let ($($name,)+) = self;
                $($name.collect_columns(into);)+
            }
        }
    )*};
}

tuples! {
    (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) (A B C D E F G) (A B C D E F G H)
    (A B C D E F G H I) (A B C D E F G H I J)
}
