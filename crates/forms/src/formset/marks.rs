//! What was said about the forms: which are to be deleted, and in which order they are.

use super::build::Core;
use super::{DELETE, ORDER};
use crate::form::Form;

impl Core {
    /// Was it filled, and is all of it right? Forms to be deleted may be wrong.
    pub(super) fn is_valid(&self) -> bool {
        let built = self.built();
        built.bound && built.errors.is_empty() && self.kept_forms().all(|(_, form)| form.is_valid())
    }

    /// Is the form to be deleted?
    fn is_deleted(&self, form: &Form) -> bool {
        self.options.can_delete && form.value::<bool>(DELETE).unwrap_or_default()
    }

    /// Was the form there before?
    pub(super) fn is_initial(&self, index: usize) -> bool {
        i64::try_from(index).is_ok_and(|index| index < self.built().counts.1)
    }

    /// Is it an extra form that was left as it was?
    pub(super) fn is_unused(&self, index: usize) -> bool {
        let form = self.built().forms.get(index);
        !self.is_initial(index) && form.is_some_and(|form| !form.has_changed())
    }

    /// The forms that are not to be deleted, with their indexes.
    pub(super) fn kept_forms(&self) -> impl Iterator<Item = (usize, &Form)> {
        let forms = self.built().forms.iter().enumerate();
        forms.filter(|(_, form)| !self.is_deleted(form))
    }

    /// The indexes of the forms to be deleted.
    pub(super) fn deleted_forms(&self) -> Vec<usize> {
        if !self.options.can_delete || !self.is_valid() {
            return Vec::new();
        }
        let forms = self.built().forms.iter().enumerate();
        forms
            .filter(|(index, form)| self.is_deleted(form) && !self.is_unused(*index))
            .map(|(index, _)| index)
            .collect()
    }

    /// The indexes of the filled forms that are to stay.
    pub(super) fn filled_forms(&self) -> Vec<usize> {
        let kept = self.kept_forms().map(|(index, _)| index);
        kept.filter(|index| !self.is_unused(*index)).collect()
    }

    /// The same in the order that was asked for; those without a number come last.
    pub(super) fn ordered_forms(&self) -> Option<Vec<usize>> {
        if !self.options.can_order || !self.is_valid() {
            return None;
        }
        let forms = &self.built().forms;
        let mut filled = self.filled_forms();
        filled.sort_by_key(|index| {
            let order: Option<i64> = forms[*index].value(ORDER);
            (order.is_none(), order)
        });
        Some(filled)
    }
}
