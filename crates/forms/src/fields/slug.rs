//! Slugs: the readable part of a URL.

use std::sync::Arc;

use super::char::{as_text, text_options};
use super::{CharField, FieldContext, FieldKind};
use crate::errors::ValidationError;
use crate::validators::{Validator, validate_slug, validate_unicode_slug};
use crate::value::Value;

/// A text of letters, digits, `_` and `-`.
#[derive(Clone, Debug, Default)]
pub struct SlugField {
    text: CharField,
    unicode: bool,
}

impl SlugField {
    /// Of ASCII letters.
    pub fn new() -> Self {
        Self::default()
    }

    /// Are letters of all scripts right?
    pub fn allow_unicode(mut self, allow: bool) -> Self {
        self.unicode = allow;
        self
    }
}

text_options!(SlugField, text);

impl FieldKind for SlugField {
    as_text!(text);

    fn name(&self) -> &'static str {
        "SlugField"
    }

    fn default_validators(&self) -> Vec<Arc<dyn Validator>> {
        if self.unicode {
            vec![Arc::new(validate_unicode_slug)]
        } else {
            vec![Arc::new(validate_slug)]
        }
    }

    fn to_value(&self, cx: &FieldContext<'_>, value: Value) -> Result<Value, ValidationError> {
        self.text.to_value(cx, value)
    }
}
