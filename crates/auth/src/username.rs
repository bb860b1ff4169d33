//! Usernames and e-mail addresses: which are allowed, and their one spelling.

use std::borrow::Cow;

use nuages_forms::ValidationError;
use nuages_forms::Value;
use nuages_forms::validators::Validator;
use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfkc_quick};

use crate::passwords::is_word;

/// The longest username, in characters.
pub const MAX_USERNAME_LENGTH: usize = 150;

/// Allows letters and numbers of every script, and `@ . + - _`.
///
/// ```
/// use nuages_auth::UnicodeUsernameValidator;
/// use nuages_forms::validators::Validator as _;
///
/// assert!(UnicodeUsernameValidator.validate(&"zoë.müller+1".into()).is_ok());
/// assert!(UnicodeUsernameValidator.validate(&"ann smith".into()).is_err());
/// ```
///
/// # Django
/// `UnicodeUsernameValidator`.
#[derive(Debug, Clone, Copy, Default)]
pub struct UnicodeUsernameValidator;

impl Validator for UnicodeUsernameValidator {
    fn validate(&self, value: &Value) -> Result<(), ValidationError> {
        let text = value.to_string();
        let allowed = |char| is_word(char) || matches!(char, '@' | '.' | '+' | '-');
        if !text.is_empty() && text.chars().all(allowed) {
            return Ok(());
        }
        Err(ValidationError::new(
            "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.",
        )
        .code("invalid"))
    }
}

/// The one spelling of a username: Unicode's NFKC.
///
/// # Security
/// Without it `ａdmin` with a full-width letter would be another account that looks like `admin`.
///
/// # Django
/// `AbstractBaseUser.normalize_username`.
pub fn normalize_username(username: &str) -> Cow<'_, str> {
    if is_nfkc_quick(username.chars()) == IsNormalized::Yes {
        Cow::Borrowed(username)
    } else {
        Cow::Owned(username.nfkc().collect())
    }
}

/// An e-mail address with its domain in lower case.
///
/// # Django
/// `BaseUserManager.normalize_email`.
pub fn normalize_email(email: &str) -> String {
    let trimmed = email.trim();
    match trimmed.rsplit_once('@') {
        Some((name, domain)) => format!("{name}@{}", domain.to_lowercase()),
        None => email.to_owned(),
    }
}
