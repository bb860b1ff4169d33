//! Formsets in templates, and their HTML.

use std::fmt;

use nuages_template::{Items, Object, ToValue, Value as Shown};

use super::build::Core;
use super::{FormSet, split};
use crate::form::Form;

impl Core {
    /// The management form, then each form in this shape.
    pub(super) fn render(&self, shape: impl Fn(&Form) -> String) -> String {
        let built = self.built();
        let mut out = built.management.to_string();
        for form in &built.forms {
            out.push_str(&shape(form));
        }
        out
    }

    pub(super) fn is_multipart(&self) -> bool {
        match self.built().forms.first() {
            Some(form) => form.is_multipart(),
            None => self.empty_form().is_multipart(),
        }
    }

    fn list(&self, indexes: &[usize]) -> Shown<'_> {
        let forms = &self.built().forms;
        let forms = indexes.iter().filter_map(|index| forms.get(*index));
        Shown::list(forms.map(ToValue::to_value).collect())
    }
}

/// `{{ formset }}` prints it as [`FormSet::as_div`], `{% for form in formset %}` gives its forms, and
/// `{{ formset.0.name }}` is the field `name` of the first one.
impl Object for Core {
    fn attr(&self, name: &str) -> Option<Shown<'_>> {
        let (options, built) = (&self.options, self.built());
        let parts = || split(&built.forms, built.counts.1);
        let list =
            |forms: &'_ [Form]| Shown::list(forms.iter().cloned().map(Shown::object).collect());
        Some(match name {
            "management_form" => built.management.to_value(),
            "forms" => list(&built.forms),
            "initial_forms" => list(parts().0),
            "extra_forms" => list(parts().1),
            "empty_form" => Shown::object(self.empty_form()),
            "deleted_forms" => self.list(&self.deleted_forms()),
            "ordered_forms" => self.list(&self.ordered_forms()?),
            "errors" if !built.bound => Shown::list(Vec::new()),
            "errors" => Shown::list(
                self.kept_forms()
                    .map(|(_, form)| form.errors().to_value())
                    .collect(),
            ),
            "non_form_errors" => built.errors.to_value(),
            "total_error_count" => self.total_error_count().into(),
            "as_div" => Shown::assert_safe(self.render(Form::as_div)),
            "as_p" => Shown::assert_safe(self.render(Form::as_p)),
            "as_table" => Shown::assert_safe(self.render(Form::as_table)),
            "as_ul" => Shown::assert_safe(self.render(Form::as_ul)),
            "is_bound" => built.bound.into(),
            "is_valid" => self.is_valid().into(),
            "is_multipart" => self.is_multipart().into(),
            "has_changed" => built.forms.iter().any(Form::has_changed).into(),
            "total_form_count" => built.counts.0.into(),
            "initial_form_count" => built.counts.1.into(),
            "extra" => options.extra.into(),
            "min_num" => options.min_num.into(),
            "max_num" => options.max_num.into(),
            "absolute_max" => options.absolute_max().into(),
            "can_order" => options.can_order.into(),
            "can_delete" => options.can_delete.into(),
            "can_delete_extra" => options.can_delete_extra.into(),
            "prefix" => Shown::from(&options.prefix),
            // No widget brings style sheets or scripts.
            "media" => Shown::assert_safe(""),
            _ => return None,
        })
    }

    fn index(&self, index: usize) -> Option<Shown<'_>> {
        self.built().forms.get(index).map(ToValue::to_value)
    }

    fn iterate(&self) -> Option<Items<'_>> {
        Some(Box::new(self.built().forms.iter().map(ToValue::to_value)))
    }

    fn len(&self) -> Option<usize> {
        Some(self.built().forms.len())
    }

    /// Its management form is there, even if no other form is.
    fn is_true(&self) -> bool {
        true
    }

    fn display(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        out.write_str(&self.render(Form::as_div))
    }

    fn is_safe(&self) -> bool {
        true
    }
}

impl<T> ToValue for FormSet<T> {
    fn to_value(&self) -> Shown<'_> {
        Shown::Object(&*self.core)
    }
}

/// [`FormSet::as_div`].
impl<T> fmt::Display for FormSet<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.as_div())
    }
}

/// Values are left out, as in a form.
impl<T> fmt::Debug for FormSet<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormSet")
            .field("prefix", &self.core.options.prefix)
            .field("bound", &self.is_bound())
            .field("valid", &self.is_valid())
            .field("forms", &self.len())
            .finish()
    }
}
