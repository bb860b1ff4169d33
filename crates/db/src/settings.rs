//! Where the database is and how long it may take.

use std::path::PathBuf;
use std::time::Duration;

/// Where the database is and how long it may take.
///
/// ```
/// use nuages_db::DbSettings;
/// use std::time::Duration;
///
/// let settings = DbSettings {
///     statement_timeout: Some(Duration::from_secs(5)),
///     ..DbSettings::new("sqlite:///db.sqlite3")
/// };
/// assert_eq!(settings.timeout, Duration::from_secs(5));
/// ```
///
/// # Django
/// `DATABASES["default"]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DbSettings {
    /// `sqlite:///relative/path`, `sqlite:////absolute/path` or `sqlite::memory:`.
    pub url: String,
    /// The folder below which a relative path lies; the working directory if absent.
    pub base_dir: Option<PathBuf>,
    /// How long a statement waits for a locked database, and a write for its turn.
    pub timeout: Duration,
    /// How long one statement may run; without end if absent.
    pub statement_timeout: Option<Duration>,
    /// Statements that take longer are logged as warnings (without their values).
    pub slow_query: Option<Duration>,
    /// How many prepared statements each connection keeps.
    pub statement_cache: usize,
}

impl DbSettings {
    /// The defaults, for the database at this URL.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            ..Self::default()
        }
    }
}

impl Default for DbSettings {
    /// A database in memory.
    fn default() -> Self {
        Self {
            url: "sqlite::memory:".to_owned(),
            base_dir: None,
            timeout: Duration::from_secs(5),
            statement_timeout: None,
            slow_query: None,
            statement_cache: 256,
        }
    }
}
