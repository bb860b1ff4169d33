//! Opening a database: where it is, and how each connection is set up.

use std::fmt;
use std::path::{Path, PathBuf};

use rusqlite::OpenFlags;
use rusqlite::config::DbConfig;

use super::connection::Connection;
use super::errors;
use super::url::{self, Place};
use crate::DbSettings;
use crate::error::{Error, ErrorKind, Result};

/// Where a database is.
#[derive(Clone)]
pub(super) enum Location {
    Memory,
    File(PathBuf),
}

impl Location {
    /// Reads the URL; a relative path lies below the base folder.
    pub(super) fn of(settings: &DbSettings) -> Result<Self> {
        Ok(match url::parse(&settings.url)? {
            Place::Memory => Self::Memory,
            Place::Path(path) => Self::File(match &settings.base_dir {
                Some(base) => base.join(path),
                None => PathBuf::from(path),
            }),
        })
    }

    pub(super) fn is_file(&self) -> bool {
        matches!(self, Self::File(_))
    }

    /// Opens one connection.
    pub(super) fn open(&self, settings: &DbSettings) -> Result<Connection> {
        let path = match self {
            Self::Memory => Path::new(":memory:"),
            Self::File(path) => {
                check_path(path)?;
                path
            }
        };
        // Without SQLITE_OPEN_URI: a path never turns on options.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = rusqlite::Connection::open_with_flags(path, flags)
            .and_then(|connection| self.set_up(connection, settings));
        let connection = opened.map_err(|error| match self {
            Self::Memory => errors::from_rusqlite(error),
            Self::File(path) => cannot_open(path, error),
        })?;
        Connection::new(connection, settings.statement_timeout).map_err(errors::from_rusqlite)
    }

    fn set_up(
        &self,
        connection: rusqlite::Connection,
        settings: &DbSettings,
    ) -> rusqlite::Result<rusqlite::Connection> {
        // We wait ourselves, without blocking a thread.
        connection.busy_timeout(std::time::Duration::ZERO)?;
        // A misspelt "name" is an error, not a text.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
        // A manipulated file cannot make its schema call functions with side effects.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        if self.is_file() {
            connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
            connection.pragma_update(None, "synchronous", "normal")?;
        }
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.set_prepared_statement_cache_capacity(settings.statement_cache);
        Ok(connection)
    }
}

/// What SQLite would only call "unable to open database file".
fn check_path(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Err(
            failed(path, "it is a folder").hint("name a file in it: sqlite:////folder/db.sqlite3")
        );
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    match folder {
        Some(folder) if !folder.is_dir() => Err(failed(
            path,
            &format!("the folder {} does not exist", folder.display()),
        )
        .hint("make the folder, or correct the database's URL")),
        _ => Ok(()),
    }
}

#[cold]
fn cannot_open(path: &Path, error: rusqlite::Error) -> Error {
    use rusqlite::ErrorCode;
    if matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
    ) {
        return errors::from_rusqlite(error);
    }
    let (reason, hint) = match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => (
            "it is not an SQLite database",
            Some("correct the database's URL, or move the file away"),
        ),
        Some(ErrorCode::PermissionDenied | ErrorCode::CannotOpen | ErrorCode::ReadOnly) => (
            "it cannot be opened for writing",
            Some("this user must be allowed to write the file and its folder"),
        ),
        _ => ("SQLite refuses it", None),
    };
    let refused = failed(path, reason).source(error);
    match hint {
        Some(hint) => refused.hint(hint),
        None => refused,
    }
}

#[cold]
fn failed(path: &Path, reason: &str) -> Error {
    Error::new(
        ErrorKind::Connection,
        format!("cannot open the database {}: {reason}", path.display()),
    )
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => f.write_str(":memory:"),
            Self::File(path) => fmt::Debug::fmt(path, f),
        }
    }
}
