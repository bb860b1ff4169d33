//! `Form`: fields with data, errors and HTML.

mod bound_field;
mod cleaning;
mod label;
mod object;
mod options;
mod render;
mod view;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::data::FormData;
use crate::errors::{ErrorDict, ErrorList, NON_FIELD_ERRORS};
use crate::fields::Field;
use crate::text::Text;
use crate::value::{FromValue, Value};

pub use bound_field::BoundField;
pub use cleaning::{CleanedData, Cleaning};
use cleaning::{FieldHook, FormHook};

/// A form: fields in order, and after [`Form::bind`] the data and what is wrong with it.
///
/// A clone shares everything until one of the two is changed.
///
/// ```
/// use nuages_forms::{CharField, EmailField, Field, Form, FormData};
/// let form = Form::new()
///     .field("name", CharField::new().max_length(20))
///     .field("email", Field::new(EmailField::new()).required(false));
///
/// let good = form.clone().bind(&FormData::from([("name", " Ada ")]));
/// assert!(good.is_valid());
/// assert_eq!(good.value::<String>("name").as_deref(), Some("Ada"));
///
/// let bad = form.bind(&FormData::from([("email", "<script>")]));
/// assert_eq!(bad.errors().as_text(), "\
/// * name
///   * This field is required.
/// * email
///   * Enter a valid email address.");
/// assert!(bad.as_p().contains("value=\"&lt;script&gt;\""));
/// ```
///
/// # Django
/// `django.forms.Form`. Data is cleaned when it is bound, not at the first look at the errors.
#[derive(Clone)]
pub struct Form(Arc<State>);

#[derive(Clone)]
struct State {
    fields: Arc<IndexMap<Cow<'static, str>, Field>>,
    initial: IndexMap<String, Value>,
    auto_id: Cow<'static, str>,
    prefix: Cow<'static, str>,
    label_suffix: Text,
    error_css_class: Cow<'static, str>,
    required_css_class: Cow<'static, str>,
    use_required_attribute: bool,
    empty_permitted: bool,
    zone: TimeZone,
    field_hooks: Vec<(Cow<'static, str>, Arc<FieldHook>)>,
    form_hooks: Vec<Arc<FormHook>>,
    /// What was submitted, by field; nothing while the form is not bound.
    submitted: Option<IndexMap<Cow<'static, str>, Submitted>>,
    cleaned: CleanedData,
    errors: ErrorDict,
}

/// What was submitted for one field.
#[derive(Clone, Debug, Default)]
struct Submitted {
    value: Value,
    /// The initial value as it stood in the page, for fields that show it.
    initial: Option<Value>,
}

impl Form {
    /// A form without fields.
    pub fn new() -> Self {
        Self(Arc::new(State {
            fields: Arc::default(),
            initial: IndexMap::new(),
            auto_id: Cow::Borrowed("id_%s"),
            prefix: Cow::Borrowed(""),
            label_suffix: Text::from_static(":"),
            error_css_class: Cow::Borrowed(""),
            required_css_class: Cow::Borrowed(""),
            use_required_attribute: true,
            empty_permitted: false,
            zone: TimeZone::UTC,
            field_hooks: Vec::new(),
            form_hooks: Vec::new(),
            submitted: None,
            cleaned: CleanedData::default(),
            errors: ErrorDict::default(),
        }))
    }

    /// The same form, filled with what was submitted, and cleaned.
    pub fn bind(mut self, data: &FormData) -> Self {
        let state = self.state_mut();
        let fields = Arc::clone(&state.fields);
        let mut submitted = IndexMap::with_capacity(fields.len());
        for (name, field) in fields.iter() {
            let widget = field.get_widget();
            let html_name = state.add_prefix(name);
            let hidden = field.kind().hidden_widget();
            let hidden_name = format!("initial-{html_name}");
            let found = Submitted {
                value: widget
                    .kind()
                    .value_from_data(data, &html_name, field.required),
                initial: (field.show_hidden_initial && data.contains(&hidden_name))
                    .then(|| hidden.kind().value_from_data(data, &hidden_name, false)),
            };
            submitted.insert(name.clone(), found);
        }
        state.submitted = Some(submitted);
        self.full_clean();
        self
    }

    /// Was it filled with data?
    pub fn is_bound(&self) -> bool {
        self.0.submitted.is_some()
    }

    /// Was it filled with data, and is all of it right?
    pub fn is_valid(&self) -> bool {
        self.is_bound() && self.0.errors.is_empty()
    }

    /// What is wrong, by field.
    pub fn errors(&self) -> &ErrorDict {
        &self.0.errors
    }

    /// What is wrong with the form as a whole.
    pub fn non_field_errors(&self) -> ErrorList {
        match self.0.errors.get(NON_FIELD_ERRORS) {
            Some(errors) => errors.clone(),
            None => ErrorList::nonfield(),
        }
    }

    /// Has this field an error with this code?
    pub fn has_error(&self, field: &str, code: &str) -> bool {
        let errors = self.0.errors.get(field);
        errors.is_some_and(|errors| errors.has_code(code))
    }

