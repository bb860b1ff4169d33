//! Rows of a queryset to choose from.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

use nuages_db::Db;
use nuages_orm::{FieldType as _, ForeignKey, Model, QuerySet};

use super::{Asked, Asking, key};
use crate::choices::Choices;
use crate::errors::ValidationError;
use crate::fields::{FieldContext, FieldKind};
use crate::text::Text;
use crate::typed::{CleansTo, FormValue};
use crate::validators::{ProhibitNullCharactersValidator, Validator as _};
use crate::value::{FromValue, Value};
use crate::widgets::{MultipleHiddenInput, Select, SelectMultiple, Widget};

const EMPTY_LABEL: Text = Text::from_static("---------");

/// The rows that may be chosen, and what is known of them.
struct Rows<M: Model> {
    /// Where they are; nothing if all that may be chosen is known already.
    source: Option<QuerySet<M>>,
    label: Arc<dyn Fn(&M) -> Text + Send + Sync>,
    known: Arc<Known>,
}

/// Rows that the database was asked for.
#[derive(Default)]
struct Known {
    choices: Choices,
    keys: HashMap<String, Value>,
    /// Was the database asked?
    asked: bool,
}

impl<M: Model> Rows<M> {
    fn new(source: Option<QuerySet<M>>) -> Self {
        Self {
            source,
            label: Arc::new(|row| {
                let mut label = String::new();
                // Writing into a String cannot fail.
                let _ = row.display(&mut label);
                label.into()
            }),
            known: Arc::default(),
        }
    }

    /// The same, with these rows known.
    fn knowing(&self, rows: &[M], empty_label: Option<&Text>) -> Self {
        let mut known = Known {
            asked: true,
            ..Known::default()
        };
        if let Some(label) = empty_label {
            known.choices = known.choices.item("", label.clone());
        }
        for row in rows {
            let Some(key) = row.key() else {
                continue;
            };
            let (text, value) = (key::text::<M>(&key), key::from_sql(key.into_sql()));
            known.choices = known.choices.item(text.clone(), (self.label)(row));
            known.keys.insert(text, value);
        }
        Self {
            known: Arc::new(known),
            ..self.clone()
        }
    }

    async fn ask(
        &self,
        asked: Asked,
        empty_label: Option<&Text>,
        db: &Db,
    ) -> Result<Self, nuages_orm::Error> {
        let Some(rows) = self.source.clone() else {
            return Ok(self.clone());
        };
        let (rows, empty_label) = match asked {
            Asked::All { with_empty } => (rows.all(db).await?, empty_label.filter(|_| with_empty)),
            Asked::Only(texts) => {
                // What a browser sent a thousand times is looked for once.
                let texts: HashSet<String> = texts.into_iter().collect();
                let keys = texts.iter().filter(|text| !text.contains('\0'));
                let keys = keys.filter_map(|text| key::parse::<M>(text).ok().flatten());
                let keys: Vec<_> = keys.collect();
                (rows.with_keys(keys, db).await?, empty_label)
            }
        };
        Ok(self.knowing(&rows, empty_label))
    }

    /// The key of a known row that a text means; `Err` if it is no key at all.
    fn find(&self, text: &str) -> Result<Option<&Value>, key::NoKey> {
        let key = key::parse::<M>(text)?;
        Ok(key.and_then(|key| self.known.keys.get(&key::text::<M>(&key))))
    }
}

impl<M: Model> Clone for Rows<M> {
    fn clone(&self) -> Self {
        Self {
            source: self.source.clone(),
            label: Arc::clone(&self.label),
            known: Arc::clone(&self.known),
        }
    }
}

impl<M: Model> fmt::Debug for Rows<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} known)", M::meta(), self.known.keys.len())
    }
}

/// The setter that both kinds have.
macro_rules! label_option {
    () => {
        /// Rows are called this, and not as templates print them.
        ///
        /// # Django
        /// `label_from_instance`.
        pub fn label<L: Into<Text>>(
            mut self,
            label: impl Fn(&M) -> L + Send + Sync + 'static,
        ) -> Self {
            self.rows.label = Arc::new(move |row| label(row).into());
            self
        }
    };
}

