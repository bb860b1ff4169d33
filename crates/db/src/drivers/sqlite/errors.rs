//! SQLite's errors as ours.

use rusqlite::{ErrorCode, ffi};

use crate::error::{Error, ErrorKind};

/// Sorts an error of SQLite.
#[cold]
pub(super) fn from_rusqlite(error: rusqlite::Error) -> Error {
    let (kind, message) = match &error {
        rusqlite::Error::SqliteFailure(failure, message) => (
            kind_of(*failure),
            message.clone().unwrap_or_else(|| failure.to_string()),
        ),
        // Its own text quotes the statement, which our error carries already.
        rusqlite::Error::SqlInputError { msg, .. } => (ErrorKind::Statement, msg.clone()),
        rusqlite::Error::MultipleStatement => (
            ErrorKind::Statement,
            "more than one statement in one text".to_owned(),
        ),
        other => (ErrorKind::Statement, other.to_string()),
    };
    let ours = Error::new(kind, message);
    match kind {
        ErrorKind::Busy => ours.hint("another process holds the database; see DbSettings::timeout"),
        ErrorKind::Timeout => ours.hint("see DbSettings::statement_timeout"),
        ErrorKind::Statement if ours.to_string().starts_with("no such table") => {
            ours.hint("has the site been migrated?")
        }
        _ => ours,
    }
    .source(error)
}

fn kind_of(failure: ffi::Error) -> ErrorKind {
    match (failure.code, failure.extended_code) {
        (
            ErrorCode::ConstraintViolation,
            ffi::SQLITE_CONSTRAINT_UNIQUE
            | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
            | ffi::SQLITE_CONSTRAINT_ROWID,
        ) => ErrorKind::UniqueViolation,
        (ErrorCode::ConstraintViolation, ffi::SQLITE_CONSTRAINT_FOREIGNKEY) => {
            ErrorKind::ForeignKeyViolation
        }
        (ErrorCode::ConstraintViolation, ffi::SQLITE_CONSTRAINT_NOTNULL) => {
            ErrorKind::NotNullViolation
        }
        (ErrorCode::ConstraintViolation, ffi::SQLITE_CONSTRAINT_CHECK) => ErrorKind::CheckViolation,
        (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => ErrorKind::Busy,
        (ErrorCode::OperationInterrupted, _) => ErrorKind::Timeout,
        (ErrorCode::CannotOpen | ErrorCode::NotADatabase, _) => ErrorKind::Connection,
        (ErrorCode::Unknown, _) => ErrorKind::Statement,
        _ => ErrorKind::Other,
    }
}
