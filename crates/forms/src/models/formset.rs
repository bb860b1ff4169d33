//! `ModelFormSet`: several rows of a queryset edited in one page.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

use nuages_db::Db;
use nuages_orm::{Error, Model, QuerySet};
use nuages_template::{ToValue, Value as Shown};

use super::choice::ModelChoiceField;
use super::key;
use crate::data::FormData;
use crate::errors::ErrorList;
use crate::fields::Field;
use crate::form::Form;
use crate::formset::{FormSet, submitted_counts};
use crate::value::Value;
use crate::widgets::HiddenInput;

/// The rows of a queryset in one page, each with a form, and empty forms for new ones.
///
/// The form has fields with the names of the model's fields; others are yours. Which row a form is about stands in a
/// hidden field with the name of the primary key, unless the form has a field for that itself.
///
/// ```
/// use nuages_db::{Db, DbSettings};
/// use nuages_forms::{Form, FormData, ModelFormSet};
/// use nuages_orm::{Auto, Model, schema};
///
/// #[derive(Model, Debug)]
/// #[model(app = "library")]
/// pub struct Author {
///     pub id: Auto<i64>,
///     #[field(max_length = 100)]
///     pub name: String,
///     pub owner: i64,
/// }
///
/// #[derive(Form)]
/// struct AuthorForm {
///     name: String,
/// }
///
/// /// The authors of a visitor: nobody else's can be changed.
/// fn authors(visitor: i64) -> ModelFormSet<Author> {
///     let own = Author::objects().filter(|a| a.owner().eq(visitor));
///     ModelFormSet::new(own, AuthorForm::unbound())
///         .change(|set| set.extra(1).can_delete(true))
///         .new_row(move || Author { owner: visitor, ..Author::blank() })
/// }
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let db = Db::connect(&DbSettings::new("sqlite::memory:")).await?;
/// schema::create_table::<Author>(&db).await?;
/// for (name, owner) in [("Ann", 1), ("Bob", 2)] {
///     Author { name: name.into(), owner, ..Author::blank() }.save(&db).await?;
/// }
///
/// let page = authors(1).load(&db).await?.to_string();
/// assert!(page.contains("value=\"Ann\"") && !page.contains("Bob"));
///
/// let data = FormData::from([
///     ("form-TOTAL_FORMS", "2"),
///     ("form-INITIAL_FORMS", "1"),
///     ("form-0-id", "1"),
///     ("form-0-name", "Anna"),
///     ("form-1-name", "Cleo"),
/// ]);
/// let saved = authors(1).bind(&data, &db).await?.save(&db).await?.expect("all of it is right");
/// assert_eq!((saved.changed.len(), saved.created.len()), (1, 1));
///
/// // Bob is not the visitor's, whatever key is sent.
/// let forged = FormData::from([
///     ("form-TOTAL_FORMS", "1"),
///     ("form-INITIAL_FORMS", "1"),
///     ("form-0-id", "2"),
///     ("form-0-name", "Mine"),
/// ]);
/// let refused = authors(1).bind(&forged, &db).await?.save(&db).await?.unwrap_err();
/// assert!(refused.formset().errors()[0].get("id").is_some());
/// # Ok::<(), nuages_orm::Error>(()) }).unwrap();
/// ```
///
/// # Security
/// - A row is changed or deleted only if the queryset has it: when the data is bound, and again in the transaction
///   that saves. The key that was sent only chooses among those rows (CVE-2026-87975).
/// - A form that was there before never makes a row, and a new row is inserted, never saved over another.
/// - Only fields of the form are saved; what else a new row has is said by [`ModelFormSet::new_row`].
/// - The queryset is what protects: filter it by what the visitor may change.
///
/// # Django
/// `modelformset_factory` and `BaseModelFormSet`. The form is written out, and the same row cannot come twice.
pub struct ModelFormSet<M: Model> {
    pub(super) rows: QuerySet<M>,
    pub(super) set: FormSet,
    pub(super) new_row: Arc<dyn Fn() -> M + Send + Sync>,
    pub(super) edit_only: bool,
    /// Is the key a hidden field that we added?
    pub(super) hidden_key: bool,
    /// The rows that were found for the forms.
    pub(super) found: Vec<Option<M>>,
    /// Which form is about which of them.
    pub(super) row_of: HashMap<usize, usize>,
}

/// What [`ModelFormSet::save`] did.
#[derive(Debug)]
#[non_exhaustive]
pub struct SavedRows<M> {
    /// New rows.
    pub created: Vec<M>,
    /// Rows of the queryset that were changed.
    pub changed: Vec<M>,
    /// Rows of the queryset that were deleted.
    pub deleted: Vec<M>,
    /// The indexes of forms that asked for a change of a row that the queryset does not have: nothing was done.
    pub skipped: Vec<usize>,
}

impl<M: Model> ModelFormSet<M> {
    /// The rows of a queryset, each with a form like this.
    pub fn new(rows: QuerySet<M>, form: impl Into<Form>) -> Self {
        let form = form.into();
        let pk = M::meta().pk();
        let hidden_key = pk.auto || form.get(pk.name).is_none();
        let mut set = FormSet::new(form).key(pk.name);
        if hidden_key {
            set = with_key_of::<M>(set, &[]);
        }
        Self {
            rows: rows.or_by_key(),
            set,
            new_row: Arc::new(M::blank),
            edit_only: false,
            hidden_key,
            found: Vec::new(),
            row_of: HashMap::new(),
        }
    }

