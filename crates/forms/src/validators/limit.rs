//! Limits of size and of length.

use std::cmp::Ordering;

use super::Validator;
use crate::errors::ValidationError;
use crate::text::Text;
use crate::value::Value;

macro_rules! limit {
    ($(#[$doc:meta])* $name:ident, $code:literal, $refused:path, $message:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            limit: Value,
            message: Option<Text>,
        }

        impl $name {
            /// With this limit.
            pub fn new(limit: impl Into<Value>) -> Self {
                Self { limit: limit.into(), message: None }
            }

            /// With another message.
            pub fn message(mut self, message: impl Into<Text>) -> Self {
                self.message = Some(message.into());
                self
            }
        }

        impl Validator for $name {
            fn validate(&self, value: &Value) -> Result<(), ValidationError> {
                if value.order(&self.limit) != Some($refused) {
                    return Ok(());
                }
                let message = self.message.clone().unwrap_or(Text::from_static($message));
                Err(ValidationError::new(message)
                    .code($code)
                    .param("limit_value", self.limit.clone())
                    .param("show_value", value.clone())
                    .param("value", value.clone()))
            }
        }
    };
}

limit! {
    /// A number, date or time must not be greater than the limit.
    MaxValueValidator, "max_value", Ordering::Greater,
    "Ensure this value is less than or equal to %(limit_value)s."
}

limit! {
    /// A number, date or time must not be smaller than the limit.
    MinValueValidator, "min_value", Ordering::Less,
    "Ensure this value is greater than or equal to %(limit_value)s."
}

macro_rules! length {
    ($(#[$doc:meta])* $name:ident, $code:literal, $refused:tt, $one:literal, $many:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            limit: i64,
            message: Option<Text>,
        }

        impl $name {
            /// With this limit, in characters.
            pub fn new(limit: usize) -> Self {
                Self { limit: i64::try_from(limit).unwrap_or(i64::MAX), message: None }
            }

            /// With another message.
            pub fn message(mut self, message: impl Into<Text>) -> Self {
                self.message = Some(message.into());
                self
            }
        }

        impl Validator for $name {
            fn validate(&self, value: &Value) -> Result<(), ValidationError> {
                let length = match value {
                    Value::List(items) => items.len(),
                    other => super::text_of(other).chars().count(),
                };
                let length = i64::try_from(length).unwrap_or(i64::MAX);
                if !(length $refused self.limit) {
                    return Ok(());
                }
                let message = self.message.clone().unwrap_or(Text::from_static(
                    if self.limit == 1 { $one } else { $many },
                ));
                Err(ValidationError::new(message)
                    .code($code)
                    .param("limit_value", self.limit)
                    .param("show_value", length)
                    .param("value", value.clone()))
            }
        }
    };
}

length! {
    /// A text must not be longer than the limit.
    MaxLengthValidator, "max_length", >,
    "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
    "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d)."
}

length! {
    /// A text must not be shorter than the limit.
    MinLengthValidator, "min_length", <,
    "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
    "Ensure this value has at least %(limit_value)d characters (it has %(show_value)d)."
}
