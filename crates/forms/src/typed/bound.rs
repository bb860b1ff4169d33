//! `BoundForm`: a form that knows the struct it cleans to.

use std::fmt;
use std::marker::PhantomData;

use nuages_template::{Items, Object, ToValue, Value as Shown};

use super::TypedForm;
use crate::data::FormData;
use crate::errors::{ErrorDict, ErrorList};
use crate::form::Form;

/// The form of a struct, with or without data. In a template it is the [`Form`] in it.
pub struct BoundForm<T> {
    form: Form,
    cleans_to: PhantomData<fn() -> T>,
}

impl<T: TypedForm> BoundForm<T> {
    /// The form without data.
    pub fn unbound() -> Self {
        Self::from(T::form())
    }

    /// The form, changed: other initial values, a prefix, other choices.
    ///
    /// ```
    /// use nuages_forms::Form;
    /// #[derive(Form)]
    /// struct Contact {
    ///     name: String,
    /// }
    /// let form = Contact::unbound().change(|form| form.initial("name", "Ada"));
    /// assert!(form.form().as_p().contains("value=\"Ada\""));
    /// ```
    pub fn change(self, change: impl FnOnce(Form) -> Form) -> Self {
        Self::from(change(self.form))
    }

    /// The form, filled with what was submitted.
    pub fn bind(self, data: &FormData) -> Self {
        Self::from(self.form.bind(data))
    }

    /// The struct, or the form with what is wrong.
    ///
    /// # Errors
    /// The form itself, to be shown again.
    pub fn clean(self) -> Result<T, Self> {
        self.cleaned().ok_or(self)
    }

    /// The struct, if everything is right; the form stays, for errors that are found later.
    pub fn cleaned(&self) -> Option<T> {
        if !self.form.is_valid() {
            return None;
        }
        T::from_cleaned(self.form.cleaned_data()).ok()
    }

    /// Was it filled with data, and is all of it right?
    pub fn is_valid(&self) -> bool {
        self.form.is_valid()
    }

    /// What is wrong, by field.
    pub fn errors(&self) -> &ErrorDict {
        self.form.errors()
    }

    /// Adds errors found outside of the form; see [`Form::add_error`].
    pub fn add_error<'a>(
        &mut self,
        field: impl Into<Option<&'a str>>,
        error: impl Into<ErrorList>,
    ) {
        self.form.add_error(field, error);
    }

    /// The form in it.
    pub fn form(&self) -> &Form {
        &self.form
    }

    /// The form in it, by itself.
    pub fn into_form(self) -> Form {
        self.form
    }
}

impl<T: TypedForm> From<Form> for BoundForm<T> {
    fn from(form: Form) -> Self {
        Self {
            form,
            cleans_to: PhantomData,
        }
    }
}

impl<T> From<BoundForm<T>> for Form {
    fn from(form: BoundForm<T>) -> Self {
        form.form
    }
}

impl<T> Clone for BoundForm<T> {
    fn clone(&self) -> Self {
        Self {
            form: self.form.clone(),
            cleans_to: PhantomData,
        }
    }
}

impl<T> fmt::Debug for BoundForm<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.form.fmt(f)
    }
}

impl<T> fmt::Display for BoundForm<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.form, f)
    }
}

impl<T> Object for BoundForm<T> {
    fn attr(&self, name: &str) -> Option<Shown<'_>> {
        self.form.attr(name)
    }

    fn iterate(&self) -> Option<Items<'_>> {
        self.form.iterate()
    }

    fn display(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        self.form.display(out)
    }

    fn is_safe(&self) -> bool {
        true
    }
}

impl<T> ToValue for BoundForm<T> {
    fn to_value(&self) -> Shown<'_> {
        Shown::Object(&self.form)
    }
}
