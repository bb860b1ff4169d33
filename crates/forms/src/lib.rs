//! Fields, widgets, validation and Django's HTML for them.

mod choices;
mod data;
mod decimal;
mod errors;
pub mod fields;
mod form;
mod number;
mod temporal;
mod text;
mod typed;
mod upload;
pub mod validators;
mod value;
pub mod widgets;

pub use choices::{Choice, Choices};
pub use data::FormData;
pub use decimal::{Decimal, NotDecimal};
pub use errors::{ErrorDict, ErrorList, NON_FIELD_ERRORS, ValidationError};
pub use fields::{
    BooleanField, CharField, ChoiceField, DateField, DateTimeField, DecimalField, EmailField,
    Field, FileField, FloatField, IntegerField, MultipleChoiceField, NullBooleanField, RegexField,
    SlugField, TimeField, TypedChoiceField, TypedMultipleChoiceField, UrlField, UuidField,
};
pub use form::{BoundField, CleanedData, Cleaning, Form};
pub use nuages_macros::Form;
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
