//! What can go wrong between models and rows.

use std::fmt;

use nuages_db as db;

use crate::fields::FieldError;
use crate::meta::{FieldMeta, ModelMeta};
use crate::paginator::InvalidPage;

/// The result of this room.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong between models and rows. It never holds the values of a row.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(Box<Repr>);

/// The ways in which it goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// `get` found no row (Django's `DoesNotExist`).
    NotFound,
    /// `get` found several rows (Django's `MultipleObjectsReturned`).
    MultipleObjects,
    /// A relation was read that the query had not loaded.
    NotLoaded,
    /// A row that has no key yet, where one is needed.
    Unsaved,
    /// Other rows refer to this one and protect it from being deleted (Django's `ProtectedError`).
    Protected,
    /// A value in the database that the field's type cannot hold.
    Value,
    /// A query that makes no sense, such as a column of a queryset that is not part of it.
    Query,
    /// There is no page of the number that was asked for.
    InvalidPage,
    /// The database refused; see [`Error::database`].
    Database,
}

#[derive(Debug, thiserror::Error)]
enum Repr {
    #[error("{0} matching query does not exist.")]
    NotFound(&'static str),
    #[error("get() returned more than one {model} -- it returned {count}!")]
    MultipleObjects { model: &'static str, count: String },
    #[error(
        "a related {0} is not loaded\n\tHINT: add `.select_related(…)` with the foreign key to {0} to the query"
    )]
    NotLoaded(&'static str),
    #[error("cannot {action}: it has no primary key yet\n\tHINT: save it first")]
    Unsaved { action: String },
    #[error(
        "{model}.{field} refers to nothing\n\tHINT: set it before saving; a row that it refers to must be saved first"
    )]
    Unset {
        model: &'static str,
        field: &'static str,
    },
    #[error(
        "cannot delete {count} of {model}: {by} refers to it and is protected\n\tHINT: delete those rows first"
    )]
    Protected {
        model: &'static ModelMeta,
        by: String,
        count: usize,
    },
    #[error("{model}.{field}: {error}")]
    Value {
        model: &'static str,
        field: &'static str,
        error: FieldError,
    },
    #[error("{0}")]
    Query(&'static str),
    #[error(transparent)]
    InvalidPage(#[from] InvalidPage),
    #[error(transparent)]
    Database(#[from] db::Error),
}

impl Error {
    #[cold]
    pub(crate) fn not_found(meta: &ModelMeta) -> Self {
        Repr::NotFound(meta.name).into()
    }

    #[cold]
    pub(crate) fn multiple(meta: &ModelMeta, count: String) -> Self {
        let model = meta.name;
        Repr::MultipleObjects { model, count }.into()
    }

    #[cold]
    pub(crate) fn not_loaded(meta: &ModelMeta) -> Self {
        Repr::NotLoaded(meta.name).into()
    }

    #[cold]
    pub(crate) fn unsaved(action: impl Into<String>) -> Self {
        let action = action.into();
        Repr::Unsaved { action }.into()
    }

    #[cold]
    pub(crate) fn unset(meta: &ModelMeta, field: &FieldMeta) -> Self {
        Repr::Unset {
            model: meta.name,
            field: field.name,
        }
        .into()
    }

    #[cold]
    pub(crate) fn protected(model: &'static ModelMeta, count: usize, by: String) -> Self {
        Repr::Protected { model, by, count }.into()
    }

    #[cold]
    pub(crate) fn value(model: &'static str, field: &'static str, error: FieldError) -> Self {
        Repr::Value {
            model,
            field,
            error,
        }
        .into()
    }

    #[cold]
    pub(crate) fn query(message: &'static str) -> Self {
        Repr::Query(message).into()
    }

    /// Which way it went wrong.
    pub fn kind(&self) -> ErrorKind {
        match *self.0 {
            Repr::NotFound(_) => ErrorKind::NotFound,
            Repr::MultipleObjects { .. } => ErrorKind::MultipleObjects,
            Repr::NotLoaded(_) => ErrorKind::NotLoaded,
            Repr::Unsaved { .. } | Repr::Unset { .. } => ErrorKind::Unsaved,
            Repr::Protected { .. } => ErrorKind::Protected,
            Repr::Value { .. } => ErrorKind::Value,
            Repr::Query(_) => ErrorKind::Query,
            Repr::InvalidPage(_) => ErrorKind::InvalidPage,
            Repr::Database(_) => ErrorKind::Database,
        }
    }

    /// Whether `get` found no row: a 404, mostly.
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }

    /// Whether `get` found several rows.
    pub fn is_multiple_objects(&self) -> bool {
        self.kind() == ErrorKind::MultipleObjects
    }

    /// Whether a relation was read that the query had not loaded.
    pub fn is_not_loaded(&self) -> bool {
        self.kind() == ErrorKind::NotLoaded
    }

    /// Whether other rows protect the ones that were to be deleted.
    pub fn is_protected(&self) -> bool {
        self.kind() == ErrorKind::Protected
    }

    /// Whether there is no page of the number that was asked for: a 404, mostly.
    pub fn is_invalid_page(&self) -> bool {
        self.kind() == ErrorKind::InvalidPage
    }

    /// Whether a value occurs already where each may occur once.
    pub fn is_unique_violation(&self) -> bool {
        self.database().is_some_and(db::Error::is_unique_violation)
    }

    /// Whether a foreign key points nowhere.
    pub fn is_foreign_key_violation(&self) -> bool {
        self.database()
            .is_some_and(db::Error::is_foreign_key_violation)
    }

    /// What the database said, if it was the database.
    pub fn database(&self) -> Option<&db::Error> {
        match &*self.0 {
            Repr::Database(error) => Some(error),
            _ => None,
        }
    }
}

impl From<Repr> for Error {
    fn from(repr: Repr) -> Self {
        Self(Box::new(repr))
    }
}

impl From<InvalidPage> for Error {
    fn from(error: InvalidPage) -> Self {
        Repr::InvalidPage(error).into()
    }
}

impl From<db::Error> for Error {
    fn from(error: db::Error) -> Self {
        Repr::Database(error).into()
    }
}

/// A mistake that was found while a query was built.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Mistake {
    /// A row without a key was compared with.
    UnsavedKey,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnsavedKey => "compare with a row",
        })
    }
}
