//! What the models look like after some migrations, as data.

use std::collections::BTreeMap;

use nuages_sql::{Column, ColumnType, Index, Name, Table, UniqueConstraint};

use crate::field::Field;

/// One model after some migrations.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelState {
    /// The app's label.
    pub app: String,
    /// The model's name.
    pub name: String,
    /// Its table.
    pub table: String,
    /// Its fields, in order.
    pub fields: Vec<(String, Field)>,
    /// Fields whose values together occur once.
    pub unique_together: Vec<Vec<String>>,
    /// Named indexes, over columns.
    pub indexes: Vec<Index>,
    /// Named unique constraints, over columns.
    pub constraints: Vec<UniqueConstraint>,
    /// False when somebody else looks after the table.
    pub managed: bool,
}

impl ModelState {
    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, field)| field)
    }

    pub(crate) fn field_mut(&mut self, name: &str) -> Option<&mut Field> {
        self.fields
            .iter_mut()
            .find(|(known, _)| known == name)
            .map(|(_, field)| field)
    }

    /// The column of a field; the name itself when there is no such field.
    pub(crate) fn column_of(&self, field: &str) -> String {
        self.field(field)
            .map_or_else(|| field.to_owned(), |known| known.column_name(field))
    }

    fn primary_key(&self) -> Option<(&str, &Field)> {
        self.fields
            .iter()
            .find(|(_, field)| field.primary_key)
            .map(|(name, field)| (name.as_str(), field))
    }
}

/// All models after some migrations.
///
/// # Django
/// `django.db.migrations.state.ProjectState`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ProjectState {
    models: BTreeMap<(String, String), ModelState>,
}

impl ProjectState {
    /// One model; names are compared without case, as in Django.
    pub fn model(&self, app: &str, name: &str) -> Option<&ModelState> {
        self.models.get(&key(app, name))
    }

    /// Every model, by app and name.
    pub fn models(&self) -> impl Iterator<Item = &ModelState> {
        self.models.values()
    }

    pub(crate) fn insert(&mut self, model: ModelState) {
        self.models.insert(key(&model.app, &model.name), model);
    }

    pub(crate) fn remove(&mut self, app: &str, name: &str) -> Option<ModelState> {
        self.models.remove(&key(app, name))
    }

    pub(crate) fn change(
        &mut self,
        app: &str,
        name: &str,
        change: impl FnOnce(&mut ModelState) -> Result<(), String>,
    ) -> Result<(), String> {
        let model = self
            .models
            .get_mut(&key(app, name))
            .ok_or_else(|| no_model(app, name))?;
        change(model)
    }

    /// Lets every reference to one model point to another name.
    pub(crate) fn rename_references(&mut self, from: &str, to: &str) {
        for (_, field) in self.models.values_mut().flat_map(|model| &mut model.fields) {
            if let Some(reference) = &mut field.reference
                && reference.to.eq_ignore_ascii_case(from)
            {
                to.clone_into(&mut reference.to);
            }
        }
    }

    /// The table of one model.
    pub(crate) fn table(&self, app: &str, name: &str) -> Result<Table, String> {
        let model = self.model(app, name).ok_or_else(|| no_model(app, name))?;
        let columns = model
            .fields
            .iter()
            .map(|(name, field)| self.column(name, field))
            .collect::<Result<_, _>>()?;
        let together = model
            .unique_together
            .iter()
            .map(|fields| together(model, fields))
            .collect();
        Ok(Table {
            name: model.table.clone().into(),
            columns,
            unique_together: together,
            constraints: model.constraints.clone(),
            indexes: model.indexes.clone(),
        })
    }

    /// The column of one field.
    pub(crate) fn column(&self, name: &str, field: &Field) -> Result<Column, String> {
        let mut column = Column::new(field.column_name(name), self.kind(field)?);
        column.null = field.null;
        column.unique = field.unique;
        column.primary_key = field.primary_key;
        column.index = field.index;
        if let Some(reference) = &field.reference {
            let target = self.target(&reference.to)?;
            let (key, key_field) = target.primary_key().ok_or_else(|| no_key(target))?;
            column = column.references(target.table.clone(), key_field.column_name(key));
        }
        Ok(column)
    }

    /// The tables with a foreign key to this model's primary key, the model's own left out.
    pub(crate) fn related(&self, app: &str, name: &str) -> Result<Vec<Table>, String> {
        let label = format!("{app}.{name}");
        self.models
            .values()
            .filter(|model| !(model.app == app && model.name.eq_ignore_ascii_case(name)))
            .filter(|model| {
                let mut references = model
                    .fields
                    .iter()
                    .filter_map(|(_, field)| field.reference.as_ref());
                references.any(|reference| reference.to.eq_ignore_ascii_case(&label))
            })
            .map(|model| self.table(&model.app, &model.name))
            .collect()
    }

    fn kind(&self, field: &Field) -> Result<ColumnType, String> {
        match (&field.kind, &field.reference) {
            (Some(kind), _) => Ok(*kind),
            (None, Some(reference)) => {
                let target = self.target(&reference.to)?;
                let (_, key) = target.primary_key().ok_or_else(|| no_key(target))?;
                // A key may itself be a reference: follow it, but not in circles.
                key.kind.map(ColumnType::of_foreign_key).ok_or_else(|| {
                    format!(
                        "the key of {} is itself a reference: give the field a column type",
                        reference.to
                    )
                })
            }
            (None, None) => Err("a field without a type".to_owned()),
        }
    }

    fn target(&self, label: &str) -> Result<&ModelState, String> {
        let (app, name) = label
            .split_once('.')
            .ok_or_else(|| format!("`{label}` names no model: write it as `app.Model`"))?;
        self.model(app, name).ok_or_else(|| no_model(app, name))
    }
}

fn together(model: &ModelState, fields: &[String]) -> Vec<Name> {
    fields
        .iter()
        .map(|field| model.column_of(field).into())
        .collect()
}

fn key(app: &str, name: &str) -> (String, String) {
    (app.to_owned(), name.to_ascii_lowercase())
}

pub(crate) fn no_model(app: &str, name: &str) -> String {
    format!(
        "there is no model {app}.{name} at this point: does the migration depend on the one that makes it?"
    )
}

fn no_key(model: &ModelState) -> String {
    format!("{}.{} has no primary key", model.app, model.name)
}
