//! Other models, as the paths of a queryset see them.

mod key;
mod related;
mod selected;

pub use key::KeyOf;
pub use related::Related;
pub use selected::{RelationPath, Relations};
