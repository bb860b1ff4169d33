//! Forms over rows: fields that offer the rows of a queryset, and formsets that edit them.

mod ask;
mod choice;
mod formset;
mod key;
mod save;

pub use ask::{Asked, Asking};
pub use choice::{ModelChoiceField, ModelMultipleChoiceField};
pub use formset::{ModelFormSet, SavedRows};
