//! Choices that become another type than text.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::choice::{ChoiceField, MultipleChoiceField};
use super::{FieldContext, FieldKind};
use crate::choices::Choices;
use crate::errors::{ErrorList, ValidationError};
use crate::value::Value;
use crate::widgets::Widget;

type Coerce = Arc<dyn Fn(&str) -> Option<Value> + Send + Sync>;

/// What both fields have beyond the choices.
#[derive(Clone)]
struct Typing {
    coerce: Coerce,
    empty_value: Value,
}

impl Typing {
    fn of<T: FromStr + Into<Value>>(empty_value: Value) -> Self {
        Self {
            coerce: Arc::new(|text| text.parse::<T>().ok().map(Into::into)),
            empty_value,
        }
    }
}

impl fmt::Debug for Typing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Typing")
            .field("empty_value", &self.empty_value)
            .finish_non_exhaustive()
    }
}

macro_rules! typed_options {
    ($name:ident, $base:ident, $empty:expr) => {
        impl $name {
            /// With these choices, read by `FromStr` of the type.
            pub fn of<T: FromStr + Into<Value>>(choices: impl Into<Choices>) -> Self {
                Self {
                    base: $base::new(choices),
                    typing: Typing::of::<T>($empty),
                }
            }

            /// Read by a function; what it turns down is no valid choice.
            pub fn coerce(
                mut self,
                read: impl Fn(&str) -> Option<Value> + Send + Sync + 'static,
            ) -> Self {
                self.typing.coerce = Arc::new(read);
                self
            }

            /// What no choice becomes.
            pub fn empty_value(mut self, value: impl Into<Value>) -> Self {
                self.typing.empty_value = value.into();
                self
            }

            /// With other choices.
            pub fn choices(mut self, choices: impl Into<Choices>) -> Self {
                self.base = self.base.choices(choices);
                self
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::of::<String>(Choices::new())
            }
        }
    };
}

/// One of the choices, as a value of another type.
///
/// ```
/// use nuages_forms::{Field, TypedChoiceField};
/// let field = Field::new(TypedChoiceField::of::<i64>([("1", "One"), ("2", "Two")]));
/// assert_eq!(field.clean("2").unwrap(), 2.into());
/// ```
#[derive(Clone, Debug)]
pub struct TypedChoiceField {
    base: ChoiceField,
    typing: Typing,
}

typed_options!(TypedChoiceField, ChoiceField, Value::Str(String::new()));

impl TypedChoiceField {
    fn coerced(&self, cx: &FieldContext<'_>, value: &Value) -> Result<Value, ValidationError> {
        if value.is_empty() || value.same(&self.typing.empty_value) {
            return Ok(self.typing.empty_value.clone());
        }
        (self.typing.coerce)(&value.to_string())
            .ok_or_else(|| cx.error("invalid_choice").param("value", value.clone()))
    }
}

impl FieldKind for TypedChoiceField {
    fn name(&self) -> &'static str {
        "TypedChoiceField"
    }

    fn widget(&self) -> Widget {
        self.base.widget()
    }

    fn choices(&self) -> Option<Choices> {
        FieldKind::choices(&self.base)
    }

    fn message(&self, code: &str) -> Option<&'static str> {
        self.base.message(code)
    }

    fn to_value(&self, cx: &FieldContext<'_>, value: Value) -> Result<Value, ValidationError> {
        self.base.to_value(cx, value)
    }

    fn validate(&self, cx: &FieldContext<'_>, value: &Value) -> Result<(), ValidationError> {
        self.base.validate(cx, value)
    }

    fn clean(&self, cx: &FieldContext<'_>, value: Value) -> Result<Value, ErrorList> {
        let value = cx.clean_by_steps(value)?;
        Ok(self.coerced(cx, &value)?)
    }

    fn has_changed(&self, cx: &FieldContext<'_>, initial: &Value, data: Value) -> bool {
        let data = self
            .to_value(cx, data)
            .and_then(|data| self.coerced(cx, &data));
        match (data, self.coerced(cx, initial)) {
            (Ok(data), Ok(initial)) => !data.same(&initial),
            _ => true,
        }
    }
}

/// Several of the choices, as values of another type.
#[derive(Clone, Debug)]
pub struct TypedMultipleChoiceField {
    base: MultipleChoiceField,
    typing: Typing,
}

typed_options!(
    TypedMultipleChoiceField,
    MultipleChoiceField,
    Value::List(Vec::new())
);

impl FieldKind for TypedMultipleChoiceField {
    fn name(&self) -> &'static str {
        "TypedMultipleChoiceField"
    }

    fn widget(&self) -> Widget {
        self.base.widget()
    }

    fn hidden_widget(&self) -> Widget {
        self.base.hidden_widget()
    }

    fn choices(&self) -> Option<Choices> {
        FieldKind::choices(&self.base)
    }

    fn message(&self, code: &str) -> Option<&'static str> {
        self.base.message(code)
    }

    fn to_value(&self, cx: &FieldContext<'_>, value: Value) -> Result<Value, ValidationError> {
        self.base.to_value(cx, value)
    }

    fn validate(&self, cx: &FieldContext<'_>, value: &Value) -> Result<(), ValidationError> {
        self.base.validate(cx, value)
    }

    fn clean(&self, cx: &FieldContext<'_>, value: Value) -> Result<Value, ErrorList> {
        let Value::List(items) = cx.clean_by_steps(value)? else {
            return Ok(self.typing.empty_value.clone());
        };
        if items.is_empty() {
            return Ok(self.typing.empty_value.clone());
        }
        let read = |item: Value| {
            (self.typing.coerce)(&item.to_string())
                .ok_or_else(|| cx.error("invalid_choice").param("value", item))
        };
        let items: Result<Vec<_>, _> = items.into_iter().map(read).collect();
        Ok(Value::List(items?))
    }

    fn has_changed(&self, cx: &FieldContext<'_>, initial: &Value, data: Value) -> bool {
        self.base.has_changed(cx, initial, data)
    }
}