/// One row of a queryset; cleans to its key.
///
/// Forms never wait, so the rows are asked for when the form is shown
/// ([`Form::load_choices`](crate::Form::load_choices), one query) and when it is filled
/// ([`Form::bind_with`](crate::Form::bind_with), one query for the key that was sent, and one more only to show the
/// form again). Without either, no choice is valid.
///
/// ```
/// use nuages_db::{Db, DbSettings};
/// use nuages_forms::{Form, FormData};
/// use nuages_orm::{Auto, ForeignKey, Model, schema};
///
/// #[derive(Model, Debug)]
/// #[model(app = "library")]
/// pub struct Author {
///     pub id: Auto<i64>,
///     #[field(max_length = 100)]
///     pub name: String,
/// }
///
/// #[derive(Form)]
/// struct NewBook {
///     title: String,
///     #[field(kind = ModelChoiceField::new(Author::objects()).label(|a| a.name.clone()))]
///     author: i64,
///     /// Without options it offers all rows.
///     editor: Option<ForeignKey<Author>>,
/// }
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let db = Db::connect(&DbSettings::new("sqlite::memory:")).await?;
/// schema::create_table::<Author>(&db).await?;
/// Author { name: "Ann".into(), ..Author::blank() }.save(&db).await?;
///
/// let page = NewBook::unbound().load_choices(&db).await?.to_string();
/// assert!(page.contains(r#"<option value="1">Ann</option>"#));
///
/// let data = FormData::from([("title", "Tea"), ("author", "1")]);
/// let book = NewBook::unbound().bind_with(&data, &db).await?.clean().expect("all of it is right");
/// assert_eq!(book.author, 1);
///
/// let data = FormData::from([("title", "Tea"), ("author", "2")]);
/// let form = NewBook::unbound().bind_with(&data, &db).await?;
/// assert!(form.errors().get("author").is_some_and(|errors| errors.has_code("invalid_choice")));
/// # Ok::<(), nuages_orm::Error>(()) }).unwrap();
/// ```
///
/// # Security
/// A key outside of the queryset is no choice: the queryset says what may be chosen, so filter it by what the
/// visitor may see, and hand it to the form with
/// [`BoundForm::change`](crate::BoundForm::change) when that differs from visitor to visitor.
///
/// # Django
/// `ModelChoiceField`. It cleans to the key and not to the row; `to_field_name` and `limit_choices_to` are not here
/// (a queryset can be filtered).
pub struct ModelChoiceField<M: Model> {
    rows: Rows<M>,
    empty_label: Option<Text>,
}

impl<M: Model> ModelChoiceField<M> {
    /// One of these rows.
    pub fn new(rows: QuerySet<M>) -> Self {
        Self {
            rows: Rows::new(Some(rows)),
            empty_label: Some(EMPTY_LABEL),
        }
    }

    label_option!();

    /// How no choice is called (`---------` from the start). A required field that has an initial value, and radio
    /// buttons, do not offer it.
    pub fn empty_label(mut self, label: impl Into<Text>) -> Self {
        self.empty_label = Some(label.into());
        self
    }

    /// No choice is not offered.
    pub fn without_empty_label(mut self) -> Self {
        self.empty_label = None;
        self
    }

    /// One of these rows, which were loaded already.
    pub(super) fn of_loaded(rows: &[M]) -> Self {
        Self {
            rows: Rows::new(None).knowing(rows, None),
            empty_label: None,
        }
    }
}

impl<M: Model> Clone for ModelChoiceField<M> {
    fn clone(&self) -> Self {
        Self {
            rows: self.rows.clone(),
            empty_label: self.empty_label.clone(),
        }
    }
}

impl<M: Model> fmt::Debug for ModelChoiceField<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ModelChoiceField").field(&self.rows).finish()
    }
}

