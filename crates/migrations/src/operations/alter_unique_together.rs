//! Says anew which fields are unique together.

use super::add_field::is_managed;
use super::{Operation, Run, Step};
use crate::schema;
use crate::state::ProjectState;
use nuages_sql::Change;

/// Says anew which fields are unique together.
///
/// # Django
/// `AlterUniqueTogether`.
#[derive(Debug, Clone)]
pub struct AlterUniqueTogether {
    model: String,
    sets: Vec<Vec<String>>,
}

impl AlterUniqueTogether {
    /// Nothing is unique together in `model`, until [`AlterUniqueTogether::set`].
    pub fn new(model: impl Into<String>) -> Self {
        Self {
            model: model.into(),
            sets: Vec::new(),
        }
    }

    /// Adds fields whose values together occur once.
    pub fn set<S: Into<String>>(mut self, fields: impl IntoIterator<Item = S>) -> Self {
        self.sets.push(fields.into_iter().map(Into::into).collect());
        self
    }
}

impl Operation for AlterUniqueTogether {
    fn describe(&self) -> String {
        format!("alter unique_together of {}", self.model)
    }

    fn change_state(&self, app: &str, state: &mut ProjectState) -> Result<(), String> {
        state.change(app, &self.model, |model| {
            model.unique_together.clone_from(&self.sets);
            Ok(())
        })
    }

    fn forwards<'a>(&'a self, step: Step<'a>) -> Run<'a> {
        Box::pin(async move {
            if is_managed(step.from, step.app, &self.model) {
                let sets = step.to.table(step.app, &self.model)?.unique_together;
                let table = step.from.table(step.app, &self.model)?;
                schema::alter(step.db, &table, &Change::UniqueTogether(sets)).await?;
            }
            Ok(())
        })
    }

    fn backwards<'a>(&'a self, step: Step<'a>) -> Run<'a> {
        self.forwards(step)
    }
}
