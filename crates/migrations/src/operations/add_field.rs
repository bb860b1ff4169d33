//! Adds a field to a model.

use super::{Operation, OperationError, Run, Step};
use crate::field::Field;
use crate::schema;
use crate::state::ProjectState;
use nuages_sql::Change;

/// Adds a field; existing rows get its default.
///
/// # Django
/// `AddField`.
#[derive(Debug, Clone)]
pub struct AddField {
    model: String,
    name: String,
    field: Field,
}

impl AddField {
    /// Adds `field` as `name` to `model`.
    pub fn new(model: impl Into<String>, name: impl Into<String>, field: Field) -> Self {
        Self {
            model: model.into(),
            name: name.into(),
            field,
        }
    }
}

impl Operation for AddField {
    fn describe(&self) -> String {
        format!("add field {} to {}", self.name, self.model)
    }

    fn change_state(&self, app: &str, state: &mut ProjectState) -> Result<(), String> {
        state.change(app, &self.model, |model| {
            if model.field(&self.name).is_some() {
                return Err(format!(
                    "{}.{} has a field {} already",
                    app, self.model, self.name
                ));
            }
            model.fields.push((self.name.clone(), self.field.clone()));
            Ok(())
        })
    }

    fn forwards<'a>(&'a self, step: Step<'a>) -> Run<'a> {
        Box::pin(async move { add(&step, &self.model, &self.name, &self.field).await })
    }

    fn backwards<'a>(&'a self, step: Step<'a>) -> Run<'a> {
        Box::pin(async move { remove(&step, &self.model, &self.name).await })
    }
}

/// Adds the column of a field that `step.to` has.
pub(super) async fn add(
    step: &Step<'_>,
    model: &str,
    name: &str,
    field: &Field,
) -> Result<(), OperationError> {
    if !is_managed(step.to, step.app, model) {
        return Ok(());
    }
    let change = Change::AddColumn {
        column: step.to.column(name, field)?,
        fill: field.fill(),
    };
    Ok(schema::alter(step.db, &step.from.table(step.app, model)?, &change).await?)
}

/// Removes the column of a field that `step.from` has.
pub(super) async fn remove(step: &Step<'_>, model: &str, name: &str) -> Result<(), OperationError> {
    if !is_managed(step.from, step.app, model) {
        return Ok(());
    }
    let column = step
        .from
        .model(step.app, model)
        .map_or_else(|| name.to_owned(), |known| known.column_of(name));
    let change = Change::DropColumn(column.into());
    Ok(schema::alter(step.db, &step.from.table(step.app, model)?, &change).await?)
}

pub(super) fn is_managed(state: &ProjectState, app: &str, model: &str) -> bool {
    state.model(app, model).is_none_or(|model| model.managed)
}