impl<M: Model> Default for ModelChoiceField<M> {
    /// One of all rows.
    fn default() -> Self {
        Self::new(M::objects())
    }
}

impl<M: Model> FieldKind for ModelChoiceField<M> {
    fn name(&self) -> &'static str {
        "ModelChoiceField"
    }

    fn widget(&self) -> Widget {
        Select.into()
    }

    fn choices(&self) -> Option<Choices> {
        Some(match &self.empty_label {
            Some(label) if !self.rows.known.asked => Choices::new().item("", label.clone()),
            _ => self.rows.known.choices.clone(),
        })
    }

    fn message(&self, code: &str) -> Option<&'static str> {
        (code == "invalid_choice")
            .then_some("Select a valid choice. That choice is not one of the available choices.")
    }

    fn offers_rows(&self) -> bool {
        self.rows.source.is_some()
    }

    fn ask<'a>(&'a self, asked: Asked, db: &'a Db) -> Option<Asking<'a>> {
        Some(Box::pin(async move {
            let rows = self.rows.ask(asked, self.empty_label.as_ref(), db).await?;
            let empty_label = self.empty_label.clone();
            Ok(Arc::new(Self { rows, empty_label }) as Arc<dyn FieldKind>)
        }))
    }

    fn to_value(&self, cx: &FieldContext<'_>, value: Value) -> Result<Value, ValidationError> {
        if value.is_empty() {
            return Ok(Value::None);
        }
        ProhibitNullCharactersValidator.validate(&value)?;
        match self.rows.find(&value.to_string()) {
            Ok(Some(key)) => Ok(key.clone()),
            _ => Err(cx.error("invalid_choice").param("value", value)),
        }
    }

    fn has_changed(&self, _cx: &FieldContext<'_>, initial: &Value, data: Value) -> bool {
        let text = |value: &Value| match value {
            Value::None => String::new(),
            other => other.to_string(),
        };
        text(initial) != text(&data)
    }
}

/// Several rows of a queryset; cleans to a list of their keys, each once.
///
/// See [`ModelChoiceField`] for when the rows are asked for.
///
/// ```
/// # use nuages_db::{Db, DbSettings};
/// # use nuages_orm::{Auto, Model, schema};
/// # #[derive(Model, Debug)]
/// # #[model(app = "library")]
/// # pub struct Author { pub id: Auto<i64>, #[field(max_length = 100)] pub name: String }
/// use nuages_forms::{Form, FormData};
///
/// #[derive(Form)]
/// struct Team {
///     #[field(kind = ModelMultipleChoiceField::new(Author::objects()))]
///     members: Vec<i64>,
/// }
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// # let db = Db::connect(&DbSettings::new("sqlite::memory:")).await?;
/// # schema::create_table::<Author>(&db).await?;
/// # Author { name: "Ann".into(), ..Author::blank() }.save(&db).await?;
/// let data = FormData::from([("members", "1"), ("members", "1")]);
/// let team = Team::unbound().bind_with(&data, &db).await?.clean().expect("all of it is right");
/// assert_eq!(team.members, [1]);
/// # Ok::<(), nuages_orm::Error>(()) }).unwrap();
/// ```
///
/// # Security
/// A key that comes a thousand times is looked for once: one query, one parameter (CVE-2015-0222).
///
/// # Django
/// `ModelMultipleChoiceField`. It cleans to keys in the order in which they were sent, and not to a queryset.
pub struct ModelMultipleChoiceField<M: Model> {
    rows: Rows<M>,
}

impl<M: Model> ModelMultipleChoiceField<M> {
    /// Several of these rows.
    pub fn new(rows: QuerySet<M>) -> Self {
        let rows = Rows::new(Some(rows));
        Self { rows }
    }

    label_option!();
}

impl<M: Model> Clone for ModelMultipleChoiceField<M> {
    fn clone(&self) -> Self {
        Self {
            rows: self.rows.clone(),
        }
    }
}

impl<M: Model> fmt::Debug for ModelMultipleChoiceField<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ModelMultipleChoiceField")
            .field(&self.rows)
            .finish()
    }
}

