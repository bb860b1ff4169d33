//! What migrations can do, one file an operation.
//!
//! An operation says what it does to the models (state) and to the database, both ways. Own operations implement
//! [`Operation`] as the built-in ones do.

mod add_field;
mod alter_field;
mod alter_options;
mod alter_unique_together;
mod constraints;
mod create_model;
mod delete_model;
mod indexes;
mod remove_field;
mod rename_field;
mod rename_model;
mod run_rust;
mod run_sql;

use std::fmt::Debug;

use futures_util::future::BoxFuture;
use nuages_db::Db;

pub use add_field::AddField;
pub use alter_field::AlterField;
pub use alter_options::AlterModelOptions;
pub use alter_unique_together::AlterUniqueTogether;
pub use constraints::{AddConstraint, RemoveConstraint};
pub use create_model::CreateModel;
pub use delete_model::DeleteModel;
pub use indexes::{AddIndex, RemoveIndex};
pub use remove_field::RemoveField;
pub use rename_field::RenameField;
pub use rename_model::RenameModel;
pub use run_rust::RunRust;
pub use run_sql::RunSql;

use crate::state::ProjectState;

/// Why an operation failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OperationError {
    /// It names a model or a field that is not there.
    #[error("{0}")]
    State(String),
    /// The database refused.
    #[error(transparent)]
    Database(#[from] nuages_db::Error),
    /// It cannot be undone.
    #[error("it cannot be undone")]
    Irreversible,
}

impl From<String> for OperationError {
    fn from(message: String) -> Self {
        Self::State(message)
    }
}

/// The models before and after an operation, and where to carry it out.
#[derive(Debug)]
pub struct Step<'a> {
    /// The app that migrates.
    pub app: &'a str,
    /// The database, inside the migration's transaction.
    pub db: &'a Db,
    /// The models before.
    pub from: &'a ProjectState,
    /// The models after.
    pub to: &'a ProjectState,
}

/// The future of an operation.
pub type Run<'a> = BoxFuture<'a, Result<(), OperationError>>;

/// One operation of a migration.
///
/// # Django
/// `django.db.migrations.operations.base.Operation`.
pub trait Operation: Debug + Send + Sync {
    /// What it does, in words.
    fn describe(&self) -> String;

    /// Changes the models.
    ///
    /// # Errors
    /// When it names something that is not there: the message says what.
    fn change_state(&self, app: &str, state: &mut ProjectState) -> Result<(), String>;

    /// Changes the database. `step.from` is before, `step.to` after the change of state.
    fn forwards<'a>(&'a self, step: Step<'a>) -> Run<'a>;

    /// Undoes the change of the database. `step.from` is what there is, `step.to` what shall be again.
    fn backwards<'a>(&'a self, step: Step<'a>) -> Run<'a>;
}

/// Nothing to do in the database.
fn nothing<'a>() -> Run<'a> {
    Box::pin(std::future::ready(Ok(())))
}
