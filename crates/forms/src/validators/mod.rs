//! Validators: checks of one cleaned value, with Django's messages and codes.
//!
//! All of them take time linear in the length of the value.

mod decimal;
mod domain;
mod email;
mod file_extension;
mod ip;
mod limit;
mod pattern;
mod step;
mod url;

use std::borrow::Cow;
use std::fmt;

use crate::errors::ValidationError;
use crate::text::Text;
use crate::value::Value;

pub use decimal::DecimalValidator;
pub use domain::DomainNameValidator;
pub use email::EmailValidator;
pub use file_extension::FileExtensionValidator;
pub use ip::{
    Ipv6Cleaner, is_valid_ipv6_address, validate_ipv4_address, validate_ipv6_address,
    validate_ipv46_address,
};
pub use limit::{MaxLengthValidator, MaxValueValidator, MinLengthValidator, MinValueValidator};
pub use pattern::{
    IntListValidator, ProhibitNullCharactersValidator, RegexValidator, validate_integer,
    validate_slug, validate_unicode_slug,
};
pub use regex::Regex;
pub use step::StepValueValidator;
pub use url::UrlValidator;

/// A check of a cleaned value that is not empty.
///
/// Closures and functions are validators:
///
/// ```
/// use nuages_forms::{CharField, Field, ValidationError, Value};
/// let field = Field::new(CharField::new()).validator(|value: &Value| {
///     if value.as_str() == Some("admin") {
///         return Err(ValidationError::new("This name is taken.").code("taken"));
///     }
///     Ok(())
/// });
/// assert!(field.clean("ada").is_ok());
/// assert!(field.clean("admin").unwrap_err().has_code("taken"));
/// ```
pub trait Validator: Send + Sync {
    /// Is the value right?
    ///
    /// # Errors
    /// Says what is wrong with it.
    fn validate(&self, value: &Value) -> Result<(), ValidationError>;
}

impl<F: Fn(&Value) -> Result<(), ValidationError> + Send + Sync> Validator for F {
    fn validate(&self, value: &Value) -> Result<(), ValidationError> {
        self(value)
    }
}

impl fmt::Debug for dyn Validator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Validator")
    }
}

/// The words and the code of a validator, which its maker may replace.
#[derive(Clone, Debug, PartialEq)]
struct Complaint {
    message: Text,
    code: Cow<'static, str>,
}

impl Complaint {
    const fn new(message: &'static str, code: &'static str) -> Self {
        Self {
            message: Text::from_static(message),
            code: Cow::Borrowed(code),
        }
    }

    fn about(&self, value: &Value) -> ValidationError {
        ValidationError::new(self.message.clone())
            .code(self.code.clone())
            .param("value", value.clone())
    }
}

/// The text a validator looks at: Python's `str(value)`.
fn text_of(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Str(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}
