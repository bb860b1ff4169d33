//! One or several of a list.

use std::collections::HashSet;

use super::{FieldContext, FieldKind};
use crate::choices::Choices;
use crate::errors::ValidationError;
use crate::value::Value;
use crate::widgets::{MultipleHiddenInput, Select, SelectMultiple, Widget};

pub(super) const INVALID_CHOICE: &str =
    "Select a valid choice. %(value)s is not one of the available choices.";

/// One of the choices, as text.
///
/// ```
/// use nuages_forms::{ChoiceField, Field};
/// let field = Field::new(ChoiceField::new([("r", "Red"), ("g", "Green")]));
/// assert_eq!(field.clean("g").unwrap(), "g".into());
/// assert!(field.clean("b").unwrap_err().has_code("invalid_choice"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct ChoiceField {
    choices: Choices,
}

impl ChoiceField {
    /// One of these.
    pub fn new(choices: impl Into<Choices>) -> Self {
        Self {
            choices: choices.into(),
        }
    }

    /// With other choices.
    pub fn choices(mut self, choices: impl Into<Choices>) -> Self {
        self.choices = choices.into();
        self
    }
}

impl FieldKind for ChoiceField {
    fn name(&self) -> &'static str {
        "ChoiceField"
    }

    fn widget(&self) -> Widget {
        Select.into()
    }

    fn choices(&self) -> Option<Choices> {
        Some(self.choices.clone())
    }

    fn message(&self, code: &str) -> Option<&'static str> {
        (code == "invalid_choice").then_some(INVALID_CHOICE)
    }

    fn to_value(&self, _cx: &FieldContext<'_>, value: Value) -> Result<Value, ValidationError> {
        Ok(Value::Str(match value {
            Value::Str(text) => text,
            other if other.is_empty() => String::new(),
            other => other.to_string(),
        }))
    }

    fn validate(&self, cx: &FieldContext<'_>, value: &Value) -> Result<(), ValidationError> {
        cx.check_required(value)?;
        match value.as_str() {
            Some(text) if !text.is_empty() && !self.choices.has(text) => {
                Err(cx.error("invalid_choice").param("value", value.clone()))
            }
            _ => Ok(()),
        }
    }
}

/// Several of the choices, as texts.
///
/// ```
/// use nuages_forms::{Field, MultipleChoiceField, Value};
/// let field = Field::new(MultipleChoiceField::new([("r", "Red"), ("g", "Green")]));
/// assert!(field.clean(vec!["r", "g"]).is_ok());
/// assert!(field.clean(vec!["r", "x"]).unwrap_err().has_code("invalid_choice"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct MultipleChoiceField {
    choices: Choices,
}

impl MultipleChoiceField {
    /// Several of these.
    pub fn new(choices: impl Into<Choices>) -> Self {
        Self {
            choices: choices.into(),
        }
    }

    /// With other choices.
    pub fn choices(mut self, choices: impl Into<Choices>) -> Self {
        self.choices = choices.into();
        self
    }
}

impl FieldKind for MultipleChoiceField {
    fn name(&self) -> &'static str {
        "MultipleChoiceField"
    }

    fn widget(&self) -> Widget {
        SelectMultiple.into()
    }

    fn hidden_widget(&self) -> Widget {
        MultipleHiddenInput.into()
    }

    fn choices(&self) -> Option<Choices> {
        Some(self.choices.clone())
    }

    fn message(&self, code: &str) -> Option<&'static str> {
        match code {
            "invalid_choice" => Some(INVALID_CHOICE),
            "invalid_list" => Some("Enter a list of values."),
            _ => None,
        }
    }

    fn to_value(&self, cx: &FieldContext<'_>, value: Value) -> Result<Value, ValidationError> {
        match value {
            Value::List(items) => Ok(Value::List(texts(&items))),
            other if !other.is_true() => Ok(Value::List(Vec::new())),
            _ => Err(cx.error("invalid_list")),
        }
    }

    fn validate(&self, cx: &FieldContext<'_>, value: &Value) -> Result<(), ValidationError> {
        cx.check_required(value)?;
        let Value::List(items) = value else {
            return Ok(());
        };
        // A set, so that thousands of submitted values do not walk the choices thousands of times.
        let mut known = HashSet::new();
        for item in items {
            let text = item.as_str().unwrap_or_default();
            if known.contains(text) {
                continue;
            }
            if !self.choices.has(text) {
                return Err(cx.error("invalid_choice").param("value", item.clone()));
            }
            known.insert(text);
        }
        Ok(())
    }

    fn has_changed(&self, _cx: &FieldContext<'_>, initial: &Value, data: Value) -> bool {
        let set = |value: &Value| match value {
            Value::None => (0, HashSet::new()),
            Value::List(items) => (
                items.len(),
                items
                    .iter()
                    .map(ToString::to_string)
                    .collect::<HashSet<_>>(),
            ),
            other => {
                let text = other.to_string();
                let letters: HashSet<_> = text.chars().map(String::from).collect();
                (text.chars().count(), letters)
            }
        };
        set(initial) != set(&data)
    }
}

fn texts(items: &[Value]) -> Vec<Value> {
    items
        .iter()
        .map(|item| Value::Str(item.to_string()))
        .collect()
}
