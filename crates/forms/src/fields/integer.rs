//! Whole numbers.

use std::sync::Arc;

use super::{FieldContext, FieldKind};
use crate::errors::ValidationError;
use crate::number::{Whole, is_space, parse_int};
use crate::validators::{MaxValueValidator, MinValueValidator, StepValueValidator, Validator};
use crate::value::Value;
use crate::widgets::{Attrs, NumberInput, Widget};

/// The limits of a number, which the three kinds of number fields share.
#[derive(Clone, Debug, Default)]
pub(super) struct Range {
    pub(super) max: Option<Value>,
    pub(super) min: Option<Value>,
    pub(super) step: Option<Value>,
}

impl Range {
    pub(super) fn validators(&self) -> Vec<Arc<dyn Validator>> {
        let mut all: Vec<Arc<dyn Validator>> = Vec::new();
        if let Some(limit) = &self.max {
            all.push(Arc::new(MaxValueValidator::new(limit.clone())));
        }
        if let Some(limit) = &self.min {
            all.push(Arc::new(MinValueValidator::new(limit.clone())));
        }
        if let Some(step) = &self.step {
            let step = StepValueValidator::new(step.clone());
            all.push(Arc::new(match &self.min {
                Some(offset) => step.offset(offset.clone()),
                None => step,
            }));
        }
        all
    }

    pub(super) fn attrs(&self, widget: &Widget) -> Attrs {
        let mut attrs = Attrs::new();
        if widget.is::<NumberInput>() {
            for (name, limit) in [("min", &self.min), ("max", &self.max), ("step", &self.step)] {
                if let Some(limit) = limit {
                    attrs.set(name, limit.to_string());
                }
            }
        }
        attrs
    }
}

/// The setters of the limits.
macro_rules! range_options {
    ($name:ident) => {
        impl $name {
            /// At most this.
            pub fn max_value(mut self, limit: impl Into<crate::value::Value>) -> Self {
                self.range.max = Some(limit.into());
                self
            }

            /// At least this.
            pub fn min_value(mut self, limit: impl Into<crate::value::Value>) -> Self {
                self.range.min = Some(limit.into());
                self
            }

            /// A multiple of this, counted from the least value.
            pub fn step_size(mut self, step: impl Into<crate::value::Value>) -> Self {
                self.range.step = Some(step.into());
                self
            }
        }
    };
}

pub(super) use range_options;

/// A whole number of 64 bits.
///
/// ```
/// use nuages_forms::{Field, IntegerField};
/// let field = Field::new(IntegerField::new().max_value(9));
/// assert_eq!(field.clean(" 7 ").unwrap(), 7.into());
/// assert_eq!(field.clean("x").unwrap_err().as_text(), "* Enter a whole number.");
/// ```
///
/// # Django
/// `IntegerField`. Numbers beyond 64 bits, which no column keeps, break the limit of `i64` here.
#[derive(Clone, Debug, Default)]
pub struct IntegerField {
    range: Range,
}

range_options!(IntegerField);

impl IntegerField {
    /// Any number.
    pub fn new() -> Self {
        Self::default()
    }
}

/// The text without a `.`, zeros and space at its end.
fn without_fraction(text: &str) -> &str {
    let trimmed = text.trim_end_matches(is_space).trim_end_matches('0');
    trimmed.strip_suffix('.').unwrap_or(text)
}

impl FieldKind for IntegerField {
    fn name(&self) -> &'static str {
        "IntegerField"
    }

    fn widget(&self) -> Widget {
        NumberInput.into()
    }

    fn message(&self, code: &str) -> Option<&'static str> {
        (code == "invalid").then_some("Enter a whole number.")
    }

    fn to_value(&self, cx: &FieldContext<'_>, value: Value) -> Result<Value, ValidationError> {
        if value.is_empty() {
            return Ok(Value::None);
        }
        match parse_int(without_fraction(&value.to_string())) {
            Some(Whole::Fits(number)) => Ok(number.into()),
            Some(Whole::TooLarge) => {
                let limit = self.range.max.clone().unwrap_or(Value::Int(i64::MAX));
                let message = "Ensure this value is less than or equal to %(limit_value)s.";
                Err(too_far(message, "max_value", limit, value))
            }
            Some(Whole::TooSmall) => {
                let limit = self.range.min.clone().unwrap_or(Value::Int(i64::MIN));
                let message = "Ensure this value is greater than or equal to %(limit_value)s.";
                Err(too_far(message, "min_value", limit, value))
            }
            None => Err(cx.error("invalid")),
        }
    }

    fn limit_validators(&self) -> Vec<Arc<dyn Validator>> {
        self.range.validators()
    }

    fn widget_attrs(&self, widget: &Widget) -> Attrs {
        self.range.attrs(widget)
    }
}

fn too_far(
    message: &'static str,
    code: &'static str,
    limit: Value,
    value: Value,
) -> ValidationError {
    ValidationError::new(message)
        .code(code)
        .param("limit_value", limit)
        .param("show_value", value.clone())
        .param("value", value)
}
