//! Widgets: how a field looks in HTML, and how its value is found in the submitted data.

mod attrs;
mod checkbox;
mod choice;
mod file;
mod input;
mod option;
mod select;
mod temporal;
mod textarea;

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::choices::Choices;
use crate::data::FormData;
use crate::value::Value;

pub use attrs::{AttrValue, Attrs};
pub use checkbox::CheckboxInput;
pub use choice::{CheckboxSelectMultiple, RadioSelect};
pub use file::{ClearableFileInput, FileInput};
pub use input::{
    ColorInput, EmailInput, HiddenInput, MultipleHiddenInput, NumberInput, PasswordInput,
    SearchInput, TelInput, TextInput, UrlInput,
};
pub use option::WidgetOption;
pub use select::{NullBooleanSelect, Select, SelectMultiple};
pub use temporal::{DateInput, DateTimeInput, TimeInput};
pub use textarea::Textarea;

/// What a widget is drawn from.
#[derive(Clone, Debug)]
pub struct Drawing<'a> {
    /// The name of the HTML element.
    pub name: &'a str,
    /// The value to show.
    pub value: &'a Value,
    /// All attributes: the widget's own and those the form adds.
    pub attrs: Attrs,
    /// The choices of the field.
    pub choices: &'a Choices,
    /// Must the field be filled in?
    pub required: bool,
    /// The widget's own input type, if `attrs` had one.
    pub input_type: Option<&'a str>,
}

/// A kind of widget. Write one to draw a field in your own way.
///
/// ```
/// use nuages_forms::widgets::{Drawing, WidgetKind};
/// use nuages_forms::{Widget, Value, escape};
///
/// #[derive(Clone, Debug)]
/// struct Meter;
///
/// impl WidgetKind for Meter {
///     fn name(&self) -> &'static str {
///         "Meter"
///     }
///     fn draw(&self, drawing: &Drawing<'_>, out: &mut String) {
///         out.push_str(&format!("<meter value=\"{}\">", &*escape(&drawing.value.to_string())));
///     }
/// }
/// let html = Widget::new(Meter).render("m", &Value::from("<1>"));
/// assert_eq!(html, r#"<meter value="&lt;1&gt;">"#);
/// ```
///
/// # Security
/// `draw` writes HTML: escape every value with [`escape`](crate::escape) or [`Attrs::to_html`].
pub trait WidgetKind: Any + Send + Sync + fmt::Debug {
    /// The name of the kind, as Django calls the class.
    fn name(&self) -> &'static str;

    /// Appends the HTML.
    fn draw(&self, drawing: &Drawing<'_>, out: &mut String);

    /// The `type` of the `<input>`, for the kinds that are one.
    fn input_type(&self) -> Option<&'static str> {
        None
    }

    /// Does the form have to be sent as `multipart/form-data`?
    fn needs_multipart_form(&self) -> bool {
        false
    }

    /// Is it a group of elements, which a `<fieldset>` holds together?
    fn use_fieldset(&self) -> bool {
        false
    }

    /// Can it show fractions of a second?
    fn supports_microseconds(&self) -> bool {
        true
    }

    /// Attributes it has from the start.
    fn default_attrs(&self) -> Attrs {
        Attrs::new()
    }

    /// Choices it has by itself.
    fn own_choices(&self) -> Option<Choices> {
        None
    }

    /// Finds the value in the submitted data.
    fn value_from_data(&self, data: &FormData, name: &str, required: bool) -> Value {
        let _ = required;
        data.get(name).into()
    }

    /// Was the value left out of the submitted data, so that a default may be used?
    fn value_omitted_from_data(&self, data: &FormData, name: &str) -> bool {
        !data.contains(name)
    }

    /// The id a `<label>` points to, given the id of the widget; empty if there is none.
    fn id_for_label(&self, id: &str) -> String {
        id.to_owned()
    }

    /// May the `required` attribute be set?
    fn use_required_attribute(&self, initial: &Value, choices: &Choices) -> bool {
        let _ = (initial, choices);
        self.input_type() != Some("hidden")
    }

