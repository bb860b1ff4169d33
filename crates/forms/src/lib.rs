//! Forms: what people type becomes values, or a page that says what is wrong, with Django's HTML and words.
//!
//! A struct with `derive(Form)` is a form that cleans to it:
//!
//! ```
//! use nuages_forms::{Form, FormData};
//!
//! #[derive(Debug, Form)]
//! struct Contact {
//!     #[field(max_length = 100, label = "Your name", help_text = "As on your card.")]
//!     name: String,
//!     #[field(email)]
//!     email: String,
//!     #[field(widget = Textarea)]
//!     message: String,
//!     #[field(required, label = "I agree")]
//!     agree: bool,
//!     age: Option<u8>,
//! }
//!
//! // What a view does with submitted data:
//! let data = FormData::from([
//!     ("name", " Ada "),
//!     ("email", "ada@example.com"),
//!     ("message", "Hello"),
//!     ("agree", "on"),
//! ]);
//! let contact = Contact::bound(&data).clean().expect("all of it is right");
//! assert_eq!(contact.name, "Ada");
//! assert_eq!(contact.age, None);
//!
//! // And when something is wrong, the form comes back to be shown again:
//! let data = FormData::from([("name", "<script>"), ("email", "nobody")]);
//! let form = Contact::bound(&data).clean().unwrap_err();
//! let page = form.to_string();
//! assert!(page.contains("<li>Enter a valid email address.</li>"));
//! assert!(page.contains("value=\"&lt;script&gt;\""));
//! ```
//!
//! # How it works
//! - A [`Form`](struct@Form) is a list of named [`Field`]s. [`Form::bind`] gives it data and cleans it at once;
//!   what comes out are values ([`Form::value`]) and errors ([`Form::errors`]).
//! - A [`Field`] is a kind ([`fields::FieldKind`]: text, number, choice …) with options that all kinds have.
//!   The kind turns text into a [`Value`]; [`validators`] look at it.
//! - A [`Widget`] is a kind ([`widgets::WidgetKind`]) with attributes. It draws the field.
//! - [`BoundField`] is a field in its form: label, help, errors and ids, as templates see it.
//! - [`BoundForm`] is a form that knows its struct. It goes into a template as it is: `context! { form }`.
//! - A [`FormSet`] is several forms of one kind in one page: `Contact::formset()`; [a guide](guides::several_forms).
//!
//! Forms never wait: what has to ask a database is asked by the view, between binding and showing,
//! and told to the form with [`Form::add_error`]. Fields that offer rows ([`ModelChoiceField`]) ask in
//! [`Form::load_choices`] and [`Form::bind_with`]; a [`ModelFormSet`] edits the rows of a queryset.
//!
//! # Security
//! - All text is escaped on its way into HTML: values, labels, choices, errors, names, attributes.
//!   What is not escaped are [`SafeString`]s, and help texts that are literals of the program ([`HelpText`]).
//! - Passwords are never sent back, submitted values of disabled fields are never looked at,
//!   and only declared fields reach the struct.
//! - A formset makes at most [`FormSet::absolute_max`] forms, whatever number a request says.
//! - Validators take linear time; there is no backtracking in regular expressions.
//! - A form does not protect against cross-site requests by itself: put `{% csrf_token %}` into its page.
//!
//! # Django
//! `django.forms`: same messages, codes, HTML and rules, in English.
//! Not here: model forms, media, form templates of one's own, localized input,
//! and the fields for JSON, durations, images, file paths and values in several parts.
//! Data is cleaned when it is bound, so fields cannot be changed after that.
//! Whole numbers have 64 bits. `FormData` has no names without values.

mod choices;
mod data;
mod decimal;
mod errors;
mod extract;
pub mod fields;
mod form;
mod formset;
pub mod guides;
mod models;
mod number;
pub mod temporal;
mod text;
mod typed;
mod upload;
pub mod validators;
mod value;
pub mod widgets;

