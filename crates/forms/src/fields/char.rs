//! Text.

use std::sync::Arc;

use super::{FieldContext, FieldKind};
use crate::errors::ValidationError;
use crate::number::strip;
use crate::validators::{
    MaxLengthValidator, MinLengthValidator, ProhibitNullCharactersValidator, Validator,
};
use crate::value::Value;
use crate::widgets::{Attrs, Widget};

/// A text, without the white space around it.
///
/// ```
/// use nuages_forms::{CharField, Field};
/// assert_eq!(Field::new(CharField::new()).clean(" a b ").unwrap(), "a b".into());
/// ```
#[derive(Clone, Debug)]
pub struct CharField {
    max_length: Option<usize>,
    min_length: Option<usize>,
    strip: bool,
    empty_value: Value,
}

impl CharField {
    /// Any text.
    pub fn new() -> Self {
        Self {
            max_length: None,
            min_length: None,
            strip: true,
            empty_value: Value::Str(String::new()),
        }
    }

    /// Of so many characters at most.
    pub fn max_length(mut self, characters: usize) -> Self {
        self.max_length = Some(characters);
        self
    }

    /// How many characters it has at most.
    pub(super) fn longest(&self) -> Option<usize> {
        self.max_length
    }

    /// Of so many characters at least.
    pub fn min_length(mut self, characters: usize) -> Self {
        self.min_length = Some(characters);
        self
    }

    /// Without white space around it (the default), or as it was typed, as passwords are.
    pub fn strip(mut self, strip: bool) -> Self {
        self.strip = strip;
        self
    }

    /// What an empty text becomes.
    pub fn empty_value(mut self, value: impl Into<Value>) -> Self {
        self.empty_value = value.into();
        self
    }
}

impl Default for CharField {
    fn default() -> Self {
        Self::new()
    }
}

impl FieldKind for CharField {
    fn name(&self) -> &'static str {
        "CharField"
    }

    fn to_value(&self, _cx: &FieldContext<'_>, value: Value) -> Result<Value, ValidationError> {
        if value.is_empty() {
            return Ok(self.empty_value.clone());
        }
        let text = match value {
            Value::Str(text) => text,
            other => other.to_string(),
        };
        let text = match strip(&text) {
            shorter if self.strip && shorter.len() != text.len() => shorter.to_owned(),
            _ => text,
        };
        if text.is_empty() {
            return Ok(self.empty_value.clone());
        }
        Ok(Value::Str(text))
    }

    fn limit_validators(&self) -> Vec<Arc<dyn Validator>> {
        let mut all: Vec<Arc<dyn Validator>> = Vec::new();
        if let Some(limit) = self.min_length {
            all.push(Arc::new(MinLengthValidator::new(limit)));
        }
        if let Some(limit) = self.max_length {
            all.push(Arc::new(MaxLengthValidator::new(limit)));
        }
        all.push(Arc::new(ProhibitNullCharactersValidator));
        all
    }

    fn widget_attrs(&self, widget: &Widget) -> Attrs {
        let mut attrs = Attrs::new();
        if !widget.is_hidden() {
            if let Some(limit) = self.max_length {
                attrs.set("maxlength", limit);
            }
            if let Some(limit) = self.min_length {
                attrs.set("minlength", limit);
            }
        }
        attrs
    }
}

/// The options a text field of a special kind shares with [`CharField`], which it wraps.
macro_rules! text_options {
    ($name:ident, $($text:tt)+) => {
        impl $name {
            /// Of so many characters at most.
            pub fn max_length(mut self, characters: usize) -> Self {
                self.$($text)+ = self.$($text)+.max_length(characters);
                self
            }

            /// Of so many characters at least.
            pub fn min_length(mut self, characters: usize) -> Self {
                self.$($text)+ = self.$($text)+.min_length(characters);
                self
            }

            /// What an empty text becomes.
            pub fn empty_value(mut self, value: impl Into<crate::value::Value>) -> Self {
                self.$($text)+ = self.$($text)+.empty_value(value);
                self
            }
        }
    };
}

/// What a text field of a special kind does exactly as [`CharField`] does.
macro_rules! as_text {
    ($($text:tt)+) => {
        fn limit_validators(&self) -> Vec<std::sync::Arc<dyn crate::validators::Validator>> {
            self.$($text)+.limit_validators()
        }

        fn widget_attrs(&self, widget: &crate::widgets::Widget) -> crate::widgets::Attrs {
            self.$($text)+.widget_attrs(widget)
        }
    };
}

pub(super) use {as_text, text_options};
