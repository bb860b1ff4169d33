//! `Field`: a kind of field and what all kinds have in common.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::FieldKind;
use crate::errors::{ErrorList, ValidationError};
use crate::text::{HelpText, Text};
use crate::validators::Validator;
use crate::value::Value;
use crate::widgets::Widget;

/// A field of a form.
///
/// ```
/// use nuages_forms::widgets::Textarea;
/// use nuages_forms::{CharField, Field};
/// let field = Field::new(CharField::new().max_length(5)).widget(Textarea).required(false);
/// assert_eq!(field.clean("  abc ").unwrap(), "abc".into());
/// assert_eq!(
///     field.clean("abcdef").unwrap_err().as_text(),
///     "* Ensure this value has at most 5 characters (it has 6).",
/// );
/// ```
///
/// # Django
/// `django.forms.Field`.
#[derive(Clone, Debug)]
pub struct Field {
    kind: Arc<dyn FieldKind>,
    widget: Widget,
    default_validators: Vec<Arc<dyn Validator>>,
    validators: Vec<Arc<dyn Validator>>,
    limit_validators: Vec<Arc<dyn Validator>>,
    error_messages: Vec<(Cow<'static, str>, Text)>,
    pub(crate) required: bool,
    pub(crate) disabled: bool,
    pub(crate) show_hidden_initial: bool,
    pub(crate) label: Option<Text>,
    pub(crate) label_suffix: Option<Text>,
    pub(crate) help_text: HelpText,
    pub(crate) initial: Value,
}

impl Field {
    /// A required field of this kind.
    pub fn new(kind: impl FieldKind) -> Self {
        let field = Self {
            widget: kind.widget(),
            default_validators: kind.default_validators(),
            limit_validators: kind.limit_validators(),
            validators: Vec::new(),
            error_messages: Vec::new(),
            required: true,
            disabled: false,
            show_hidden_initial: false,
            label: None,
            label_suffix: None,
            help_text: HelpText::default(),
            initial: Value::None,
            kind: Arc::new(kind),
        };
        let widget = field.widget.clone();
        field.widget(widget)
    }

    /// Must it be filled in?
    pub fn required(mut self, required: bool) -> Self {
        self.required = required;
        self.widget.required = required;
        self
    }

    /// Drawn by this widget.
    pub fn widget(mut self, widget: impl Into<Widget>) -> Self {
        let mut widget = widget.into();
        let attrs = self.kind.widget_attrs(&widget);
        widget.attrs_mut().extend(&attrs);
        widget.required = self.required;
        if let Some(choices) = self.kind.choices() {
            widget.choices = Arc::new(choices);
        }
        self.widget = widget;
        self
    }

    /// With one more attribute on its widget.
    pub fn widget_attr(
        mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<crate::widgets::AttrValue>,
    ) -> Self {
        self.widget = self.widget.attr(name, value);
        self
    }

    /// Called this, instead of a name made of the field's.
    pub fn label(mut self, label: impl Into<Text>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// With this after the label, instead of the form's suffix.
    pub fn label_suffix(mut self, suffix: impl Into<Text>) -> Self {
        self.label_suffix = Some(suffix.into());
        self
    }

    /// With words that help to fill it in.
    pub fn help_text(mut self, help: impl Into<HelpText>) -> Self {
        self.help_text = help.into();
        self
    }

    /// Shows this before it is filled in.
    pub fn initial(mut self, initial: impl Into<Value>) -> Self {
        self.initial = initial.into();
        self
    }

    /// Shown, but not to be changed: whatever is submitted, the initial value counts.
    ///
    /// # Security
    /// The attribute in the page binds nobody; that submitted data is not looked at does.
    pub fn disabled(mut self, disabled: bool) -> Self {
        self.disabled = disabled;
        self
    }

    /// Keeps the initial value in a hidden input, to tell later whether it was changed.
    pub fn show_hidden_initial(mut self, show: bool) -> Self {
        self.show_hidden_initial = show;
        self
    }

    /// With one more check.
    pub fn validator(mut self, validator: impl Validator + 'static) -> Self {
        self.validators.push(Arc::new(validator));
        self
    }

    /// With other words for errors of this code.
    pub fn error_message(
        mut self,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<Text>,
    ) -> Self {
        self.error_messages.push((code.into(), message.into()));
        self
    }

    /// The kind.
    pub fn kind(&self) -> &dyn FieldKind {
        &*self.kind
    }

    /// With another kind in place of its own, which has other choices.
    pub(crate) fn with_kind(mut self, kind: Arc<dyn FieldKind>) -> Self {
        if let Some(choices) = kind.choices() {
            self.widget.choices = Arc::new(choices);
        }
        self.kind = kind;
        self
    }

    /// Must it be filled in?
    pub fn is_required(&self) -> bool {
        self.required
    }

    /// The widget.
    pub fn get_widget(&self) -> &Widget {
        &self.widget
    }

    /// The value of what was submitted.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn clean(&self, value: impl Into<Value>) -> Result<Value, ErrorList> {
        self.clean_in(value.into(), &Value::None, &TimeZone::UTC)
    }

