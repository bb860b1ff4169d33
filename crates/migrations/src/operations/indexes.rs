//! Adds and removes named indexes.

use super::{Operation, Run, Step};
use crate::schema;
use crate::state::ProjectState;
use nuages_sql::{Change, Index};

/// Adds a named index over columns.
///
/// # Django
/// `AddIndex`.
#[derive(Debug, Clone)]
pub struct AddIndex {
    model: String,
    index: Index,
}

impl AddIndex {
    /// Adds `index` to `model`.
    pub fn new(model: impl Into<String>, index: Index) -> Self {
        Self {
            model: model.into(),
            index,
        }
    }
}

impl Operation for AddIndex {
    fn describe(&self) -> String {
        format!("create index {} on {}", self.index.name, self.model)
    }

    fn change_state(&self, app: &str, state: &mut ProjectState) -> Result<(), String> {
        state.change(app, &self.model, |model| {
            model.indexes.push(self.index.clone());
            Ok(())
        })
    }

    fn forwards<'a>(&'a self, step: Step<'a>) -> Run<'a> {
        let change = Change::AddIndex(self.index.clone());
        Box::pin(async move {
            Ok(schema::alter(step.db, &step.from.table(step.app, &self.model)?, &change).await?)
        })
    }

    fn backwards<'a>(&'a self, step: Step<'a>) -> Run<'a> {
        let change = Change::DropIndex(self.index.name.clone());
        Box::pin(async move {
            Ok(schema::alter(step.db, &step.from.table(step.app, &self.model)?, &change).await?)
        })
    }
}

/// Removes a named index.
///
/// # Django
/// `RemoveIndex`.
#[derive(Debug, Clone)]
pub struct RemoveIndex {
    model: String,
    name: String,
}

impl RemoveIndex {
    /// Removes the index `name` of `model`.
    pub fn new(model: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            model: model.into(),
            name: name.into(),
        }
    }
}

impl Operation for RemoveIndex {
    fn describe(&self) -> String {
        format!("remove index {} from {}", self.name, self.model)
    }

    fn change_state(&self, app: &str, state: &mut ProjectState) -> Result<(), String> {
        state.change(app, &self.model, |model| {
            let before = model.indexes.len();
            model
                .indexes
                .retain(|index| index.name.as_ref() != self.name);
            if model.indexes.len() == before {
                return Err(format!("{app}.{} has no index {}", self.model, self.name));
            }
            Ok(())
        })
    }

    fn forwards<'a>(&'a self, step: Step<'a>) -> Run<'a> {
        let change = Change::DropIndex(self.name.clone().into());
        Box::pin(async move {
            Ok(schema::alter(step.db, &step.from.table(step.app, &self.model)?, &change).await?)
        })
    }

    fn backwards<'a>(&'a self, step: Step<'a>) -> Run<'a> {
        Box::pin(async move {
            let table = step.to.table(step.app, &self.model)?;
            for index in table
                .indexes
                .iter()
                .filter(|index| index.name.as_ref() == self.name)
            {
                let before = step.from.table(step.app, &self.model)?;
                schema::alter(step.db, &before, &Change::AddIndex(index.clone())).await?;
            }
            Ok(())
        })
    }
}
