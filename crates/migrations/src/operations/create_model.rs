//! Makes a model and its table.

use nuages_sql::{Index, UniqueConstraint};

use super::{Operation, Run, Step};
use crate::field::Field;
use crate::schema;
use crate::state::{ModelState, ProjectState};

/// Makes a model and its table.
///
/// # Django
/// `CreateModel`. A many-to-many field is a model of its own here.
#[derive(Debug, Clone)]
pub struct CreateModel {
    model: ModelState,
    table: Option<String>,
}

impl CreateModel {
    /// A model without fields yet; its table is `app_model`.
    pub fn new(name: impl Into<String>) -> Self {
        let model = ModelState {
            app: String::new(),
            name: name.into(),
            table: String::new(),
            fields: Vec::new(),
            unique_together: Vec::new(),
            indexes: Vec::new(),
            constraints: Vec::new(),
            managed: true,
        };
        Self { model, table: None }
    }

    /// Adds a field.
    pub fn field(mut self, name: impl Into<String>, field: Field) -> Self {
        self.model.fields.push((name.into(), field));
        self
    }

    /// Another table name (`db_table`).
    pub fn table(mut self, table: impl Into<String>) -> Self {
        self.table = Some(table.into());
        self
    }

    /// Fields whose values together occur once.
    pub fn unique_together<S: Into<String>>(mut self, fields: impl IntoIterator<Item = S>) -> Self {
        self.model
            .unique_together
            .push(fields.into_iter().map(Into::into).collect());
        self
    }

    /// A named index over columns (`Meta.indexes`).
    pub fn index(mut self, index: Index) -> Self {
        self.model.indexes.push(index);
        self
    }

    /// A named unique constraint over columns (`Meta.constraints`).
    pub fn constraint(mut self, constraint: UniqueConstraint) -> Self {
        self.model.constraints.push(constraint);
        self
    }

    /// Somebody else looks after the table (`managed = False`).
    pub fn unmanaged(mut self) -> Self {
        self.model.managed = false;
        self
    }

    fn state(&self, app: &str) -> ModelState {
        let default = || format!("{app}_{}", self.model.name.to_ascii_lowercase());
        ModelState {
            app: app.to_owned(),
            table: self.table.clone().unwrap_or_else(default),
            ..self.model.clone()
        }
    }
}

impl Operation for CreateModel {
    fn describe(&self) -> String {
        format!("create model {}", self.model.name)
    }

    fn change_state(&self, app: &str, state: &mut ProjectState) -> Result<(), String> {
        if state.model(app, &self.model.name).is_some() {
            return Err(format!(
                "there is a model {app}.{} already",
                self.model.name
            ));
        }
        state.insert(self.state(app));
        Ok(())
    }

    fn forwards<'a>(&'a self, step: Step<'a>) -> Run<'a> {
        Box::pin(async move {
            if self.model.managed {
                schema::create(step.db, &step.to.table(step.app, &self.model.name)?).await?;
            }
            Ok(())
        })
    }

    fn backwards<'a>(&'a self, step: Step<'a>) -> Run<'a> {
        Box::pin(async move {
            if self.model.managed {
                schema::drop(step.db, &step.from.table(step.app, &self.model.name)?).await?;
            }
            Ok(())
        })
    }
}