    /// The single options of a group; nothing if it is one element.
    fn options(&self, drawing: &Drawing<'_>) -> Option<Vec<WidgetOption>> {
        let _ = drawing;
        None
    }
}

/// A widget: a kind, its attributes and its choices.
///
/// ```
/// use nuages_forms::widgets::{TextInput, Widget};
/// let widget = Widget::new(TextInput).attr("class", "wide");
/// assert_eq!(
///     widget.render("city", &"<Paris>".into()),
///     r#"<input type="text" name="city" value="&lt;Paris&gt;" class="wide">"#,
/// );
/// ```
///
/// # Django
/// `django.forms.Widget`.
#[derive(Clone, Debug)]
pub struct Widget {
    kind: Arc<dyn WidgetKind>,
    attrs: Attrs,
    input_type: Option<Cow<'static, str>>,
    pub(crate) choices: Arc<Choices>,
    pub(crate) required: bool,
}

impl Widget {
    /// A widget of this kind.
    pub fn new(kind: impl WidgetKind) -> Self {
        Self {
            attrs: kind.default_attrs(),
            choices: Arc::new(kind.own_choices().unwrap_or_default()),
            input_type: None,
            required: false,
            kind: Arc::new(kind),
        }
    }

    /// With an attribute. `type` replaces the type of an `<input>`.
    pub fn attr(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<AttrValue>) -> Self {
        let (name, value) = (name.into(), value.into());
        match value {
            AttrValue::Text(text) if name == "type" && self.kind.input_type().is_some() => {
                self.input_type = Some(text);
            }
            value => self.attrs.set(name, value),
        }
        self
    }

    /// With these choices; fields with choices set them by themselves.
    pub fn choices(mut self, choices: impl Into<Choices>) -> Self {
        self.choices = Arc::new(choices.into());
        self
    }

    /// Of a field that must be filled in; a field sets it by itself.
    pub fn required(mut self, required: bool) -> Self {
        self.required = required;
        self
    }

    /// The kind.
    pub fn kind(&self) -> &dyn WidgetKind {
        &*self.kind
    }

    /// Is it of this kind?
    pub fn is<K: WidgetKind>(&self) -> bool {
        let kind: &dyn Any = &*self.kind;
        kind.is::<K>()
    }

    /// The attributes.
    pub fn attrs(&self) -> &Attrs {
        &self.attrs
    }

    pub(crate) fn attrs_mut(&mut self) -> &mut Attrs {
        &mut self.attrs
    }

    /// The `type` of its `<input>`, if it is one.
    pub fn input_type(&self) -> Option<&str> {
        self.input_type.as_deref().or(self.kind.input_type())
    }

    /// Is it never seen?
    pub fn is_hidden(&self) -> bool {
        self.input_type() == Some("hidden")
    }

    /// May the `required` attribute be set?
    pub fn use_required_attribute(&self, initial: &Value) -> bool {
        !self.is_hidden() && self.kind.use_required_attribute(initial, &self.choices)
    }

    /// The HTML.
    pub fn render(&self, name: &str, value: &Value) -> String {
        self.render_with(name, value, &Attrs::new())
    }

    /// The HTML, with more attributes.
    pub fn render_with(&self, name: &str, value: &Value, attrs: &Attrs) -> String {
        let mut out = String::new();
        self.kind.draw(&self.drawing(name, value, attrs), &mut out);
        out
    }

    /// The single options of a group; nothing if it is one element.
    pub fn options(&self, name: &str, value: &Value, attrs: &Attrs) -> Option<Vec<WidgetOption>> {
        self.kind.options(&self.drawing(name, value, attrs))
    }

    fn drawing<'a>(&'a self, name: &'a str, value: &'a Value, attrs: &'a Attrs) -> Drawing<'a> {
        let mut all = self.attrs.clone();
        all.extend(attrs);
        Drawing {
            name,
            value,
            attrs: all,
            choices: &self.choices,
            required: self.required,
            input_type: self.input_type(),
        }
    }
}

impl<K: WidgetKind> From<K> for Widget {
    fn from(kind: K) -> Self {
        Self::new(kind)
    }
}
