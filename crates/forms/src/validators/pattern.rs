//! Patterns: regular expressions, slugs, integers and null characters.

use std::borrow::Cow;

use regex::Regex;

use super::{Complaint, Validator, text_of};
use crate::errors::ValidationError;
use crate::number::is_digit;
use crate::text::Text;
use crate::value::Value;

/// A text must contain a match of a regular expression.
///
/// ```
/// use nuages_forms::validators::{Regex, RegexValidator, Validator};
/// let code = RegexValidator::new(Regex::new(r"^[A-Z]{3}$")?).message("Three capitals, please.");
/// assert!(code.validate(&"ABC".into()).is_ok());
/// assert!(code.validate(&"abc".into()).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Security
/// The engine has no backtracking: no text, however made, takes more than linear time.
///
/// # Django
/// `RegexValidator`; the pattern's language is the `regex` crate's: `\d`, `\w` and `\s` are Unicode's as in Python,
/// `$` is the very end, and there are no look-arounds.
#[derive(Clone, Debug)]
pub struct RegexValidator {
    regex: Regex,
    inverse: bool,
    complaint: Complaint,
}

impl RegexValidator {
    /// With this expression; write `^` and `$` if the whole text has to match.
    pub fn new(regex: Regex) -> Self {
        Self {
            regex,
            inverse: false,
            complaint: Complaint::new("Enter a valid value.", "invalid"),
        }
    }

    /// With another message.
    pub fn message(mut self, message: impl Into<Text>) -> Self {
        self.complaint.message = message.into();
        self
    }

    /// With another code.
    pub fn code(mut self, code: impl Into<Cow<'static, str>>) -> Self {
        self.complaint.code = code.into();
        self
    }

    /// The text must not contain a match.
    pub fn inverse_match(mut self) -> Self {
        self.inverse = true;
        self
    }
}

impl Validator for RegexValidator {
    fn validate(&self, value: &Value) -> Result<(), ValidationError> {
        if self.regex.is_match(&text_of(value)) == self.inverse {
            return Err(self.complaint.about(value));
        }
        Ok(())
    }
}

/// A text must be a list of whole numbers, such as `1,2,3`.
///
/// # Django
/// `int_list_validator`, `validate_comma_separated_integer_list`.
#[derive(Clone, Debug, PartialEq)]
pub struct IntListValidator {
    separator: Cow<'static, str>,
    negative: bool,
    complaint: Complaint,
}

impl IntListValidator {
    /// Numbers separated by commas.
    pub fn new() -> Self {
        Self {
            separator: Cow::Borrowed(","),
            negative: false,
            complaint: Complaint::new("Enter only digits separated by commas.", "invalid"),
        }
    }

    /// With another separator.
    pub fn separator(mut self, separator: impl Into<Cow<'static, str>>) -> Self {
        self.separator = separator.into();
        self
    }

    /// Negative numbers are right, too.
    pub fn allow_negative(mut self) -> Self {
        self.negative = true;
        self
    }

    /// With another message.
    pub fn message(mut self, message: impl Into<Text>) -> Self {
        self.complaint.message = message.into();
        self
    }

    /// With another code.
    pub fn code(mut self, code: impl Into<Cow<'static, str>>) -> Self {
        self.complaint.code = code.into();
        self
    }

    fn is_number(&self, part: &str) -> bool {
        let digits = match part.strip_prefix('-') {
            Some(rest) if self.negative => rest,
            _ => part,
        };
        !digits.is_empty() && digits.chars().all(is_digit)
    }

    fn accepts(&self, text: &str) -> bool {
        if self.separator.is_empty() {
            // Numbers one after another: a sign may begin each of them.
            return self.is_number(text)
                || self.negative
                    && !text.ends_with('-')
                    && !text.contains("--")
                    && text.chars().all(|c| c == '-' || is_digit(c))
                    && !text.is_empty();
        }
        text.split(&*self.separator)
            .all(|part| self.is_number(part))
    }
}

impl Default for IntListValidator {
    fn default() -> Self {
        Self::new()
    }
}

impl Validator for IntListValidator {
    fn validate(&self, value: &Value) -> Result<(), ValidationError> {
        if self.accepts(&text_of(value)) {
            return Ok(());
        }
        Err(self.complaint.about(value))
    }
}

/// A text must be a whole number.
///
/// # Errors
/// It is none.
pub fn validate_integer(value: &Value) -> Result<(), ValidationError> {
    let text = text_of(value);
    let digits = text.strip_prefix('-').unwrap_or(&text);
    if !digits.is_empty() && digits.chars().all(is_digit) {
        return Ok(());
    }
    Err(Complaint::new("Enter a valid integer.", "invalid").about(value))
}

/// A text must consist of ASCII letters, digits, `_` and `-`.
///
/// # Errors
/// It does not.
pub fn validate_slug(value: &Value) -> Result<(), ValidationError> {
    let text = text_of(value);
    let right = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    if !text.is_empty() && text.bytes().all(right) {
        return Ok(());
    }
    let message = "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.";
    Err(Complaint::new(message, "invalid").about(value))
}

/// A text must consist of letters and digits of any script, `_` and `-`.
///
/// # Errors
/// It does not.
pub fn validate_unicode_slug(value: &Value) -> Result<(), ValidationError> {
    let text = text_of(value);
    let right = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    if !text.is_empty() && text.chars().all(right) {
        return Ok(());
    }
    let message =
        "Enter a valid “slug” consisting of Unicode letters, numbers, underscores, or hyphens.";
    Err(Complaint::new(message, "invalid").about(value))
}

/// A text must not contain the null character, which some databases cannot keep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProhibitNullCharactersValidator;

impl Validator for ProhibitNullCharactersValidator {
    fn validate(&self, value: &Value) -> Result<(), ValidationError> {
        if !text_of(value).contains('\0') {
            return Ok(());
        }
        let message = "Null characters are not allowed.";
        Err(Complaint::new(message, "null_characters_not_allowed").about(value))
    }
}
