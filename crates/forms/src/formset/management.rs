//! The management form: how many forms a formset has, kept in hidden fields of the page.

use crate::data::FormData;
use crate::errors::ValidationError;
use crate::fields::{Field, FieldContext, FieldKind, IntegerField};
use crate::form::Form;
use crate::value::Value;
use crate::widgets::{HiddenInput, Widget};

pub(super) const TOTAL_FORMS: &str = "TOTAL_FORMS";
pub(super) const INITIAL_FORMS: &str = "INITIAL_FORMS";
pub(super) const MIN_NUM_FORMS: &str = "MIN_NUM_FORMS";
pub(super) const MAX_NUM_FORMS: &str = "MAX_NUM_FORMS";

/// A whole number of any length; one that is too long for us is the greatest or least we have.
///
/// So that a count of thirty digits is too many forms, as in Django, and not a damaged form.
#[derive(Clone, Debug, Default)]
struct CountField(IntegerField);

impl FieldKind for CountField {
    fn name(&self) -> &'static str {
        "IntegerField"
    }

    fn widget(&self) -> Widget {
        HiddenInput.into()
    }

    fn message(&self, code: &str) -> Option<&'static str> {
        self.0.message(code)
    }

    fn to_value(&self, cx: &FieldContext<'_>, value: Value) -> Result<Value, ValidationError> {
        match self.0.to_value(cx, value) {
            Err(error) if error.get_code() == "max_value" => Ok(i64::MAX.into()),
            Err(error) if error.get_code() == "min_value" => Ok(i64::MIN.into()),
            other => other,
        }
    }
}

/// The form, without data.
pub(super) fn form(prefix: &str, auto_id: &str) -> Form {
    let count = |required| Field::new(CountField::default()).required(required);
    Form::new()
        .prefix(prefix.to_owned())
        .auto_id(auto_id.to_owned())
        .field(TOTAL_FORMS, count(true))
        .field(INITIAL_FORMS, count(true))
        // They are there for scripts of the page; what comes back is not looked at.
        .field(MIN_NUM_FORMS, count(false))
        .field(MAX_NUM_FORMS, count(false))
}

/// How many forms were sent, and how many of them were there before; 0 where it was not said.
pub(super) fn counts(form: &Form) -> (i64, i64) {
    let count = |name| form.value::<i64>(name).unwrap_or_default();
    (count(TOTAL_FORMS), count(INITIAL_FORMS))
}

/// As [`counts`], of submitted data.
pub(crate) fn submitted_counts(prefix: &str, data: &FormData) -> (i64, i64) {
    counts(&form(prefix, "").bind(data))
}