impl<M: Model> Default for ModelMultipleChoiceField<M> {
    /// Several of all rows.
    fn default() -> Self {
        Self::new(M::objects())
    }
}

impl<M: Model> FieldKind for ModelMultipleChoiceField<M> {
    fn name(&self) -> &'static str {
        "ModelMultipleChoiceField"
    }

    fn widget(&self) -> Widget {
        SelectMultiple.into()
    }

    fn hidden_widget(&self) -> Widget {
        MultipleHiddenInput.into()
    }

    fn choices(&self) -> Option<Choices> {
        Some(self.rows.known.choices.clone())
    }

    fn message(&self, code: &str) -> Option<&'static str> {
        Some(match code {
            "invalid_list" => "Enter a list of values.",
            "invalid_choice" => {
                "Select a valid choice. %(value)s is not one of the available choices."
            }
            "invalid_pk_value" => "“%(pk)s” is not a valid value.",
            _ => return None,
        })
    }

    fn offers_rows(&self) -> bool {
        self.rows.source.is_some()
    }

    fn ask<'a>(&'a self, asked: Asked, db: &'a Db) -> Option<Asking<'a>> {
        Some(Box::pin(async move {
            let rows = self.rows.ask(asked, None, db).await?;
            Ok(Arc::new(Self { rows }) as Arc<dyn FieldKind>)
        }))
    }

    fn to_value(&self, cx: &FieldContext<'_>, value: Value) -> Result<Value, ValidationError> {
        let items = match value {
            Value::List(items) => items,
            other if !other.is_true() => Vec::new(),
            _ => return Err(cx.error("invalid_list")),
        };
        let mut seen = HashSet::new();
        let mut found = Vec::new();
        let mut missing = None;
        for item in items {
            if matches!(item, Value::List(_)) {
                return Err(cx.error("invalid_list"));
            }
            let text = item.to_string();
            if seen.contains(&text) {
                continue;
            }
            ProhibitNullCharactersValidator.validate(&item)?;
            match self.rows.find(&text) {
                Ok(Some(key)) => found.push(key.clone()),
                Ok(None) => missing = missing.or(Some(item)),
                Err(key::NoKey) => return Err(cx.error("invalid_pk_value").param("pk", item)),
            }
            seen.insert(text);
        }
        if let Some(item) = missing {
            return Err(cx.error("invalid_choice").param("value", item));
        }
        // Two texts may mean one key.
        let mut keys = HashSet::new();
        found.retain(|key| keys.insert(key.to_string()));
        Ok(Value::List(found))
    }

    fn has_changed(&self, _cx: &FieldContext<'_>, initial: &Value, data: Value) -> bool {
        let texts = |value: &Value| -> (usize, HashSet<String>) {
            match value {
                Value::List(items) => (items.len(), items.iter().map(Value::to_string).collect()),
                Value::None => (0, HashSet::new()),
                other => (1, HashSet::from([other.to_string()])),
            }
        };
        texts(initial) != texts(&data)
    }
}

impl<M: Model> CleansTo<i64> for ModelChoiceField<M> {}
impl<M: Model> CleansTo<i32> for ModelChoiceField<M> {}
impl<M: Model> CleansTo<String> for ModelChoiceField<M> {}
impl<M: Model> CleansTo<ForeignKey<M>> for ModelChoiceField<M> {}
impl<M: Model, T: FromValue> CleansTo<Vec<T>> for ModelMultipleChoiceField<M> {}

/// A key, whose row is not loaded.
impl<M: Model> FromValue for ForeignKey<M> {
    fn from_value(value: Value) -> Option<Self> {
        let key = M::Key::from_sql(key::into_sql(value)?).ok()?;
        Some(Self::new(key))
    }
}

/// All rows of the model may be chosen.
impl<M: Model> FormValue for ForeignKey<M> {
    type Kind = ModelChoiceField<M>;
    type OptionalKind = ModelChoiceField<M>;
}
