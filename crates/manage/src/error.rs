//! Why a command failed.

use std::borrow::Cow;
use std::error::Error;

/// What a command ends with when it does not succeed: a sentence for the person at the terminal.
///
/// # Django
/// `django.core.management.CommandError`.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct CommandError {
    message: Cow<'static, str>,
    #[source]
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl CommandError {
    /// A failure in words.
    pub fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            message: message.into(),
            source: None,
        }
    }

    /// The causes below the message, one a line.
    pub fn causes(&self) -> Vec<String> {
        let mut causes = Vec::new();
        let mut cause = self.source();
        while let Some(error) = cause {
            causes.push(error.to_string());
            cause = error.source();
        }
        causes
    }
}

/// Any error of a room ends a command; its own words are the message.
macro_rules! from_room {
    ($($error:ty),* $(,)?) => {$(
        impl From<$error> for CommandError {
            fn from(error: $error) -> Self {
                Self {
                    message: Cow::Owned(error.to_string()),
                    source: error.source().map(|cause| cause.to_string().into()),
                }
            }
        }
    )*};
}

from_room!(
    nuages_app::BuildError,
    nuages_app::SettingsError,
    nuages_cache::Error,
    nuages_db::Error,
    nuages_migrations::Error,
    nuages_orm::Error,
    nuages_sessions::Error,
    std::io::Error,
);

impl From<nuages_auth::Error> for CommandError {
    fn from(error: nuages_auth::Error) -> Self {
        Self::new(error.to_string())
    }
}
