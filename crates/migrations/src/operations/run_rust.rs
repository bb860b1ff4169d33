//! Runs a function of the program.

use std::fmt;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use nuages_db::Db;

use super::{Operation, OperationError, Run, Step};
use crate::state::ProjectState;

type Function = Arc<dyn Fn(Db) -> BoxFuture<'static, Result<(), nuages_db::Error>> + Send + Sync>;

/// Runs an async function of the program: a data migration.
///
/// It should not use the program's models, which go on changing, but statements of its own.
///
/// # Django
/// `RunPython`.
#[derive(Clone)]
pub struct RunRust {
    forwards: Function,
    backwards: Option<Function>,
}

impl RunRust {
    /// Runs `function` inside the migration's transaction, and cannot be undone.
    pub fn new<F, Fut>(function: F) -> Self
    where
        F: Fn(Db) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), nuages_db::Error>> + Send + 'static,
    {
        Self {
            forwards: boxed(function),
            backwards: None,
        }
    }

    /// Runs `function` when the migration is undone.
    pub fn reverse<F, Fut>(mut self, function: F) -> Self
    where
        F: Fn(Db) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), nuages_db::Error>> + Send + 'static,
    {
        self.backwards = Some(boxed(function));
        self
    }

    /// Does nothing when the migration is undone.
    ///
    /// # Django
    /// `RunPython.noop`.
    pub fn reverse_noop(self) -> Self {
        self.reverse(|_| async { Ok(()) })
    }
}

fn boxed<F, Fut>(function: F) -> Function
where
    F: Fn(Db) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<(), nuages_db::Error>> + Send + 'static,
{
    Arc::new(move |db| function(db).boxed())
}

impl fmt::Debug for RunRust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunRust").finish_non_exhaustive()
    }
}

impl Operation for RunRust {
    fn describe(&self) -> String {
        "run a function".to_owned()
    }

    fn change_state(&self, _: &str, _: &mut ProjectState) -> Result<(), String> {
        Ok(())
    }

    fn forwards<'a>(&'a self, step: Step<'a>) -> Run<'a> {
        Box::pin(async move { Ok((self.forwards)(step.db.clone()).await?) })
    }

    fn backwards<'a>(&'a self, step: Step<'a>) -> Run<'a> {
        Box::pin(async move {
            let function = self
                .backwards
                .as_ref()
                .ok_or(OperationError::Irreversible)?;
            Ok(function(step.db.clone()).await?)
        })
    }
}
