//! Floating point numbers.

use std::sync::Arc;

use super::integer::{Range, range_options};
use super::{FieldContext, FieldKind};
use crate::errors::ValidationError;
use crate::number::parse_float;
use crate::validators::Validator;
use crate::value::Value;
use crate::widgets::{Attrs, NumberInput, Widget};

/// A floating point number; neither infinite nor NaN.
///
/// ```
/// use nuages_forms::{Field, FloatField};
/// let field = Field::new(FloatField::new());
/// assert_eq!(field.clean("1.5").unwrap(), 1.5.into());
/// assert_eq!(field.clean("inf").unwrap_err().as_text(), "* Enter a number.");
/// ```
#[derive(Clone, Debug, Default)]
pub struct FloatField {
    range: Range,
}

range_options!(FloatField);

impl FloatField {
    /// Any number.
    pub fn new() -> Self {
        Self::default()
    }
}

impl FieldKind for FloatField {
    fn name(&self) -> &'static str {
        "FloatField"
    }

    fn widget(&self) -> Widget {
        NumberInput.into()
    }

    fn message(&self, code: &str) -> Option<&'static str> {
        (code == "invalid").then_some("Enter a number.")
    }

    fn to_value(&self, cx: &FieldContext<'_>, value: Value) -> Result<Value, ValidationError> {
        if value.is_empty() {
            return Ok(Value::None);
        }
        let number = match &value {
            Value::Str(text) => parse_float(text),
            other => other.as_f64(),
        };
        number.map(Value::Float).ok_or_else(|| cx.error("invalid"))
    }

    fn validate(&self, cx: &FieldContext<'_>, value: &Value) -> Result<(), ValidationError> {
        cx.check_required(value)?;
        match value {
            Value::Float(number) if !number.is_finite() => Err(cx.error("invalid")),
            _ => Ok(()),
        }
    }

    fn limit_validators(&self) -> Vec<Arc<dyn Validator>> {
        self.range.validators()
    }

    fn widget_attrs(&self, widget: &Widget) -> Attrs {
        let mut attrs = self.range.attrs(widget);
        if widget.is::<NumberInput>() && widget.attrs().get("step").is_none() {
            attrs.set_default("step", "any");
        }
        attrs
    }
}
