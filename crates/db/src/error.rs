//! What can go wrong with a database.

use std::fmt;

use crate::FromValueError;

/// The result of this room.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong with a database.
///
/// The text never holds the values of a statement; `{:#}` adds the statement itself.
pub struct Error(Box<Repr>);

#[derive(Debug)]
struct Repr {
    kind: ErrorKind,
    message: String,
    hint: Option<&'static str>,
    sql: Option<String>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// The ways in which a database refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A value occurs already where each may occur once.
    UniqueViolation,
    /// A row refers to one that is not there, or one that is referred to was removed.
    /// On SQLite, found when the transaction is committed.
    ForeignKeyViolation,
    /// NULL where it is not allowed.
    NotNullViolation,
    /// A `CHECK` constraint does not hold.
    CheckViolation,
    /// Another one has locked the database, for longer than
    /// [`DbSettings::timeout`](crate::DbSettings::timeout).
    Busy,
    /// The statement ran longer than
    /// [`DbSettings::statement_timeout`](crate::DbSettings::statement_timeout).
    Timeout,
    /// The database cannot be opened or reached.
    Connection,
    /// The statement is wrong: an unknown table or column, a mistake in hand-written SQL.
    Statement,
    /// A value that does not have the type that was asked for.
    Type,
    /// No row where one was asked for.
    NoRow,
    /// The transaction has ended, or its savepoints were not ended in order.
    Transaction,
    /// Anything else: the disk is full, the file is damaged…
    Other,
}

impl Error {
    #[cold]
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Repr {
            kind,
            message: message.into(),
            hint: None,
            sql: None,
            source: None,
        }))
    }

    #[cold]
    pub(crate) fn hint(mut self, hint: &'static str) -> Self {
        self.0.hint = Some(hint);
        self
    }

    #[cold]
    pub(crate) fn sql(mut self, sql: &str) -> Self {
        self.0.sql.get_or_insert_with(|| sql.to_owned());
        self
    }

    #[cold]
    pub(crate) fn source(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.0.source = Some(Box::new(source));
        self
    }

    #[cold]
    pub(crate) fn conversion(column: usize, error: &FromValueError) -> Self {
        Self::new(ErrorKind::Type, format!("column {column}: {error}"))
    }

    /// Which way it went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What to try, where something is known.
    pub fn hint_text(&self) -> Option<&str> {
        self.0.hint
    }

    /// The statement, without its values.
    pub fn statement(&self) -> Option<&str> {
        self.0.sql.as_deref()
    }

    /// Whether a value occurs already where each may occur once.
    pub fn is_unique_violation(&self) -> bool {
        self.kind() == ErrorKind::UniqueViolation
    }

    /// Whether a foreign key points nowhere.
    pub fn is_foreign_key_violation(&self) -> bool {
        self.kind() == ErrorKind::ForeignKeyViolation
    }

    /// Whether NULL was given where it is not allowed.
    pub fn is_not_null_violation(&self) -> bool {
        self.kind() == ErrorKind::NotNullViolation
    }

    /// Whether a `CHECK` constraint does not hold.
    pub fn is_check_violation(&self) -> bool {
        self.kind() == ErrorKind::CheckViolation
    }

    /// Whether any constraint does not hold (Django's `IntegrityError`).
    pub fn is_integrity_error(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::UniqueViolation
                | ErrorKind::ForeignKeyViolation
                | ErrorKind::NotNullViolation
                | ErrorKind::CheckViolation
        )
    }

    /// Whether another one has the database locked; trying again later may help.
    pub fn is_busy(&self) -> bool {
        self.kind() == ErrorKind::Busy
    }

    /// Whether the statement ran for too long.
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// Whether there was no row where one was asked for.
    pub fn is_no_row(&self) -> bool {
        self.kind() == ErrorKind::NoRow
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        if let Some(hint) = self.0.hint {
            write!(f, "\n\tHINT: {hint}")?;
        }
        match &self.0.sql {
            Some(sql) if f.alternate() => write!(f, "\n\tin: {sql}"),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source = self.0.source.as_deref()?;
        Some(source)
    }
}
