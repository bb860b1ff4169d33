//! Adds and removes named unique constraints.

use super::{Operation, Run, Step};
use crate::schema;
use crate::state::ProjectState;
use nuages_sql::{Change, UniqueConstraint};

/// Adds a named unique constraint over columns.
///
/// # Django
/// `AddConstraint` with a `UniqueConstraint`.
#[derive(Debug, Clone)]
pub struct AddConstraint {
    model: String,
    constraint: UniqueConstraint,
}

impl AddConstraint {
    /// Adds `constraint` to `model`.
    pub fn new(model: impl Into<String>, constraint: UniqueConstraint) -> Self {
        Self {
            model: model.into(),
            constraint,
        }
    }
}

impl Operation for AddConstraint {
    fn describe(&self) -> String {
        format!(
            "create constraint {} on {}",
            self.constraint.name, self.model
        )
    }

    fn change_state(&self, app: &str, state: &mut ProjectState) -> Result<(), String> {
        state.change(app, &self.model, |model| {
            model.constraints.push(self.constraint.clone());
            Ok(())
        })
    }

    fn forwards<'a>(&'a self, step: Step<'a>) -> Run<'a> {
        let change = Change::AddConstraint(self.constraint.clone());
        Box::pin(async move {
            Ok(schema::alter(step.db, &step.from.table(step.app, &self.model)?, &change).await?)
        })
    }

    fn backwards<'a>(&'a self, step: Step<'a>) -> Run<'a> {
        let change = Change::DropConstraint(self.constraint.name.clone());
        Box::pin(async move {
            Ok(schema::alter(step.db, &step.from.table(step.app, &self.model)?, &change).await?)
        })
    }
}

/// Removes a named unique constraint.
///
/// # Django
/// `RemoveConstraint`.
#[derive(Debug, Clone)]
pub struct RemoveConstraint {
    model: String,
    name: String,
}

impl RemoveConstraint {
    /// Removes the constraint `name` of `model`.
    pub fn new(model: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            model: model.into(),
            name: name.into(),
        }
    }
}

impl Operation for RemoveConstraint {
    fn describe(&self) -> String {
        format!("remove constraint {} from {}", self.name, self.model)
    }

    fn change_state(&self, app: &str, state: &mut ProjectState) -> Result<(), String> {
        state.change(app, &self.model, |model| {
            let before = model.constraints.len();
            model
                .constraints
                .retain(|constraint| constraint.name.as_ref() != self.name);
            if model.constraints.len() == before {
                return Err(format!(
                    "{app}.{} has no constraint {}",
                    self.model, self.name
                ));
            }
            Ok(())
        })
    }

    fn forwards<'a>(&'a self, step: Step<'a>) -> Run<'a> {
        let change = Change::DropConstraint(self.name.clone().into());
        Box::pin(async move {
            Ok(schema::alter(step.db, &step.from.table(step.app, &self.model)?, &change).await?)
        })
    }

    fn backwards<'a>(&'a self, step: Step<'a>) -> Run<'a> {
        Box::pin(async move {
            let table = step.to.table(step.app, &self.model)?;
            for constraint in table
                .constraints
                .iter()
                .filter(|known| known.name.as_ref() == self.name)
            {
                let before = step.from.table(step.app, &self.model)?;
                schema::alter(step.db, &before, &Change::AddConstraint(constraint.clone())).await?;
            }
            Ok(())
        })
    }
}
