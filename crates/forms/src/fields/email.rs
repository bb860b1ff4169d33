//! E-mail addresses.

use std::sync::Arc;

use super::char::{as_text, text_options};
use super::{CharField, FieldContext, FieldKind};
use crate::errors::ValidationError;
use crate::validators::{EmailValidator, Validator};
use crate::value::Value;
use crate::widgets::{EmailInput, Widget};

/// An e-mail address of 320 characters at most.
///
/// ```
/// use nuages_forms::{EmailField, Field};
/// let field = Field::new(EmailField::new());
/// assert_eq!(field.clean("ada@example.com ").unwrap(), "ada@example.com".into());
/// assert_eq!(field.clean("ada").unwrap_err().as_text(), "* Enter a valid email address.");
/// ```
#[derive(Clone, Debug)]
pub struct EmailField(CharField);

impl EmailField {
    /// Any address.
    pub fn new() -> Self {
        Self(CharField::new().max_length(320))
    }
}

text_options!(EmailField, 0);

impl Default for EmailField {
    fn default() -> Self {
        Self::new()
    }
}

impl FieldKind for EmailField {
    as_text!(0);

    fn name(&self) -> &'static str {
        "EmailField"
    }

    fn widget(&self) -> Widget {
        EmailInput.into()
    }

    fn default_validators(&self) -> Vec<Arc<dyn Validator>> {
        vec![Arc::new(EmailValidator::new())]
    }

    fn to_value(&self, cx: &FieldContext<'_>, value: Value) -> Result<Value, ValidationError> {
        self.0.to_value(cx, value)
    }
}
