//! Why a site cannot be built.

use crate::settings::SettingsError;

/// Why a site cannot be built or put together.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A setting is wrong.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The URLs do not fit together.
    #[error(transparent)]
    Urls(#[from] nuages_web::UrlsError),
    /// A setting of the users cannot be used.
    #[error(transparent)]
    Auth(#[from] nuages_auth::AuthSettingsError),
    /// The users, content types or permissions cannot be looked after.
    #[error("{0}")]
    Users(nuages_auth::Error),
    /// A migration cannot be ordered or applied.
    #[error(transparent)]
    Migrations(#[from] nuages_migrations::Error),
    /// A folder of translations cannot be read.
    #[error(transparent)]
    Translations(#[from] nuages_template::i18n::FolderError),
    /// A catalogue of an app is malformed.
    #[error("the catalogue `{language}` of the app `{app}`: {error}")]
    Catalog {
        /// The app's label.
        app: &'static str,
        /// The language.
        language: &'static str,
        /// What is wrong.
        error: nuages_template::i18n::CatalogError,
    },
    /// Two apps have one label.
    #[error(
        "two apps are labelled `{0}`\n\tHINT: install each app once, and give your own another label"
    )]
    DuplicateApp(&'static str),
    /// A cache that the settings name cannot be opened.
    #[error(transparent)]
    Cache(#[from] nuages_cache::Error),
    /// The settings of mail do not fit together, or this build lacks the backend.
    #[error(transparent)]
    Mail(#[from] nuages_mail::Error),
    /// The database cannot be reached.
    #[error(transparent)]
    Database(#[from] nuages_db::Error),
}

impl From<nuages_auth::Error> for BuildError {
    fn from(error: nuages_auth::Error) -> Self {
        Self::Users(error)
    }
}
