//! Digits of decimal numbers.

use super::Validator;
use crate::errors::ValidationError;
use crate::value::Value;

/// A decimal number must not have more digits than a column keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DecimalValidator {
    max_digits: Option<u32>,
    decimal_places: Option<u32>,
}

impl DecimalValidator {
    /// With so many digits in all and so many after the point.
    pub fn new(max_digits: Option<u32>, decimal_places: Option<u32>) -> Self {
        Self {
            max_digits,
            decimal_places,
        }
    }
}

impl Validator for DecimalValidator {
    fn validate(&self, value: &Value) -> Result<(), ValidationError> {
        let Value::Decimal(number) = value else {
            return Ok(());
        };
        let written = i64::try_from(number.digits().len()).unwrap_or(i64::MAX >> 1);
        let exponent = number.exponent();
        let (digits, decimals) = if exponent >= 0 {
            let zeros = if number.is_zero() { 0 } else { exponent };
            (written + zeros, 0)
        } else {
            (written.max(-exponent), -exponent)
        };
        let whole = digits - decimals;
        let too_many = |max: u32, code: &'static str, one: &'static str, many: &'static str| {
            Err(ValidationError::new(if max == 1 { one } else { many })
                .code(code)
                .param("max", max)
                .param("value", value.clone()))
        };
        if let Some(max) = self.max_digits.filter(|max| digits > i64::from(*max)) {
            return too_many(
                max,
                "max_digits",
                "Ensure that there are no more than %(max)s digit in total.",
                "Ensure that there are no more than %(max)s digits in total.",
            );
        }
        if let Some(max) = self.decimal_places.filter(|max| decimals > i64::from(*max)) {
            return too_many(
                max,
                "max_decimal_places",
                "Ensure that there are no more than %(max)s decimal place.",
                "Ensure that there are no more than %(max)s decimal places.",
            );
        }
        if let (Some(max_digits), Some(places)) = (self.max_digits, self.decimal_places) {
            let max = max_digits.saturating_sub(places);
            if whole > i64::from(max) {
                return too_many(
                    max,
                    "max_whole_digits",
                    "Ensure that there are no more than %(max)s digit before the decimal point.",
                    "Ensure that there are no more than %(max)s digits before the decimal point.",
                );
            }
        }
        Ok(())
    }
}
