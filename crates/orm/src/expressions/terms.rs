//! One or several: what `order_by` and `update` take from their closures.

use super::expr::{Assignment, Order};

/// What `order_by` takes: one order, or several in a tuple, an array or a `Vec`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no order of rows",
    label = "say `.asc()` or `.desc()` of each column"
)]
pub trait Orders {
    #[doc(hidden)]
    fn into_orders(self) -> Vec<Order>;
}

/// What `update` takes: one assignment, or several in a tuple, an array or a `Vec`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` sets no column",
    label = "say `.set(…)` of each column"
)]
pub trait Assignments {
    #[doc(hidden)]
    fn into_assignments(self) -> Vec<Assignment>;
}

macro_rules! several {
    ($trait:ident $method:ident $item:ty: $(($($name:ident)+))*) => {
        impl $trait for $item {
            fn $method(self) -> Vec<$item> {
                vec![self]
            }
        }

        impl $trait for Vec<$item> {
            fn $method(self) -> Vec<$item> {
                self
            }
        }

        impl<const N: usize> $trait for [$item; N] {
            fn $method(self) -> Vec<$item> {
                self.into()
            }
        }

        $(
            impl<$($name: $trait),+> $trait for ($($name,)+) {
                fn $method(self) -> Vec<$item> {
                    #[expect(non_snake_case, reason = "the macro names the parts like their types")]
                    let ($($name,)+) = self;
                    let mut all = Vec::new();
                    $(all.extend($name.$method());)+
                    all
                }
            }
        )*
    };
}

several! { Orders into_orders Order: (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) }
several! {
    Assignments into_assignments Assignment:
    (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) (A B C D E F G) (A B C D E F G H)
}
