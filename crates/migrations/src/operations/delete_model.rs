//! Removes a model and its table.

use super::{Operation, Run, Step};
use crate::schema;
use crate::state::{ProjectState, no_model};

/// Removes a model and its table, with everything in it.
///
/// # Django
/// `DeleteModel`.
#[derive(Debug, Clone)]
pub struct DeleteModel {
    name: String,
}

impl DeleteModel {
    /// Removes this model.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into() }
    }
}

impl Operation for DeleteModel {
    fn describe(&self) -> String {
        format!("delete model {}", self.name)
    }

    fn change_state(&self, app: &str, state: &mut ProjectState) -> Result<(), String> {
        state
            .remove(app, &self.name)
            .map(|_| ())
            .ok_or_else(|| no_model(app, &self.name))
    }

    fn forwards<'a>(&'a self, step: Step<'a>) -> Run<'a> {
        Box::pin(async move {
            if step
                .from
                .model(step.app, &self.name)
                .is_some_and(|model| model.managed)
            {
                schema::drop(step.db, &step.from.table(step.app, &self.name)?).await?;
            }
            Ok(())
        })
    }

    fn backwards<'a>(&'a self, step: Step<'a>) -> Run<'a> {
        Box::pin(async move {
            if step
                .to
                .model(step.app, &self.name)
                .is_some_and(|model| model.managed)
            {
                schema::create(step.db, &step.to.table(step.app, &self.name)?).await?;
            }
            Ok(())
        })
    }
}
