//! Texts that match a pattern.

use std::sync::Arc;

use regex::Regex;

use super::char::text_options;
use super::{CharField, FieldContext, FieldKind};
use crate::errors::ValidationError;
use crate::validators::{RegexValidator, Validator};
use crate::value::Value;
use crate::widgets::{Attrs, Widget};

/// A text with a match of a regular expression, with the white space around it.
///
/// ```
/// use nuages_forms::validators::Regex;
/// use nuages_forms::{Field, RegexField};
/// let field = Field::new(RegexField::new(Regex::new("^[0-9]{5}$")?));
/// assert!(field.clean("12345").is_ok());
/// assert_eq!(field.clean("1234").unwrap_err().as_text(), "* Enter a valid value.");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct RegexField {
    text: CharField,
    regex: Regex,
}

impl RegexField {
    /// Of this pattern; write `^` and `$` if the whole text has to match.
    pub fn new(regex: Regex) -> Self {
        Self {
            text: CharField::new().strip(false),
            regex,
        }
    }

    /// Without white space around it?
    pub fn strip(mut self, strip: bool) -> Self {
        self.text = self.text.strip(strip);
        self
    }
}

text_options!(RegexField, text);

impl FieldKind for RegexField {
    fn name(&self) -> &'static str {
        "RegexField"
    }

    fn limit_validators(&self) -> Vec<Arc<dyn Validator>> {
        let mut all = self.text.limit_validators();
        all.push(Arc::new(RegexValidator::new(self.regex.clone())));
        all
    }

    fn widget_attrs(&self, widget: &Widget) -> Attrs {
        self.text.widget_attrs(widget)
    }

    fn to_value(&self, cx: &FieldContext<'_>, value: Value) -> Result<Value, ValidationError> {
        self.text.to_value(cx, value)
    }
}
