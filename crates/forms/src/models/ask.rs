//! Asking the database for the rows that a form offers, before it is shown and when it is filled.

use std::borrow::Cow;
use std::pin::Pin;
use std::sync::Arc;

use nuages_db::Db;
use nuages_orm::Error;

use crate::data::FormData;
use crate::fields::{Field, FieldKind};
use crate::form::Form;
use crate::typed::{BoundForm, TypedForm};
use crate::value::Value;
use crate::widgets::RadioSelect;

/// Which rows a field asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// All that it offers, to be shown.
    All {
        /// Is no choice offered too?
        with_empty: bool,
    },
    /// Those with these keys, if it offers them.
    Only(Vec<String>),
}

/// The kind of field that knows the rows, when the database has answered.
pub type Asking<'a> = Pin<Box<dyn Future<Output = Result<Arc<dyn FieldKind>, Error>> + Send + 'a>>;

/// Kinds that know their rows, by field.
pub(crate) type Answers = Vec<(Cow<'static, str>, Arc<dyn FieldKind>)>;

/// A value as the keys it may mean.
fn texts(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::None => {}
        Value::List(items) => items.iter().for_each(|item| texts(item, into)),
        other => into.push(other.to_string()),
    }
}

impl Field {
    /// All rows, to be shown.
    pub(crate) fn all_rows(&self) -> Asked {
        let chosen = self.required && !matches!(self.initial, Value::None);
        let with_empty = !chosen && !self.get_widget().is::<RadioSelect>();
        Asked::All { with_empty }
    }
}

impl Form {
    /// Loads the rows that its fields offer, to show the form: one query for each such field.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn load_choices(self, db: &Db) -> Result<Self, Error> {
        let answers = self.ask(|_, field| field.all_rows(), db).await?;
        Ok(self.with_answers(&answers))
    }

    /// The same form, filled with what was submitted and cleaned, after the database was asked for the rows that
    /// were chosen: one query for each field that offers rows. If something is wrong, all rows are loaded, to show
    /// the form again.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn bind_with(self, data: &FormData, db: &Db) -> Result<Self, Error> {
        let answers = self
            .ask(
                |name, field| {
                    let mut keys = Vec::new();
                    self.sent(name, field, data, &mut keys);
                    Asked::Only(keys)
                },
                db,
            )
            .await?;
        if answers.is_empty() {
            return Ok(self.bind(data));
        }
        let bound = self.clone().with_answers(&answers).bind(data);
        if bound.is_valid() {
            return Ok(bound);
        }
        Ok(self.load_choices(db).await?.bind(data))
    }

    /// The keys that were sent for a field.
    pub(crate) fn sent(&self, name: &str, field: &Field, data: &FormData, keys: &mut Vec<String>) {
        let value = if field.disabled {
            self.initial_of(name, field)
        } else {
            let widget = field.get_widget().kind();
            widget.value_from_data(data, &self.html_name_of(name), field.required)
        };
        texts(&value, keys);
    }

    /// What the fields that offer rows get to know.
    pub(crate) async fn ask(
        &self,
        asked: impl Fn(&str, &Field) -> Asked,
        db: &Db,
    ) -> Result<Answers, Error> {
        let mut answers = Answers::new();
        for (name, field) in self.fields() {
            if !field.kind().offers_rows() {
                continue;
            }
            if let Some(asking) = field.kind().ask(asked(name, field), db) {
                answers.push((name.clone(), asking.await?));
            }
        }
        Ok(answers)
    }

    pub(crate) fn with_answers(self, answers: &Answers) -> Self {
        answers.iter().fold(self, |form, (name, kind)| {
            form.change_field(name, |field| field.with_kind(Arc::clone(kind)))
        })
    }
}

impl<T: TypedForm> BoundForm<T> {
    /// Loads the rows that its fields offer, to show the form; see [`Form::load_choices`].
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn load_choices(self, db: &Db) -> Result<Self, Error> {
        Ok(Self::from(self.into_form().load_choices(db).await?))
    }

    /// Fills it with what was submitted, after the database was asked for the rows that were chosen; see
    /// [`Form::bind_with`].
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn bind_with(self, data: &FormData, db: &Db) -> Result<Self, Error> {
        Ok(Self::from(self.into_form().bind_with(data, db).await?))
    }
}
