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

/// Allows the letters and numbers of ASCII, and `@ . + - _`.
///
/// ```
/// use nuages_auth::AsciiUsernameValidator;
/// use nuages_forms::validators::Validator as _;
///
/// assert!(AsciiUsernameValidator.validate(&"ann.smith+1".into()).is_ok());
/// assert!(AsciiUsernameValidator.validate(&"zoë".into()).is_err());
/// ```
///
/// # Django
/// `ASCIIUsernameValidator`.
#[derive(Debug, Clone, Copy, Default)]
pub struct AsciiUsernameValidator;

impl Validator for AsciiUsernameValidator {
    fn validate(&self, value: &Value) -> Result<(), ValidationError> {
        let text = value.to_string();
        let allowed = |byte: u8| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'@' | b'.' | b'+' | b'-' | b'_')
        };
        if !text.is_empty() && text.bytes().all(allowed) {
            return Ok(());
        }
        Err(ValidationError::new(
            "Enter a valid username. This value may contain only unaccented lowercase a-z and uppercase A-Z letters, numbers, and @/./+/-/_ characters.",
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

/// True when two texts differ at most in case and in how their characters are put together.
///
/// ```
/// use nuages_auth::unicode_ci_compare;
///
/// assert!(unicode_ci_compare("Straße@Example.com", "STRASSE@example.com"));
/// // A letter that only looks like another is another letter.
/// assert!(!unicode_ci_compare("m\u{131}ke@example.com", "mike@example.com"));
/// ```
///
/// # Security
/// A database compares more loosely: whoever asks for a new password under a name that the database takes for another's must not get it.
///
/// # Django
/// `_unicode_ci_compare`, which guards the password reset.
pub fn unicode_ci_compare(left: &str, right: &str) -> bool {
    fold(left).eq(fold(right))
}

/// Characters after NFKC and full case folding.
///
/// Lower, upper and then lower case, each character by itself, gives the same classes as Unicode's table but for the dotless i.
pub(crate) fn fold(text: &str) -> impl Iterator<Item = char> {
    text.nfkc().flat_map(|char| {
        let keep = (char == DOTLESS_I).then_some(char);
        let other = (char != DOTLESS_I).then(|| char.to_lowercase());
        let upper = other.into_iter().flatten().flat_map(char::to_uppercase);
        keep.into_iter().chain(upper.flat_map(char::to_lowercase))
    })
}

const DOTLESS_I: char = '\u{131}';
