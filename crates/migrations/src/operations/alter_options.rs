//! Notes options of a model that the database does not know.

use super::{Operation, Run, Step, nothing};
use crate::state::{ProjectState, no_model};

/// Notes that options of a model changed which the database does not know: its names, ordering, permissions.
///
/// It keeps a history in step with Django's. The options themselves are read from the model.
///
/// # Django
/// `AlterModelOptions`, `AlterModelManagers`.
#[derive(Debug, Clone)]
pub struct AlterModelOptions {
    model: String,
}

impl AlterModelOptions {
    /// Options of this model changed.
    pub fn new(model: impl Into<String>) -> Self {
        Self {
            model: model.into(),
        }
    }
}

impl Operation for AlterModelOptions {
    fn describe(&self) -> String {
        format!("change options of {}", self.model)
    }

    fn change_state(&self, app: &str, state: &mut ProjectState) -> Result<(), String> {
        state
            .model(app, &self.model)
            .map(|_| ())
            .ok_or_else(|| no_model(app, &self.model))
    }

    fn forwards<'a>(&'a self, _: Step<'a>) -> Run<'a> {
        nothing()
    }

    fn backwards<'a>(&'a self, _: Step<'a>) -> Run<'a> {
        nothing()
    }
}
