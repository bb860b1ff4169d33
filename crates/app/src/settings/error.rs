//! What can be wrong with the settings.

use std::io;
use std::path::PathBuf;

use super::Origin;

/// A mistake in the settings: where it is, what it is, and what to try.
///
/// Values are never shown: they may be secrets.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// A name that no room knows.
    #[error("{origin}: unknown setting `{key}`{}", nearest.map(|n| format!("\n\tHINT: did you mean `{n}`?")).unwrap_or_default())]
    Unknown {
        /// Where it stands.
        origin: Origin,
        /// The name.
        key: String,
        /// The nearest name that exists.
        nearest: Option<&'static str>,
    },
    /// A value of the wrong type.
    #[error("{origin}: setting `{key}`: {message}")]
    IllTyped {
        /// Where it stands.
        origin: Origin,
        /// The name.
        key: String,
        /// What was expected and what was found.
        message: String,
    },
    /// A settings file that is not TOML.
    #[error("{}:{line}: not valid TOML: {message}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// The line (counted from 1).
        line: usize,
        /// What the parser says.
        message: String,
    },
    /// A settings file that cannot be read.
    #[error("{}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// No secret key outside debug.
    #[error(
        "The secret_key setting must not be empty.\n\tHINT: set NUAGES_SECRET_KEY to at least 50 random characters \
         (a Django site's SECRET_KEY keeps its sessions valid), or set `debug = true` on your own machine."
    )]
    NoSecretKey,
    /// The key file of debug mode cannot be written or read.
    #[error("the development key file {}: {source}\n\tHINT: make the folder writable, or set NUAGES_SECRET_KEY.", path.display())]
    KeyFile {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}
