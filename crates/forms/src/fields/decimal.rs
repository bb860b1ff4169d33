//! Decimal numbers.

use std::sync::Arc;

use super::integer::{Range, range_options};
use super::{FieldContext, FieldKind};
use crate::decimal::Decimal;
use crate::errors::ValidationError;
use crate::validators::{DecimalValidator, Validator};
use crate::value::Value;
use crate::widgets::{Attrs, NumberInput, Widget};

/// An exact decimal number.
///
/// ```
/// use nuages_forms::{DecimalField, Field};
/// let price = Field::new(DecimalField::new().max_digits(5).decimal_places(2));
/// assert_eq!(price.clean("1.50").unwrap().to_string(), "1.50");
/// assert!(price.clean("1.505").unwrap_err().has_code("max_decimal_places"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct DecimalField {
    range: Range,
    max_digits: Option<u32>,
    decimal_places: Option<u32>,
}

range_options!(DecimalField);

impl DecimalField {
    /// Any number.
    pub fn new() -> Self {
        Self::default()
    }

    /// Of so many digits at most.
    pub fn max_digits(mut self, digits: u32) -> Self {
        self.max_digits = Some(digits);
        self
    }

    /// Of so many digits after the point at most.
    pub fn decimal_places(mut self, places: u32) -> Self {
        self.decimal_places = Some(places);
        self
    }
}

impl FieldKind for DecimalField {
    fn name(&self) -> &'static str {
        "DecimalField"
    }

    fn widget(&self) -> Widget {
        NumberInput.into()
    }

    fn message(&self, code: &str) -> Option<&'static str> {
        (code == "invalid").then_some("Enter a number.")
    }

    fn to_value(&self, cx: &FieldContext<'_>, value: Value) -> Result<Value, ValidationError> {
        match value {
            Value::Decimal(_) => Ok(value),
            _ if value.is_empty() => Ok(Value::None),
            _ => value
                .to_string()
                .parse::<Decimal>()
                .map(Value::Decimal)
                .map_err(|_| cx.error("invalid").param("value", value)),
        }
    }

    fn limit_validators(&self) -> Vec<Arc<dyn Validator>> {
        let mut all = self.range.validators();
        all.push(Arc::new(DecimalValidator::new(
            self.max_digits,
            self.decimal_places,
        )));
        all
    }

    fn widget_attrs(&self, widget: &Widget) -> Attrs {
        let mut attrs = self.range.attrs(widget);
        if widget.is::<NumberInput>() && widget.attrs().get("step").is_none() {
            let step = match self.decimal_places {
                None => "any".to_owned(),
                Some(0) => "1".to_owned(),
                Some(places @ 1..=6) => {
                    let places = usize::try_from(places).unwrap_or(0);
                    format!("0.{:0>places$}", 1)
                }
                // Browsers may read a long row of zeros as zero.
                Some(places) => format!("1e-{places}"),
            };
            attrs.set_default("step", step);
        }
        attrs
    }
}
