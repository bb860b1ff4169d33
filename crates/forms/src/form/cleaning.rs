//! Cleaning: from what was submitted to values and errors.

use std::sync::Arc;

use indexmap::IndexMap;

use super::{Form, State};
use crate::errors::ErrorList;
use crate::value::{FromValue, Value};

pub(super) type FieldHook =
    dyn Fn(&mut Cleaning<'_>, Value) -> Result<Value, ErrorList> + Send + Sync;
pub(super) type FormHook = dyn Fn(&mut Cleaning<'_>) -> Result<(), ErrorList> + Send + Sync;

/// Cleaned values by field.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CleanedData(IndexMap<String, Value>);

impl CleanedData {
    /// The value of a field; nothing if it has errors.
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.0.get(field)
    }

    /// The value of a field as this type; nothing if it has errors or is of another type.
    pub fn value<T: FromValue>(&self, field: &str) -> Option<T> {
        T::from_value(self.0.get(field)?.clone())
    }

    /// The values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(field, value)| (field.as_str(), value))
    }

    pub(super) fn set(&mut self, field: &str, value: Value) {
        self.0.insert(field.to_owned(), value);
    }

    pub(super) fn remove(&mut self, field: &str) {
        self.0.shift_remove(field);
    }
}

/// A form while it is cleaned, as hooks see it.
#[derive(Debug)]
pub struct Cleaning<'a> {
    state: &'a mut State,
}

impl Cleaning<'_> {
    /// The cleaned value of a field; nothing if it has errors or its turn has not come.
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.state.cleaned.get(field)
    }

    /// The cleaned value of a field as this type.
    pub fn value<T: FromValue>(&self, field: &str) -> Option<T> {
        self.state.cleaned.value(field)
    }

    /// All cleaned values.
    pub fn cleaned_data(&self) -> &CleanedData {
        &self.state.cleaned
    }

    /// Replaces or adds a cleaned value.
    pub fn set(&mut self, field: &str, value: impl Into<Value>) {
        self.state.cleaned.set(field, value.into());
    }

    /// Adds errors to a field, or with `None` to the form as a whole.
    pub fn add_error<'b>(
        &mut self,
        field: impl Into<Option<&'b str>>,
        error: impl Into<ErrorList>,
    ) {
        self.state.add_error(field.into(), error.into());
    }

    /// Is nothing wrong so far?
    pub fn is_clean(&self) -> bool {
        self.state.errors.is_empty()
    }

    /// Has this field errors?
    pub fn has_errors(&self, field: &str) -> bool {
        self.state.errors.get(field).is_some()
    }
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State")
            .field("fields", &self.fields.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

impl Form {
    /// Cleans all fields, then the form.
    pub(super) fn full_clean(&mut self) {
        if self.0.empty_permitted && !self.has_changed() {
            return;
        }
        let state = self.state_mut();
        let fields = Arc::clone(&state.fields);
        for (name, field) in fields.iter() {
            let initial = state.initial(name, field);
            let value = if field.disabled {
                initial.clone()
            } else {
                let submitted = state.submitted.as_ref().and_then(|all| all.get(name));
                submitted
                    .map(|found| found.value.clone())
                    .unwrap_or_default()
            };
            let cleaned = match field.clean_in(value, &initial, &state.zone) {
                Ok(value) => state.run_field_hooks(name, value),
                Err(errors) => Err(errors),
            };
            match cleaned {
                Ok(value) => state.cleaned.set(name, value),
                Err(errors) => state.add_error(Some(name), errors),
            }
        }
        for hook in state.form_hooks.clone() {
            if let Err(errors) = hook(&mut Cleaning { state }) {
                state.add_error(None, errors);
            }
        }
    }
}

impl State {
    fn run_field_hooks(&mut self, name: &str, mut value: Value) -> Result<Value, ErrorList> {
        let hooks: Vec<_> = self
            .field_hooks
            .iter()
            .filter(|(field, _)| field == name)
            .map(|(_, hook)| Arc::clone(hook))
            .collect();
        for hook in hooks {
            self.cleaned.set(name, value.clone());
            value = hook(&mut Cleaning { state: self }, value)?;
        }
        Ok(value)
    }
}
