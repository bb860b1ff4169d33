//! What can go wrong with migrations.

use crate::migration::Key;

/// The result of this room.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A migration that cannot be ordered or applied.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(Box<ErrorKind>);

/// The ways in which migrations go wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A dependency that no installed app has.
    #[error("migration {child} depends on {parent}, which does not exist\n\tHINT: {hint}")]
    UnknownDependency {
        /// Who depends.
        child: Key,
        /// On what.
        parent: Key,
        /// What to try.
        hint: String,
    },
    /// Migrations that depend on each other.
    #[error("migrations depend on each other in a circle: {}", cycle.iter().map(Key::to_string).collect::<Vec<_>>().join(" → "))]
    Cycle {
        /// The circle, from one migration back to itself.
        cycle: Vec<Key>,
    },
    /// Two migrations of one name.
    #[error("migration {key} exists twice\n\tHINT: give one of them another number")]
    Duplicate {
        /// The name.
        key: Key,
    },
    /// Two migrations of one app that nothing follows.
    #[error(
        "app `{app}` has two latest migrations: {}\n\tHINT: let one of them depend on the other",
        leaves.join(", ")
    )]
    Conflict {
        /// The app.
        app: String,
        /// The names.
        leaves: Vec<String>,
    },
    /// The database has a migration applied whose dependency is not.
    #[error(
        "migration {child} is applied before its dependency {parent}\n\tHINT: the history in django_migrations was \
         edited, or another program migrates this database"
    )]
    InconsistentHistory {
        /// Who is applied.
        child: Key,
        /// What is not.
        parent: Key,
    },
    /// An app or a migration that the command line names, and nobody has.
    #[error("{message}{}", hint.as_ref().map(|h| format!("\n\tHINT: {h}")).unwrap_or_default())]
    UnknownTarget {
        /// What is unknown.
        message: String,
        /// What to try.
        hint: Option<String>,
    },
    /// An operation that names a model or field that is not there.
    #[error("migration {migration}: {message}")]
    State {
        /// The migration.
        migration: Key,
        /// What is missing.
        message: String,
    },
    /// An operation that cannot be undone.
    #[error("migration {migration}: the operation `{operation}` cannot be undone")]
    Irreversible {
        /// The migration.
        migration: Key,
        /// The operation, in words.
        operation: String,
    },
    /// The database refused an operation.
    #[error("migration {migration}: {operation}: {source}")]
    Database {
        /// The migration.
        migration: Key,
        /// The operation, in words.
        operation: String,
        /// What the database says.
        source: nuages_db::Error,
    },
    /// The database refused outside an operation.
    #[error(transparent)]
    History(nuages_db::Error),
}

impl Error {
    /// What went wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }
}

impl From<ErrorKind> for Error {
    #[cold]
    fn from(kind: ErrorKind) -> Self {
        Self(Box::new(kind))
    }
}

impl From<nuages_db::Error> for Error {
    fn from(error: nuages_db::Error) -> Self {
        ErrorKind::History(error).into()
    }
}
