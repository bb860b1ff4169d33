//! Not only digits.

use nuages_forms::ValidationError;

use super::digits::is_digit;
use super::{PasswordOwner, PasswordValidator};

/// Refuses passwords that consist of digits, of whatever script.
///
/// # Django
/// `NumericPasswordValidator`.
#[derive(Debug, Clone, Copy, Default)]
pub struct NumericPasswordValidator;

impl PasswordValidator for NumericPasswordValidator {
    fn validate(
        &self,
        password: &str,
        _owner: Option<&PasswordOwner<'_>>,
    ) -> Result<(), ValidationError> {
        if password.is_empty() || !password.chars().all(is_digit) {
            return Ok(());
        }
        Err(ValidationError::new("This password is entirely numeric.")
            .code("password_entirely_numeric"))
    }

    fn help_text(&self) -> String {
        "Your password can’t be entirely numeric.".to_owned()
    }
}