    /// Adds errors found outside of the form, as by asking the database.
    ///
    /// `None` is the form as a whole, and so is a name that no field has: an error is never lost.
    /// The field's value is taken out of the cleaned data.
    ///
    /// ```
    /// use nuages_forms::{CharField, Form, FormData, ValidationError};
    /// let form = Form::new().field("username", CharField::new());
    /// let mut form = form.bind(&FormData::from([("username", "ada")]));
    /// assert!(form.is_valid());
    /// form.add_error("username", ValidationError::new("It is taken.").code("unique"));
    /// form.add_error(None, "Try again.");
    /// assert!(!form.is_valid());
    /// assert!(form.has_error("username", "unique"));
    /// assert!(form.value::<String>("username").is_none());
    /// ```
    pub fn add_error<'a>(
        &mut self,
        field: impl Into<Option<&'a str>>,
        error: impl Into<ErrorList>,
    ) {
        self.state_mut().add_error(field.into(), error.into());
    }

    /// The cleaned values: those of all fields without errors.
    pub fn cleaned_data(&self) -> &CleanedData {
        &self.0.cleaned
    }

    /// The cleaned value of a field, as this type; nothing if it has errors or is of another type.
    pub fn value<T: FromValue>(&self, field: &str) -> Option<T> {
        self.0.cleaned.value(field)
    }

    /// The names of the fields whose data is not the initial value.
    pub fn changed_data(&self) -> Vec<String> {
        self.iter()
            .filter(BoundField::has_changed)
            .map(|field| field.name().to_owned())
            .collect()
    }

    /// Is any data not the initial value?
    pub fn has_changed(&self) -> bool {
        self.iter().any(|field| field.has_changed())
    }

    /// The field of this name.
    pub fn get(&self, name: &str) -> Option<BoundField> {
        let index = self.0.fields.get_index_of(name)?;
        Some(BoundField::new(self.clone(), index))
    }

    /// The fields in order.
    pub fn iter(&self) -> impl Iterator<Item = BoundField> {
        (0..self.0.fields.len()).map(|index| BoundField::new(self.clone(), index))
    }

    /// The fields nobody sees.
    pub fn hidden_fields(&self) -> Vec<BoundField> {
        self.iter().filter(BoundField::is_hidden).collect()
    }

    /// The fields everybody sees.
    pub fn visible_fields(&self) -> Vec<BoundField> {
        self.iter().filter(|field| !field.is_hidden()).collect()
    }

    /// Does it have to be sent as `multipart/form-data`, because it has files?
    pub fn is_multipart(&self) -> bool {
        let mut fields = self.0.fields.values();
        fields.any(|field| field.get_widget().kind().needs_multipart_form())
    }

    /// The fields themselves.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&Cow<'static, str>, &Field)> {
        self.0.fields.iter()
    }

    pub(crate) fn html_name_of(&self, field: &str) -> String {
        self.0.add_prefix(field)
    }

    pub(crate) fn initial_of(&self, name: &str, field: &Field) -> Value {
        self.0.initial(name, field)
    }

    fn state_mut(&mut self) -> &mut State {
        Arc::make_mut(&mut self.0)
    }
}

impl State {
    fn add_prefix(&self, name: &str) -> String {
        if self.prefix.is_empty() {
            name.to_owned()
        } else {
            format!("{}-{name}", self.prefix)
        }
    }

    fn auto_id(&self, html_name: &str) -> String {
        if self.auto_id.contains("%s") {
            self.auto_id.replace("%s", html_name)
        } else if self.auto_id.is_empty() {
            String::new()
        } else {
            html_name.to_owned()
        }
    }

    /// The initial value of a field: the form's, or the field's own.
    fn initial(&self, name: &str, field: &Field) -> Value {
        let value = self.initial.get(name).unwrap_or(&field.initial).clone();
        if field.get_widget().kind().supports_microseconds() {
            return value;
        }
        // The widget shows whole seconds, so a fraction would count as a change.
        match value {
            Value::Timestamp(at) => Value::Timestamp(
                Timestamp::from_second(at.as_second() - i64::from(at.subsec_nanosecond() < 0))
                    .unwrap_or(at),
            ),
            Value::DateTime(at) => {
                Value::DateTime(at.with().subsec_nanosecond(0).build().unwrap_or(at))
            }
            Value::Time(at) => Value::Time(at.with().subsec_nanosecond(0).build().unwrap_or(at)),
            other => other,
        }
    }

    fn add_error(&mut self, field: Option<&str>, error: ErrorList) {
        if error.is_empty() {
            return;
        }
        match field.filter(|name| self.fields.contains_key(*name)) {
            Some(name) => {
                let id = self.auto_id(&self.add_prefix(name));
                let errors = self.errors.entry(name, || ErrorList::of_field(id));
                errors.extend(error);
                self.cleaned.remove(name);
            }
            None => self
                .errors
                .entry(NON_FIELD_ERRORS, ErrorList::nonfield)
                .extend(error),
        }
    }
}

impl Default for Form {
    fn default() -> Self {
        Self::new()
    }
}

/// Values are left out: a form may hold a password.
impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Form")
            .field("bound", &self.is_bound())
            .field("valid", &self.is_valid())
            .field("fields", &self.0.fields.keys().collect::<Vec<_>>())
            .finish()
    }
}
