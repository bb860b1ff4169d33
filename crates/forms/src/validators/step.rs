//! Steps: a number must be a multiple of a step, counted from an offset.

use super::Validator;
use crate::decimal::Decimal;
use crate::errors::ValidationError;
use crate::value::Value;

/// How far from a step a number may be, since floats are not exact.
const TOLERANCE: f64 = 1e-9;

/// A number must be a multiple of the step size.
///
/// ```
/// use nuages_forms::validators::{StepValueValidator, Validator};
/// use nuages_forms::Value;
/// let odd = StepValueValidator::new(2).offset(1);
/// assert!(odd.validate(&Value::from(7)).is_ok());
/// assert!(odd.validate(&Value::from(8)).is_err());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct StepValueValidator {
    step: Value,
    offset: Option<Value>,
}

impl StepValueValidator {
    /// With this step size.
    pub fn new(step: impl Into<Value>) -> Self {
        Self {
            step: step.into(),
            offset: None,
        }
    }

    /// Counted from this number instead of zero.
    pub fn offset(mut self, offset: impl Into<Value>) -> Self {
        self.offset = Some(offset.into());
        self
    }

    fn fits(&self, value: &Value) -> bool {
        let offset = match &self.offset {
            None => Some(0.0),
            Some(offset) => offset.as_f64(),
        };
        let (Some(number), Some(offset), Some(step)) = (value.as_f64(), offset, self.step.as_f64())
        else {
            return false;
        };
        let rest = ((number - offset) % step).abs();
        rest.min((step.abs() - rest).abs()) <= TOLERANCE
    }
}

impl Validator for StepValueValidator {
    fn validate(&self, value: &Value) -> Result<(), ValidationError> {
        if self.fits(value) {
            return Ok(());
        }
        let Some(offset) = &self.offset else {
            return Err(ValidationError::new(
                "Ensure this value is a multiple of step size %(limit_value)s.",
            )
            .code("step_size")
            .param("limit_value", self.step.clone())
            .param("show_value", value.clone())
            .param("value", value.clone()));
        };
        let offset = like(value, offset);
        let first = sum(&offset, &self.step);
        let second = sum(&first, &self.step);
        Err(ValidationError::new(
            "Ensure this value is a multiple of step size %(limit_value)s, starting from \
             %(offset)s, e.g. %(offset)s, %(valid_value1)s, %(valid_value2)s, and so on.",
        )
        .code("step_size")
        .param("limit_value", self.step.clone())
        .param("offset", offset)
        .param("valid_value1", first)
        .param("valid_value2", second))
    }
}

/// The offset in the type of the value, which decides how it is printed.
fn like(value: &Value, offset: &Value) -> Value {
    match (value, offset) {
        (Value::Float(_), other) => other.as_f64().map_or(Value::None, Value::Float),
        (Value::Decimal(_), Value::Int(number)) => Value::Decimal(Decimal::from(*number)),
        #[expect(
            clippy::cast_possible_truncation,
            reason = "Python's int() of a float, for a message only; the cast saturates"
        )]
        (Value::Int(_), Value::Float(number)) => Value::Int(*number as i64),
        (_, other) => other.clone(),
    }
}

/// One number and another, for a message.
fn sum(one: &Value, two: &Value) -> Value {
    match (one, two) {
        (Value::Int(one), Value::Int(two)) => Value::Int(one.saturating_add(*two)),
        (Value::Decimal(one), Value::Decimal(two)) => {
            one.plus(two).map_or(Value::None, Value::Decimal)
        }
        (Value::Decimal(one), Value::Int(two)) => one
            .plus(&Decimal::from(*two))
            .map_or(Value::None, Value::Decimal),
        _ => match (one.as_f64(), two.as_f64()) {
            (Some(one), Some(two)) => Value::Float(one + two),
            _ => Value::None,
        },
    }
}
