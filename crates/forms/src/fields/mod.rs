//! Fields: what a value has to be, and how it is shown.

mod boolean;
mod char;
mod choice;
mod decimal;
mod email;
mod field;
mod file;
mod float;
mod integer;
mod ip;
mod regex;
mod slug;
mod temporal;
mod typed_choice;
mod url;
mod uuid;

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use crate::choices::Choices;
use crate::errors::{ErrorList, ValidationError};
use crate::models::{Asked, Asking};
use crate::validators::Validator;
use crate::value::Value;
use crate::widgets::{Attrs, HiddenInput, TextInput, Widget};

pub use boolean::{BooleanField, NullBooleanField};
pub use char::CharField;
pub use choice::{ChoiceField, MultipleChoiceField};
pub use decimal::DecimalField;
pub use email::EmailField;
pub use field::{Field, FieldContext};
pub use file::FileField;
pub use float::FloatField;
pub use integer::IntegerField;
pub use ip::{GenericIpAddressField, IpProtocol};
pub use regex::RegexField;
pub use slug::SlugField;
pub use temporal::{DateField, DateTimeField, TimeField};
pub use typed_choice::{TypedChoiceField, TypedMultipleChoiceField};
pub use url::UrlField;
pub use uuid::UuidField;

pub use crate::models::{ModelChoiceField, ModelMultipleChoiceField};

/// A kind of field: turns what was submitted into a value and says what is wrong with it.
///
/// ```
/// use nuages_forms::fields::{FieldContext, FieldKind};
/// use nuages_forms::{Field, ValidationError, Value};
///
/// #[derive(Debug)]
/// struct EvenField;
///
/// impl FieldKind for EvenField {
///     fn name(&self) -> &'static str {
///         "EvenField"
///     }
///     fn message(&self, code: &str) -> Option<&'static str> {
///         (code == "odd").then_some("%(value)s is odd.")
///     }
///     fn to_value(&self, cx: &FieldContext<'_>, value: Value) -> Result<Value, ValidationError> {
///         match value.to_string().parse::<i64>() {
///             Ok(number) if number % 2 == 0 => Ok(number.into()),
///             _ => Err(cx.error("odd").param("value", value)),
///         }
///     }
/// }
/// let field = Field::new(EvenField);
/// assert_eq!(field.clean("4").unwrap(), Value::from(4));
/// assert_eq!(field.clean("5").unwrap_err().as_text(), "* 5 is odd.");
/// ```
///
/// # Django
/// What a subclass of `django.forms.Field` overrides.
pub trait FieldKind: Any + Send + Sync + fmt::Debug {
    /// The name of the kind, as Django calls the class.
    fn name(&self) -> &'static str;

    /// Turns what was submitted into a value of the right type; empty values stay empty.
    ///
    /// # Errors
    /// It is not of this type.
    ///
    /// # Django
    /// `to_python`.
    fn to_value(&self, cx: &FieldContext<'_>, value: Value) -> Result<Value, ValidationError> {
        let _ = cx;
        Ok(value)
    }

    /// Checks the value as a whole; the default asks for one where it is required.
    ///
    /// # Errors
    /// Says what is wrong.
    fn validate(&self, cx: &FieldContext<'_>, value: &Value) -> Result<(), ValidationError> {
        cx.check_required(value)
    }

    /// All steps from what was submitted to a good value.
    ///
    /// # Errors
    /// All that is wrong with it.
    fn clean(&self, cx: &FieldContext<'_>, value: Value) -> Result<Value, ErrorList> {
        cx.clean_by_steps(value)
    }

    /// The words for an error of its own.
    fn message(&self, code: &str) -> Option<&'static str> {
        let _ = code;
        None
    }

    /// Validators that run before those added to the field.
    fn default_validators(&self) -> Vec<Arc<dyn Validator>> {
        Vec::new()
    }

    /// Validators that run after those added to the field: the limits set on the kind.
    fn limit_validators(&self) -> Vec<Arc<dyn Validator>> {
        Vec::new()
    }

    /// The widget, unless another one is set.
    fn widget(&self) -> Widget {
        TextInput.into()
    }

    /// The widget that hides the value.
    fn hidden_widget(&self) -> Widget {
        HiddenInput.into()
    }

    /// Attributes it sets on the widget.
    fn widget_attrs(&self, widget: &Widget) -> Attrs {
        let _ = widget;
        Attrs::new()
    }

    /// What may be chosen, for the kinds that offer something.
    fn choices(&self) -> Option<Choices> {
        None
    }

    /// Does it have rows to choose from, which [`FieldKind::ask`] asks for?
    fn offers_rows(&self) -> bool {
        false
    }

    /// Asks the database for rows, for the kinds that offer rows to choose from: gives the kind that knows them.
    fn ask<'a>(&'a self, asked: Asked, db: &'a nuages_db::Db) -> Option<Asking<'a>> {
        let _ = (asked, db);
        None
    }

    /// The value as the widget shows it.
    fn prepare_value(&self, cx: &FieldContext<'_>, value: Value) -> Value {
        let _ = cx;
        value
    }

    /// What a submitted form shows: what was submitted, or the initial value.
    fn bound_data(&self, data: Value, initial: &Value) -> Value {
        let _ = initial;
        data
    }

    /// Is what was submitted something else than the initial value?
    fn has_changed(&self, cx: &FieldContext<'_>, initial: &Value, data: Value) -> bool {
        match self.to_value(cx, data) {
            Ok(data) => field::differs(initial, &data),
            Err(_) => true,
        }
    }
}
