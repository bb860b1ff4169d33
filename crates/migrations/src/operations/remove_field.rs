//! Removes a field from a model.

use super::add_field::{add, remove};
use super::{Operation, OperationError, Run, Step};
use crate::state::ProjectState;

/// Removes a field, with what is in it.
///
/// # Django
/// `RemoveField`.
#[derive(Debug, Clone)]
pub struct RemoveField {
    model: String,
    name: String,
}

impl RemoveField {
    /// Removes the field `name` of `model`.
    pub fn new(model: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            model: model.into(),
            name: name.into(),
        }
    }
}

impl Operation for RemoveField {
    fn describe(&self) -> String {
        format!("remove field {} from {}", self.name, self.model)
    }

    fn change_state(&self, app: &str, state: &mut ProjectState) -> Result<(), String> {
        state.change(app, &self.model, |model| {
            let before = model.fields.len();
            model.fields.retain(|(name, _)| *name != self.name);
            if model.fields.len() == before {
                return Err(format!("{}.{} has no field {}", app, self.model, self.name));
            }
            Ok(())
        })
    }

    fn forwards<'a>(&'a self, step: Step<'a>) -> Run<'a> {
        Box::pin(async move { remove(&step, &self.model, &self.name).await })
    }

    fn backwards<'a>(&'a self, step: Step<'a>) -> Run<'a> {
        Box::pin(async move {
            let field = step
                .to
                .model(step.app, &self.model)
                .and_then(|model| model.field(&self.name));
            let field = field
                .ok_or_else(|| OperationError::State(format!("no field {}", self.name)))?
                .clone();
            add(&step, &self.model, &self.name, &field).await
        })
    }
}
