//! Not too short.

use nuages_forms::ValidationError;

use super::{PasswordOwner, PasswordValidator};

/// Refuses passwords of fewer than `min_length` characters.
///
/// # Django
/// `MinimumLengthValidator`.
#[derive(Debug, Clone, Copy)]
pub struct MinimumLengthValidator {
    /// The fewest characters allowed.
    pub min_length: usize,
}

impl Default for MinimumLengthValidator {
    fn default() -> Self {
        Self { min_length: 8 }
    }
}

impl MinimumLengthValidator {
    fn characters(self) -> &'static str {
        if self.min_length == 1 {
            "character"
        } else {
            "characters"
        }
    }
}

impl PasswordValidator for MinimumLengthValidator {
    fn validate(
        &self,
        password: &str,
        _owner: Option<&PasswordOwner<'_>>,
    ) -> Result<(), ValidationError> {
        if password.chars().count() >= self.min_length {
            return Ok(());
        }
        Err(ValidationError::new(format!(
            "This password is too short. It must contain at least {} {}.",
            self.min_length,
            self.characters()
        ))
        .code("password_too_short")
        .param("min_length", self.min_length as u64))
    }

    fn help_text(&self) -> String {
        format!(
            "Your password must contain at least {} {}.",
            self.min_length,
            self.characters()
        )
    }
}
