//! Which relations a query loads with its rows.

use super::Related;
use crate::expressions::Anchor;
use crate::meta::FieldMeta;
use crate::model::Model;

/// What `select_related` takes: one relation, or several in a tuple.
///
/// `book.author().publisher()` loads the author and their publisher.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no relation",
    label = "give the path of a foreign key, such as `book.author()`"
)]
pub trait Relations {
    #[doc(hidden)]
    fn collect(self, into: &mut Vec<RelationPath>);
}

/// The foreign keys to a model, outermost first.
#[doc(hidden)]
#[derive(Debug)]
pub struct RelationPath {
    pub(crate) from: Anchor,
    pub(crate) last: &'static FieldMeta,
}

impl<T: Model, V> Relations for Related<T, V> {
    fn collect(self, into: &mut Vec<RelationPath>) {
        into.push(RelationPath {
            from: self.from,
            last: self.field,
        });
    }
}

macro_rules! tuples {
    ($(($($name:ident)+))*) => {$(
        impl<$($name: Relations),+> Relations for ($($name,)+) {
            fn collect(self, into: &mut Vec<RelationPath>) {
                #[expect(non_snake_case, reason = "the macro names the parts like their types")]
                let ($($name,)+) = self;
                $($name.collect(into);)+
            }
        }
    )*};
}

tuples! { (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) }
