//! `ValidationError`: one thing that is wrong with one value.

use std::borrow::Cow;
use std::fmt;

use crate::text::Text;
use crate::value::Value;

/// One error: a message, a code for programs and the values the message names.
///
/// ```
/// use nuages_forms::ValidationError;
/// let error = ValidationError::new("%(value)s is not even.")
///     .code("odd")
///     .param("value", 3);
/// assert_eq!(error.to_string(), "3 is not even.");
/// assert_eq!(error.get_code(), "odd");
/// ```
///
/// # Django
/// `django.core.exceptions.ValidationError` with a single message.
#[derive(Clone, Debug, PartialEq)]
pub struct ValidationError {
    message: Text,
    code: Cow<'static, str>,
    params: Vec<(Cow<'static, str>, Value)>,
}

impl std::error::Error for ValidationError {}

impl ValidationError {
    /// An error with this message, which may name params as `%(name)s`.
    pub fn new(message: impl Into<Text>) -> Self {
        Self {
            message: message.into(),
            code: Cow::Borrowed(""),
            params: Vec::new(),
        }
    }

    /// With a code, by which programs and custom messages know it.
    pub fn code(mut self, code: impl Into<Cow<'static, str>>) -> Self {
        self.code = code.into();
        self
    }

    /// With a value that the message may name.
    pub fn param(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Value>) -> Self {
        self.params.push((name.into(), value.into()));
        self
    }

    /// The code; empty if it has none.
    pub fn get_code(&self) -> &str {
        &self.code
    }

    /// The values the message may name.
    pub fn params(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.params.iter().map(|(name, value)| (&**name, value))
    }

    /// The same error with other words.
    pub(crate) fn with_message(mut self, message: Text) -> Self {
        self.message = message;
        self
    }

    /// The message for a page, escaped unless it is a [`SafeString`](crate::SafeString) without params.
    pub fn to_html(&self) -> String {
        if self.params.is_empty() {
            self.message.to_html()
        } else {
            Text::from(self.to_string()).to_html()
        }
    }

    /// The message for a template.
    pub(crate) fn to_template(&self) -> nuages_template::Value<'_> {
        if self.params.is_empty() {
            self.message.to_template()
        } else {
            nuages_template::Value::Str(self.to_string().into())
        }
    }

    fn named(&self, name: &str) -> Option<&Value> {
        let found = self.params.iter().find(|(key, _)| key == name)?;
        Some(&found.1)
    }
}

/// Prints the message with its params filled in; what names no param stays as it is.
impl fmt::Display for ValidationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.message.as_str();
        if self.params.is_empty() {
            return f.write_str(rest);
        }
        while let Some(at) = rest.find('%') {
            f.write_str(&rest[..at])?;
            rest = &rest[at..];
            if let Some(after) = rest.strip_prefix("%%") {
                f.write_str("%")?;
                rest = after;
                continue;
            }
            let named = rest.strip_prefix("%(").and_then(|inner| {
                let (name, after) = inner.split_once(')')?;
                let after = after.strip_prefix(['s', 'd', 'r'])?;
                Some((self.named(name)?, after))
            });
            if let Some((value, after)) = named {
                write!(f, "{value}")?;
                rest = after;
            } else {
                f.write_str("%")?;
                rest = &rest[1..];
            }
        }
        f.write_str(rest)
    }
}

impl From<&'static str> for ValidationError {
    fn from(message: &'static str) -> Self {
        Self::new(message)
    }
}

impl From<String> for ValidationError {
    fn from(message: String) -> Self {
        Self::new(message)
    }
}

impl From<Text> for ValidationError {
    fn from(message: Text) -> Self {
        Self::new(message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn params_are_filled_in_once() {
        let check = |message: &'static str, expect: &str| {
            let error = ValidationError::new(message).param("value", "%(value)s");
            assert_eq!(error.to_string(), expect);
        };
        check("<%(value)s>", "<%(value)s>");
        check("100%% %(value)d", "100% %(value)s");
        check("%(other)s %(value", "%(other)s %(value");
        check("50% of", "50% of");
    }

    #[test]
    fn a_message_without_params_keeps_its_percent_signs() {
        assert_eq!(ValidationError::new("100%% x").to_string(), "100%% x");
    }

    #[test]
    fn messages_are_escaped() {
        let error = ValidationError::new("%(value)s").param("value", "<script>");
        assert_eq!(error.to_html(), "&lt;script&gt;");
    }
}
