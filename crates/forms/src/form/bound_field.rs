//! `BoundField`: a field in its form, as a template sees it.

use super::{Form, State, Submitted};
use crate::data::FormData;
use crate::errors::ErrorList;
use crate::fields::Field;
use crate::value::Value;
use crate::widgets::{Attrs, TextInput, Textarea, Widget, WidgetOption};

/// A field with its form's data, errors and ids; prints itself as its widget's HTML.
///
/// ```
/// use nuages_forms::{CharField, Form};
/// let form = Form::new().field("name", CharField::new());
/// let name = form.get("name").unwrap();
/// assert_eq!(name.label_tag(), r#"<label for="id_name">Name:</label>"#);
/// assert_eq!(name.to_string(), r#"<input type="text" name="name" required id="id_name">"#);
/// ```
///
/// # Django
/// `django.forms.BoundField`.
#[derive(Clone, Debug)]
pub struct BoundField {
    form: Form,
    index: usize,
}

impl BoundField {
    pub(super) fn new(form: Form, index: usize) -> Self {
        Self { form, index }
    }

    pub(super) fn form(&self) -> &State {
        &self.form.0
    }

    pub(super) fn form_handle(&self) -> Form {
        self.form.clone()
    }

    /// The name of the field in the form.
    pub fn name(&self) -> &str {
        let entry = self.form().fields.get_index(self.index);
        entry.map_or("", |(name, _)| name)
    }

    /// The field.
    pub fn field(&self) -> &Field {
        // The index was taken from these very fields, and a form that changes gets fields of its own.
        &self.form().fields[self.index]
    }

    /// The name of the HTML element: with the form's prefix.
    pub fn html_name(&self) -> String {
        self.form().add_prefix(self.name())
    }

    /// The name of the hidden element that keeps the initial value.
    pub fn html_initial_name(&self) -> String {
        format!("initial-{}", self.html_name())
    }

    /// The id of the HTML element; empty if the form makes no ids.
    pub fn auto_id(&self) -> String {
        self.form().auto_id(&self.html_name())
    }

    /// The widget's own id, or else the one the form makes.
    pub(super) fn id(&self) -> String {
        match self.field().get_widget().attrs().text("id") {
            Some(own) => own.to_owned(),
            None => self.auto_id(),
        }
    }

    /// The id a label points to; empty if there is none.
    pub fn id_for_label(&self) -> String {
        let id = self.id();
        if id.is_empty() {
            return id;
        }
        self.field().get_widget().kind().id_for_label(&id)
    }

    /// What is wrong with it.
    pub fn errors(&self) -> ErrorList {
        self.errors_ref().cloned().unwrap_or_default()
    }

    pub(super) fn errors_ref(&self) -> Option<&ErrorList> {
        self.form().errors.get(self.name())
    }

    /// Is it never seen?
    pub fn is_hidden(&self) -> bool {
        self.field().get_widget().is_hidden()
    }

    /// Is it a group of elements in a `<fieldset>`?
    pub fn use_fieldset(&self) -> bool {
        self.field().get_widget().kind().use_fieldset()
    }

    /// The kind of widget in lower case: `text`, `checkbox`, `radioselect`.
    pub fn widget_type(&self) -> String {
        let name = self.field().get_widget().kind().name().to_lowercase();
        let short = name.strip_suffix("widget").or(name.strip_suffix("input"));
        short.unwrap_or(&name).to_owned()
    }

    /// The initial value.
    pub fn initial(&self) -> Value {
        self.form().initial(self.name(), self.field())
    }

    fn submitted(&self) -> Option<&Submitted> {
        self.form().submitted.as_ref()?.get(self.name())
    }

    /// What was submitted.
    pub fn data(&self) -> Value {
        match self.submitted() {
            Some(submitted) => submitted.value.clone(),
            None => self.field().get_widget().kind().value_from_data(
                &FormData::new(),
                &self.html_name(),
                self.field().required,
            ),
        }
    }

    /// What is shown: what was submitted, or the initial value.
    pub fn value(&self) -> Value {
        let field = self.field();
        let initial = self.initial();
        let shown = match self.submitted() {
            Some(submitted) if !field.disabled => {
                field.kind().bound_data(submitted.value.clone(), &initial)
            }
            _ => initial.clone(),
        };
        let cx = field.context(&initial, &self.form().zone);
        field.kind().prepare_value(&cx, shown)
    }