    /// The formset, changed: how many forms, whether rows can be deleted, its prefix.
    pub fn change(mut self, change: impl FnOnce(FormSet) -> FormSet) -> Self {
        self.set = change(self.set);
        self
    }

    /// Are no new rows made, whatever is sent? Then show no empty forms either: `.change(|set| set.extra(0))`.
    pub fn edit_only(mut self, edit_only: bool) -> Self {
        self.edit_only = edit_only;
        self
    }

    /// A new row before its form is applied; [`Model::blank`] from the start.
    pub fn new_row(mut self, new_row: impl Fn() -> M + Send + Sync + 'static) -> Self {
        self.new_row = Arc::new(new_row);
        self
    }

    /// Loads the rows, to be shown.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn load(mut self, db: &Db) -> Result<Self, Error> {
        let rows = self.rows.clone().all(db).await?;
        let initial: Vec<_> = rows.iter().map(|row| self.initial_of(row)).collect();
        let set = self.key_field(self.set.clone(), &rows).initial(initial);
        self.set = set.load_choices(db).await?;
        Ok(self)
    }

    /// Fills the forms with what was submitted, and cleans them, after those rows of the queryset were loaded that
    /// the data names.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn bind(mut self, data: &FormData, db: &Db) -> Result<Self, Error> {
        let pk = M::meta().pk();
        let prefix = self.set.get_prefix();
        let (total, initial) = submitted_counts(prefix, data);
        let forms = self.set.at_most(total.min(initial));
        let names = (0..forms).map(|index| format!("{prefix}-{index}-{}", pk.name));
        let keys: Vec<Option<M::Key>> = names
            .map(|name| key::parse::<M>(data.get(&name)?).ok().flatten())
            .collect();
        let wanted = keys.iter().flatten().cloned();
        let rows = self.rows.clone().with_keys(wanted, db).await?;

        let text = |row: &M| row.key().map(|key| key::text::<M>(&key));
        let places = rows.iter().enumerate();
        let places: HashMap<String, usize> = places
            .filter_map(|(place, row)| Some((text(row)?, place)))
            .collect();
        let mut taken = HashSet::new();
        let mut twice = Vec::new();
        let mut initial = Vec::with_capacity(forms);
        for (index, key) in keys.iter().enumerate() {
            let text = key.as_ref().map(key::text::<M>);
            let Some(place) = text.and_then(|text| places.get(&text).copied()) else {
                initial.push(Vec::new());
                continue;
            };
            initial.push(self.initial_of(&rows[place]));
            if taken.insert(place) {
                self.row_of.insert(index, place);
            } else {
                twice.push(index);
            }
        }
        let set = self.key_field(self.set.clone(), &rows).initial(initial);
        self.set = set.bind_with(data, db).await?;
        self.found = rows.into_iter().map(Some).collect();
        if let Some(first) = twice.first() {
            let words = "Please correct the duplicate values below.";
            self.set.add_form_error(*first, None, words);
            let words = format!("Please correct the duplicate data for {}.", pk.name);
            self.set.add_error(words);
        }
        Ok(self)
    }

    /// Is all of it right? Forms to be deleted may be wrong.
    pub fn is_valid(&self) -> bool {
        self.set.is_valid()
    }

    /// The formset in it: forms, errors, what is to be deleted.
    pub fn formset(&self) -> &FormSet {
        &self.set
    }

    /// The row of a form that was there before; nothing if the queryset does not have the row that was sent.
    pub fn row(&self, index: usize) -> Option<&M> {
        self.found.get(*self.row_of.get(&index)?)?.as_ref()
    }

    /// Adds errors to one of the forms; see [`FormSet::add_form_error`].
    pub fn add_form_error<'a>(
        &mut self,
        index: usize,
        field: impl Into<Option<&'a str>>,
        error: impl Into<ErrorList>,
    ) {
        self.set.add_form_error(index, field, error);
    }

    /// The formset, whose hidden key may be the key of one of these rows.
    fn key_field(&self, set: FormSet, rows: &[M]) -> FormSet {
        if self.hidden_key {
            with_key_of(set, rows)
        } else {
            set
        }
    }

    /// What a form shows of a row.
    fn initial_of(&self, row: &M) -> Vec<(Cow<'static, str>, Value)> {
        let fields = M::meta().fields.iter().enumerate();
        fields
            .filter(|(_, field)| self.set.has_field(field.name))
            .map(|(index, field)| (field.name.into(), key::from_sql(row.sql_value(index))))
            .collect()
    }
}

/// With a hidden field for the key of one of these rows.
fn with_key_of<M: Model>(set: FormSet, rows: &[M]) -> FormSet {
    let kind = ModelChoiceField::<M>::of_loaded(rows);
    let field = Field::new(kind).widget(HiddenInput).required(false);
    set.change_form(|form| form.field(M::meta().pk().name, field))
}

impl<M: Model> fmt::Debug for ModelFormSet<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ModelFormSet")
            .field("model", &format_args!("{}", M::meta()))
            .field("set", &self.set)
            .finish_non_exhaustive()
    }
}

/// [`FormSet::as_div`].
impl<M: Model> fmt::Display for ModelFormSet<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.set, f)
    }
}

/// In templates it is the formset.
impl<M: Model> ToValue for ModelFormSet<M> {
    fn to_value(&self) -> Shown<'_> {
        self.set.to_value()
    }
}
