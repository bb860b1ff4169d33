//! Gives a model another name.

use super::{Operation, OperationError, Run, Step};
use crate::schema;
use crate::state::{ProjectState, no_model};
use nuages_sql::Change;

/// Gives a model another name, and its table too unless that has a name of its own.
///
/// # Django
/// `RenameModel`.
#[derive(Debug, Clone)]
pub struct RenameModel {
    from: String,
    to: String,
}

impl RenameModel {
    /// Renames the model `from` to `to`.
    pub fn new(from: impl Into<String>, to: impl Into<String>) -> Self {
        Self {
            from: from.into(),
            to: to.into(),
        }
    }
}

impl Operation for RenameModel {
    fn describe(&self) -> String {
        format!("rename model {} to {}", self.from, self.to)
    }

    fn change_state(&self, app: &str, state: &mut ProjectState) -> Result<(), String> {
        let mut model = state
            .remove(app, &self.from)
            .ok_or_else(|| no_model(app, &self.from))?;
        let default = |name: &str| format!("{app}_{}", name.to_ascii_lowercase());
        if model.table == default(&self.from) {
            model.table = default(&self.to);
        }
        model.name.clone_from(&self.to);
        state.insert(model);
        state.rename_references(
            &format!("{app}.{}", self.from),
            &format!("{app}.{}", self.to),
        );
        Ok(())
    }

    fn forwards<'a>(&'a self, step: Step<'a>) -> Run<'a> {
        Box::pin(async move { rename(&step, &self.from, &self.to).await })
    }

    fn backwards<'a>(&'a self, step: Step<'a>) -> Run<'a> {
        Box::pin(async move { rename(&step, &self.to, &self.from).await })
    }
}

async fn rename(step: &Step<'_>, from: &str, to: &str) -> Result<(), OperationError> {
    let (before, after) = (
        step.from.table(step.app, from)?,
        step.to.table(step.app, to)?,
    );
    if before.name != after.name {
        schema::alter(step.db, &before, &Change::Rename(after.name)).await?;
    }
    Ok(())
}
