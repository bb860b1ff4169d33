//! Gives a field another name.

use super::alter_field::alter;
use super::{Operation, Run, Step};
use crate::state::ProjectState;

/// Gives a field another name; the values stay.
///
/// # Django
/// `RenameField`.
#[derive(Debug, Clone)]
pub struct RenameField {
    model: String,
    from: String,
    to: String,
}

impl RenameField {
    /// Renames the field `from` of `model` to `to`.
    pub fn new(model: impl Into<String>, from: impl Into<String>, to: impl Into<String>) -> Self {
        Self {
            model: model.into(),
            from: from.into(),
            to: to.into(),
        }
    }
}

impl Operation for RenameField {
    fn describe(&self) -> String {
        format!(
            "rename field {} of {} to {}",
            self.from, self.model, self.to
        )
    }

    fn change_state(&self, app: &str, state: &mut ProjectState) -> Result<(), String> {
        state.change(app, &self.model, |model| {
            let place = model.fields.iter().position(|(name, _)| *name == self.from);
            let place = place
                .ok_or_else(|| format!("{}.{} has no field {}", app, self.model, self.from))?;
            // As in Django, it comes last from now on.
            let (_, field) = model.fields.remove(place);
            model.fields.push((self.to.clone(), field));
            for field in model
                .unique_together
                .iter_mut()
                .flatten()
                .filter(|field| **field == self.from)
            {
                field.clone_from(&self.to);
            }
            Ok(())
        })
    }

    fn forwards<'a>(&'a self, step: Step<'a>) -> Run<'a> {
        Box::pin(async move { alter(&step, &self.model, &self.from, &self.to).await })
    }

    fn backwards<'a>(&'a self, step: Step<'a>) -> Run<'a> {
        Box::pin(async move { alter(&step, &self.model, &self.to, &self.from).await })
    }
}
