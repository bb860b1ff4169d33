//! Makes another field of a field.

use super::add_field::is_managed;
use super::{Operation, OperationError, Run, Step};
use crate::field::Field;
use crate::schema;
use crate::state::ProjectState;
use nuages_sql::Change;

/// Makes another field of a field; the values stay.
///
/// # Django
/// `AlterField`.
#[derive(Debug, Clone)]
pub struct AlterField {
    model: String,
    name: String,
    field: Field,
}

impl AlterField {
    /// Makes `field` of the field `name` of `model`.
    pub fn new(model: impl Into<String>, name: impl Into<String>, field: Field) -> Self {
        Self {
            model: model.into(),
            name: name.into(),
            field,
        }
    }
}

impl Operation for AlterField {
    fn describe(&self) -> String {
        format!("alter field {} of {}", self.name, self.model)
    }

    fn change_state(&self, app: &str, state: &mut ProjectState) -> Result<(), String> {
        state.change(app, &self.model, |model| {
            let field = model
                .field_mut(&self.name)
                .ok_or_else(|| format!("{}.{} has no field {}", app, self.model, self.name))?;
            *field = self.field.clone();
            Ok(())
        })
    }

    fn forwards<'a>(&'a self, step: Step<'a>) -> Run<'a> {
        Box::pin(async move { alter(&step, &self.model, &self.name, &self.name).await })
    }

    fn backwards<'a>(&'a self, step: Step<'a>) -> Run<'a> {
        self.forwards(step)
    }
}

/// Makes the column of `new` in `step.to` of the column of `old` in `step.from`.
pub(super) async fn alter(
    step: &Step<'_>,
    model: &str,
    old: &str,
    new: &str,
) -> Result<(), OperationError> {
    if !is_managed(step.from, step.app, model) {
        return Ok(());
    }
    let find = |state: &'_ ProjectState, name: &str| {
        let field = state
            .model(step.app, model)
            .and_then(|known| known.field(name))
            .cloned();
        field.ok_or_else(|| {
            OperationError::State(format!("{}.{model} has no field {name}", step.app))
        })
    };
    let (before, after) = (find(step.from, old)?, find(step.to, new)?);
    let (from, to) = (
        step.from.column(old, &before)?,
        step.to.column(new, &after)?,
    );
    if from == to {
        return Ok(());
    }
    let key_changes = before.primary_key && from.kind != to.kind;
    let related = if key_changes {
        step.to.related(step.app, model)?
    } else {
        Vec::new()
    };
    let change = Change::AlterColumn {
        name: from.name,
        to,
        fill: after.fill(),
        related,
    };
    Ok(schema::alter(step.db, &step.from.table(step.app, model)?, &change).await?)
}
