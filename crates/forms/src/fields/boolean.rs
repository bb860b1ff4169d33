//! Yes or no.

use super::{FieldContext, FieldKind};
use crate::errors::ValidationError;
use crate::value::Value;
use crate::widgets::{CheckboxInput, NullBooleanSelect, Widget};

/// Yes or no. When it is required it must be yes: "I agree to the terms".
#[derive(Clone, Copy, Debug, Default)]
pub struct BooleanField;

impl BooleanField {
    /// A checkbox.
    pub fn new() -> Self {
        Self
    }

    fn truth(value: &Value) -> bool {
        match value {
            Value::Str(text) => {
                !text.is_empty() && text != "0" && !text.eq_ignore_ascii_case("false")
            }
            other => other.is_true(),
        }
    }
}

impl FieldKind for BooleanField {
    fn name(&self) -> &'static str {
        "BooleanField"
    }

    fn widget(&self) -> Widget {
        CheckboxInput.into()
    }

    fn to_value(&self, _cx: &FieldContext<'_>, value: Value) -> Result<Value, ValidationError> {
        Ok(Value::Bool(Self::truth(&value)))
    }

    fn validate(&self, cx: &FieldContext<'_>, value: &Value) -> Result<(), ValidationError> {
        if cx.field().is_required() && !value.is_true() {
            return Err(cx.error("required"));
        }
        Ok(())
    }

    fn has_changed(&self, _cx: &FieldContext<'_>, initial: &Value, data: Value) -> bool {
        Self::truth(initial) != Self::truth(&data)
    }
}

/// Yes, no or unknown; what is neither yes nor no is unknown.
#[derive(Clone, Copy, Debug, Default)]
pub struct NullBooleanField;

impl NullBooleanField {
    /// A list of the three.
    pub fn new() -> Self {
        Self
    }

    fn truth(value: &Value) -> Value {
        match value {
            Value::Bool(yes) => Value::Bool(*yes),
            Value::Int(1) => Value::Bool(true),
            Value::Int(0) => Value::Bool(false),
            Value::Str(text) => match text.as_str() {
                "True" | "true" | "1" => Value::Bool(true),
                "False" | "false" | "0" => Value::Bool(false),
                _ => Value::None,
            },
            _ => Value::None,
        }
    }
}

impl FieldKind for NullBooleanField {
    fn name(&self) -> &'static str {
        "NullBooleanField"
    }

    fn widget(&self) -> Widget {
        NullBooleanSelect.into()
    }

    fn to_value(&self, _cx: &FieldContext<'_>, value: Value) -> Result<Value, ValidationError> {
        Ok(Self::truth(&value))
    }

    fn validate(&self, _cx: &FieldContext<'_>, _value: &Value) -> Result<(), ValidationError> {
        Ok(())
    }

    fn has_changed(&self, _cx: &FieldContext<'_>, initial: &Value, data: Value) -> bool {
        !Self::truth(initial).same(&Self::truth(&data))
    }
}
