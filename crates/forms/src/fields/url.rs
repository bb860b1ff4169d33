//! Web addresses.

use std::borrow::Cow;
use std::sync::Arc;

use super::char::{as_text, text_options};
use super::{CharField, FieldContext, FieldKind};
use crate::errors::ValidationError;
use crate::validators::{UrlValidator, Validator};
use crate::value::Value;
use crate::widgets::{UrlInput, Widget};

/// A URL; one without a scheme gets `https://`.
///
/// ```
/// use nuages_forms::{Field, UrlField};
/// let field = Field::new(UrlField::new());
/// assert_eq!(field.clean("example.com").unwrap(), "https://example.com".into());
/// assert!(field.clean("javascript:alert(1)").is_err());
/// ```
#[derive(Clone, Debug)]
pub struct UrlField {
    text: CharField,
    assume_scheme: Cow<'static, str>,
}

impl UrlField {
    /// Any URL.
    pub fn new() -> Self {
        Self {
            text: CharField::new(),
            assume_scheme: Cow::Borrowed("https"),
        }
    }

    /// With this scheme for URLs that have none.
    pub fn assume_scheme(mut self, scheme: impl Into<Cow<'static, str>>) -> Self {
        self.assume_scheme = scheme.into();
        self
    }
}

text_options!(UrlField, text);

impl Default for UrlField {
    fn default() -> Self {
        Self::new()
    }
}

impl FieldKind for UrlField {
    as_text!(text);

    fn name(&self) -> &'static str {
        "URLField"
    }

    fn widget(&self) -> Widget {
        UrlInput.into()
    }

    fn message(&self, code: &str) -> Option<&'static str> {
        (code == "invalid").then_some("Enter a valid URL.")
    }

    fn default_validators(&self) -> Vec<Arc<dyn Validator>> {
        vec![Arc::new(UrlValidator::new())]
    }

    fn to_value(&self, cx: &FieldContext<'_>, value: Value) -> Result<Value, ValidationError> {
        let value = self.text.to_value(cx, value)?;
        let Value::Str(text) = &value else {
            return Ok(value);
        };
        let has_scheme = text.split_once(':').is_some_and(|(scheme, _)| {
            scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && !scheme.contains('/')
        });
        if text.is_empty() || has_scheme {
            return Ok(value);
        }
        let separator = if text.starts_with("//") { ":" } else { "://" };
        Ok(Value::Str(format!(
            "{}{separator}{text}",
            self.assume_scheme
        )))
    }
}
