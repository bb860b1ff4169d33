//! What can be wrong with a URL table, and with a wish to reverse.

/// A mistake in a URL table, found when it is frozen at startup.
///
/// # Django
/// `ImproperlyConfigured`, with Django's texts where Django has the check.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}\n\tHINT: {hint}")]
pub struct UrlsError {
    message: String,
    hint: String,
}

impl UrlsError {
    #[cold]
    pub(super) fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// What is wrong.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to try.
    pub fn hint(&self) -> &str {
        &self.hint
    }
}

/// No URL could be made for a name and its arguments.
///
/// # Django
/// `NoReverseMatch`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ReverseError {
    message: String,
    hint: Option<String>,
}

impl ReverseError {
    #[cold]
    pub(super) fn new(message: impl Into<String>, hint: Option<String>) -> Self {
        Self {
            message: message.into(),
            hint,
        }
    }

    /// What is wrong, in Django's words.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The nearest names, or the arguments that the route wants.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}
