//! UUIDs.

use super::char::{as_text, text_options};
use super::{CharField, FieldContext, FieldKind};
use crate::errors::ValidationError;
use crate::value::Value;

/// A UUID, cleaned to its usual text: lower case, with hyphens.
///
/// ```
/// use nuages_forms::{Field, UuidField};
/// let field = Field::new(UuidField::new());
/// assert_eq!(
///     field.clean("{550E8400E29B41D4A716446655440000}").unwrap(),
///     "550e8400-e29b-41d4-a716-446655440000".into(),
/// );
/// assert_eq!(field.clean("x").unwrap_err().as_text(), "* Enter a valid UUID.");
/// ```
#[derive(Clone, Debug, Default)]
pub struct UuidField(CharField);

impl UuidField {
    /// Any UUID.
    pub fn new() -> Self {
        Self::default()
    }
}

text_options!(UuidField, 0);

/// The 32 hexadecimal digits in their usual groups; nothing if the text is no UUID.
fn canonical(text: &str) -> Option<String> {
    let plain = text.replace("urn:", "").replace("uuid:", "");
    let digits = plain.trim_matches(['{', '}']).replace('-', "");
    if digits.len() != 32 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let digits = digits.to_ascii_lowercase();
    Some(format!(
        "{}-{}-{}-{}-{}",
        &digits[..8],
        &digits[8..12],
        &digits[12..16],
        &digits[16..20],
        &digits[20..]
    ))
}

impl FieldKind for UuidField {
    as_text!(0);

    fn name(&self) -> &'static str {
        "UUIDField"
    }

    fn message(&self, code: &str) -> Option<&'static str> {
        (code == "invalid").then_some("Enter a valid UUID.")
    }

    fn to_value(&self, cx: &FieldContext<'_>, value: Value) -> Result<Value, ValidationError> {
        let value = self.0.to_value(cx, value)?;
        match &value {
            Value::Str(text) if !text.is_empty() => canonical(text)
                .map(Value::Str)
                .ok_or_else(|| cx.error("invalid")),
            _ => Ok(Value::None),
        }
    }
}
