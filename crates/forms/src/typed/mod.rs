//! Typed forms: a struct instead of a map of values. `derive(Form)` writes the implementations.

mod bound;
mod kinds;

use crate::errors::ErrorList;
use crate::form::{CleanedData, Form};
use crate::value::{FromValue, Value};

pub use bound::BoundForm;
pub use kinds::{CleansTo, FormValue};

/// A struct that a form cleans to.
///
/// # Django
/// A subclass of `django.forms.Form`; its fields are the keys of `cleaned_data`.
pub trait TypedForm: Sized + 'static {
    /// The form, without data.
    fn form() -> Form;

    /// The struct of the cleaned values.
    ///
    /// # Errors
    /// Names the field whose value is missing or does not fit into its type.
    fn from_cleaned(data: &CleanedData) -> Result<Self, &'static str>;
}

/// The form with a last check: what is clean has to fit into the struct.
#[doc(hidden)]
pub fn finish<T: TypedForm>(form: Form) -> Form {
    form.clean(|form| {
        if form.is_clean()
            && let Err(field) = T::from_cleaned(form.cleaned_data())
        {
            let error = crate::errors::ValidationError::new("Enter a valid value.");
            form.add_error(field, error.code("invalid"));
        }
        Ok(())
    })
}

/// Runs a function that cleans a typed value on a value.
///
/// # Errors
/// What the function finds, or that the value is of another type.
#[doc(hidden)]
pub fn clean_with<T, E>(value: Value, clean: impl Fn(T) -> Result<T, E>) -> Result<Value, ErrorList>
where
    T: FromValue + Into<Value>,
    E: Into<ErrorList>,
{
    let Some(typed) = T::from_value(value) else {
        return Err(ErrorList::from("Enter a valid value."));
    };
    clean(typed).map(Into::into).map_err(Into::into)
}

/// Lets a kind of field through that cleans to the type of a struct's field.
#[doc(hidden)]
pub fn cleaning_to<T, K: CleansTo<T>>(kind: K) -> K {
    kind
}
