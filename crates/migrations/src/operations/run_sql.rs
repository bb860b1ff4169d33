//! Runs hand-written SQL.

use super::{Operation, OperationError, Run, Step};
use crate::state::ProjectState;
use nuages_sql::RawSql;

/// Runs SQL that is written in the program.
///
/// # Django
/// `RunSQL`.
#[derive(Debug, Clone)]
pub struct RunSql {
    forwards: &'static str,
    backwards: Option<&'static str>,
}

impl RunSql {
    /// Runs one statement, and cannot be undone.
    pub fn new(sql: &'static str) -> Self {
        Self {
            forwards: sql,
            backwards: None,
        }
    }

    /// Runs this statement when the migration is undone; an empty text does nothing.
    pub fn reverse(mut self, sql: &'static str) -> Self {
        self.backwards = Some(sql);
        self
    }
}

impl Operation for RunSql {
    fn describe(&self) -> String {
        "run SQL".to_owned()
    }

    fn change_state(&self, _: &str, _: &mut ProjectState) -> Result<(), String> {
        Ok(())
    }

    fn forwards<'a>(&'a self, step: Step<'a>) -> Run<'a> {
        Box::pin(run(step, self.forwards))
    }

    fn backwards<'a>(&'a self, step: Step<'a>) -> Run<'a> {
        match self.backwards {
            Some(sql) => Box::pin(run(step, sql)),
            None => Box::pin(std::future::ready(Err(OperationError::Irreversible))),
        }
    }
}

async fn run(step: Step<'_>, sql: &'static str) -> Result<(), OperationError> {
    if !sql.trim().is_empty() {
        step.db.execute(&RawSql::new(sql)).await?;
    }
    Ok(())
}