    /// The value of what was submitted, beside this initial value and in this time zone.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn clean_in(
        &self,
        value: Value,
        initial: &Value,
        zone: &TimeZone,
    ) -> Result<Value, ErrorList> {
        self.kind.clean(&self.context(initial, zone), value)
    }

    /// Is what was submitted something else than the initial value?
    pub fn has_changed(&self, initial: &Value, data: impl Into<Value>) -> bool {
        self.has_changed_in(initial, data.into(), &TimeZone::UTC)
    }

    pub(crate) fn has_changed_in(&self, initial: &Value, data: Value, zone: &TimeZone) -> bool {
        !self.disabled
            && self
                .kind
                .has_changed(&self.context(initial, zone), initial, data)
    }

    pub(crate) fn context<'a>(
        &'a self,
        initial: &'a Value,
        zone: &'a TimeZone,
    ) -> FieldContext<'a> {
        FieldContext {
            field: self,
            initial,
            zone,
        }
    }

    fn own_message(&self, code: &str) -> Option<&Text> {
        let mut messages = self.error_messages.iter().rev();
        messages.find(|(key, _)| key == code).map(|(_, text)| text)
    }
}

impl<K: FieldKind> From<K> for Field {
    fn from(kind: K) -> Self {
        Self::new(kind)
    }
}

/// Is the value something else than the initial one? Nothing and an empty text are the same.
pub(super) fn differs(initial: &Value, data: &Value) -> bool {
    let nothing = |value: &Value| match value {
        Value::None => true,
        Value::Str(text) => text.is_empty(),
        _ => false,
    };
    !(nothing(initial) && nothing(data) || initial.same(data))
}

/// What a kind of field may ask while it cleans a value.
#[derive(Clone, Copy, Debug)]
pub struct FieldContext<'a> {
    field: &'a Field,
    initial: &'a Value,
    zone: &'a TimeZone,
}

impl FieldContext<'_> {
    /// The field.
    pub fn field(&self) -> &Field {
        self.field
    }

    /// The initial value.
    pub fn initial(&self) -> &Value {
        self.initial
    }

    /// The time zone people fill the form in.
    pub fn time_zone(&self) -> &TimeZone {
        self.zone
    }

    /// The error of this code, in the field's words.
    pub fn error(&self, code: &'static str) -> ValidationError {
        let message = match self.field.own_message(code) {
            Some(own) => own.clone(),
            None => Text::from_static(match self.field.kind.message(code) {
                Some(message) => message,
                None if code == "required" => "This field is required.",
                None => "Enter a valid value.",
            }),
        };
        ValidationError::new(message).code(code)
    }

    /// Refuses an empty value of a required field.
    ///
    /// # Errors
    /// The value is empty and must not be.
    pub fn check_required(&self, value: &Value) -> Result<(), ValidationError> {
        if self.field.required && value.is_empty() {
            return Err(self.error("required"));
        }
        Ok(())
    }

    /// The usual steps: the right type, the kind's checks, the validators.
    ///
    /// # Errors
    /// All that is wrong with the value.
    pub fn clean_by_steps(&self, value: Value) -> Result<Value, ErrorList> {
        let value = self.field.kind.to_value(self, value)?;
        self.field.kind.validate(self, &value)?;
        self.run_validators(&value)?;
        Ok(value)
    }

    fn run_validators(&self, value: &Value) -> Result<(), ErrorList> {
        if value.is_empty() {
            return Ok(());
        }
        let field = self.field;
        let all = field
            .default_validators
            .iter()
            .chain(&field.validators)
            .chain(&field.limit_validators);
        let mut errors = ErrorList::new();
        for validator in all {
            if let Err(error) = validator.validate(value) {
                errors.push(match field.own_message(error.get_code()) {
                    Some(own) => error.with_message(own.clone()),
                    None => match field.kind.message(error.get_code()) {
                        Some(message) => error.with_message(Text::from_static(message)),
                        None => error,
                    },
                });
            }
        }
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors)
        }
    }
}