pub use form::{BoundField, CleanedData, Cleaning, Form};
pub use formset::{AbsoluteMaxError, FormSet};
/// Turns a struct into a form that cleans to it.
///
/// It gives the struct `unbound()` and `bound(&FormData)`, both a [`BoundForm`], and `formset()`, a [`FormSet`],
/// and implements [`TypedForm`].
/// The type of each field decides its kind ([`FormValue`]); `Option` makes it optional,
/// and a `bool` is a box that need not be ticked.
///
/// # Options of a field: `#[field(...)]`
/// | option | meaning |
/// |---|---|
/// | `email`, `url`, `slug`, `uuid` | another kind of text |
/// | `choices = [("r", "Red")]` | one of these; several for a `Vec` |
/// | `kind = RegexField::new(..)` | any kind, see [`fields`] |
/// | `max_length = 9`, `min_value = 1`, … | the setters of the kind |
/// | `widget = Textarea` | another widget, see [`widgets`] |
/// | `label`, `label_suffix`, `help_text`, `initial`, `disabled`, `show_hidden_initial`, `validator` | as in [`Field`] |
/// | `required`, `required = false` | against the type's rule |
/// | `error_messages(required = "…")` | other words |
/// | `clean = function` | `fn(T) -> Result<T, ValidationError>`, run after the field's own checks |
///
/// # Options of the form: `#[form(...)]`
/// `prefix`, `auto_id`, `label_suffix`, `error_css_class`, `required_css_class`, `use_required_attribute`,
/// `empty_permitted`, and `clean = function` with `fn(&mut Cleaning<'_>) -> Result<(), ErrorList>`.
///
/// ```
/// use nuages_forms::{Cleaning, ErrorList, Form, FormData};
///
/// #[derive(Form)]
/// #[form(clean = Trip::check)]
/// struct Trip {
///     start: jiff::civil::Date,
///     end: jiff::civil::Date,
///     #[field(choices = [("t", "Train"), ("p", "Plane")], widget = RadioSelect, initial = "t")]
///     by: String,
/// }
///
/// impl Trip {
///     fn check(form: &mut Cleaning<'_>) -> Result<(), ErrorList> {
///         match (form.get("start"), form.get("end")) {
///             (Some(start), Some(end)) if end.order(start).is_some_and(|it| it.is_lt()) => {
///                 Err("You would be back before you left.".into())
///             }
///             _ => Ok(()),
///         }
///     }
/// }
///
/// let data = FormData::from([("start", "2026-05-02"), ("end", "2026-05-01"), ("by", "t")]);
/// let form = Trip::bound(&data);
/// assert_eq!(form.errors().as_text(), "* __all__\n  * You would be back before you left.");
/// ```
///
/// A kind that does not go with the type of the field is an error of the compiler:
///
/// ```compile_fail
/// # use nuages_forms::Form;
/// #[derive(Form)]
/// struct Wrong {
///     #[field(email)]
///     address: i64,
/// }
/// ```
pub use nuages_macros::Form;

pub use choices::{Choice, Choices};
pub use data::FormData;
pub use decimal::{Decimal, NotDecimal};
pub use errors::{ErrorDict, ErrorList, NON_FIELD_ERRORS, ValidationError};
pub use fields::{
    BooleanField, CharField, ChoiceField, DateField, DateTimeField, DecimalField, EmailField,
    Field, FileField, FloatField, GenericIpAddressField, IntegerField, IpProtocol,
    MultipleChoiceField, NullBooleanField, RegexField, SlugField, TimeField, TypedChoiceField,
    TypedMultipleChoiceField, UrlField, UuidField,
};
pub use models::{
    Asked, Asking, ModelChoiceField, ModelFormSet, ModelMultipleChoiceField, SavedRows,
};
pub use nuages_template::{SafeString, escape};
pub use text::{HelpText, Text};
pub use typed::{BoundForm, CleansTo, FormValue, TypedForm};
pub use upload::{Content, StoredFile, UploadedFile};
pub use value::{FromValue, Value};
pub use widgets::{AttrValue, Attrs, Widget};

#[doc(hidden)]
pub mod __private {
    pub use crate::typed::{clean_with, cleaning_to, finish};
}