    /// Is what was submitted something else than the initial value?
    pub fn has_changed(&self) -> bool {
        let field = self.field();
        let zone = &self.form().zone;
        let initial = if field.show_hidden_initial {
            let shown = self.submitted().and_then(|found| found.initial.clone());
            let shown = shown.unwrap_or_default();
            let cx = field.context(&Value::None, zone);
            match field.kind().to_value(&cx, shown) {
                Ok(initial) => initial,
                Err(_) => return true,
            }
        } else {
            self.initial()
        };
        field.has_changed_in(&initial, self.data(), zone)
    }

    /// The ids of the help and the errors, for screen readers.
    pub fn aria_describedby(&self) -> String {
        let id = self.auto_id();
        let own = self.field().get_widget().attrs().text("aria-describedby");
        if own.is_some() || id.is_empty() || self.is_hidden() {
            return String::new();
        }
        match (
            self.field().help_text.is_empty(),
            self.errors_ref().is_some(),
        ) {
            (false, true) => format!("{id}_helptext {id}_error"),
            (false, false) => format!("{id}_helptext"),
            (true, true) => format!("{id}_error"),
            (true, false) => String::new(),
        }
    }

    /// The attributes the form adds to the widget.
    fn widget_attrs(&self, mut attrs: Attrs, widget: &Widget) -> Attrs {
        let field = self.field();
        if field.required
            && self.form().use_required_attribute
            && widget.use_required_attribute(&self.initial())
        {
            attrs.set("required", true);
        }
        if field.disabled {
            attrs.set("disabled", true);
        }
        if !widget.is_hidden() && self.errors_ref().is_some() {
            attrs.set("aria-invalid", "true");
        }
        if attrs.text("aria-describedby").is_none() && !self.use_fieldset() {
            let ids = self.aria_describedby();
            if !ids.is_empty() {
                attrs.set("aria-describedby", ids);
            }
        }
        attrs
    }

    /// The HTML of this widget, with these attributes, for this field.
    pub fn as_widget(&self, widget: &Widget, attrs: Attrs) -> String {
        let mut attrs = self.widget_attrs(attrs, widget);
        let id = self.auto_id();
        if !id.is_empty() && widget.attrs().get("id").is_none() {
            attrs.set_default("id", id);
        }
        widget.render_with(&self.html_name(), &self.value(), &attrs)
    }

    /// As `<input type="text">`, whatever its own widget is.
    pub fn as_text(&self) -> String {
        self.as_widget(&TextInput.into(), Attrs::new())
    }

    /// As `<textarea>`, whatever its own widget is.
    pub fn as_textarea(&self) -> String {
        self.as_widget(&Textarea.into(), Attrs::new())
    }

    /// As `<input type="hidden">`, whatever its own widget is.
    pub fn as_hidden(&self) -> String {
        self.as_widget(&self.field().kind().hidden_widget(), Attrs::new())
    }

    /// The hidden element that keeps the initial value.
    fn as_hidden_initial(&self) -> String {
        let widget = self.field().kind().hidden_widget();
        let mut attrs = self.widget_attrs(Attrs::new(), &widget);
        let id = self.auto_id();
        if !id.is_empty() {
            let id = format!("initial-{}", self.form().add_prefix(&id));
            attrs.set_default("id", id);
        }
        let sent = self.submitted().and_then(|found| found.initial.clone());
        let value = sent.unwrap_or_else(|| self.value());
        widget.render_with(&self.html_initial_name(), &value, &attrs)
    }

    /// The options of a group, or nothing if it is a single element.
    pub fn options(&self) -> Option<Vec<WidgetOption>> {
        let widget = self.field().get_widget();
        let mut attrs = Attrs::new();
        let id = self.id();
        if !id.is_empty() {
            attrs.set("id", id);
        }
        let attrs = self.widget_attrs(attrs, widget);
        widget.options(&self.html_name(), &self.value(), &attrs)
    }
}

/// The HTML of its widget.
impl std::fmt::Display for BoundField {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.as_widget(self.field().get_widget(), Attrs::new()))?;
        if self.field().show_hidden_initial {
            f.write_str(&self.as_hidden_initial())?;
        }
        Ok(())
    }
}
