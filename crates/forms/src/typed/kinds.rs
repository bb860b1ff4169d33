//! Which kind of field a Rust type gets, and which types a kind cleans to.

use jiff::Timestamp;
use jiff::civil::{Date, Time};

use crate::decimal::Decimal;
use crate::fields::{
    BooleanField, CharField, ChoiceField, DateField, DateTimeField, DecimalField, EmailField,
    FieldKind, FileField, FloatField, GenericIpAddressField, IntegerField, MultipleChoiceField,
    NullBooleanField, RegexField, SlugField, TimeField, TypedChoiceField, TypedMultipleChoiceField,
    UrlField, UuidField,
};
use crate::upload::UploadedFile;
use crate::value::FromValue;

/// A Rust type that has a kind of field of its own in `derive(Form)`.
///
/// | type | kind |
/// |---|---|
/// | `String` | [`CharField`] |
/// | whole numbers | [`IntegerField`] |
/// | `f64` | [`FloatField`] |
/// | [`Decimal`] | [`DecimalField`] |
/// | `bool` | [`BooleanField`]; `Option<bool>`: [`NullBooleanField`] |
/// | `jiff::civil::Date` | [`DateField`] |
/// | `jiff::civil::Time` | [`TimeField`] |
/// | `jiff::Timestamp` | [`DateTimeField`] |
/// | [`UploadedFile`] | [`FileField`] |
/// | `Vec<String>` | [`MultipleChoiceField`] |
#[diagnostic::on_unimplemented(
    message = "a form has no field for the type `{Self}`",
    label = "no kind of field",
    note = "name one with `#[field(kind = ...)]`, or implement `FormValue` for the type"
)]
pub trait FormValue: FromValue {
    /// Its kind.
    type Kind: FieldKind + Default;
    /// The kind of an `Option` of it.
    type OptionalKind: FieldKind + Default;
}

impl<T: FormValue> FormValue for Option<T> {
    type Kind = T::OptionalKind;
    type OptionalKind = T::OptionalKind;
}

/// A kind of field whose cleaned value becomes a `T`.
///
/// A kind of your own needs it to be used in `derive(Form)`: an empty `impl CleansTo<T> for MyField {}`.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` does not clean to `{T}`",
    label = "this kind of field",
    note = "change the type of the struct's field, or the kind of its form field"
)]
pub trait CleansTo<T>: FieldKind {}

impl<T, K: CleansTo<T>> CleansTo<Option<T>> for K {}

macro_rules! kinds {
    ($($type:ty: $kind:ty, $optional:ty; $($other:ty),*;)*) => {$(
        impl FormValue for $type {
            type Kind = $kind;
            type OptionalKind = $optional;
        }

        impl CleansTo<$type> for $kind {}
        $(impl CleansTo<$type> for $other {})*
    )*};
}

kinds! {
    String: CharField, CharField; EmailField, UrlField, SlugField, RegexField, UuidField, GenericIpAddressField, ChoiceField, TypedChoiceField;
    f64: FloatField, FloatField; TypedChoiceField;
    Decimal: DecimalField, DecimalField; TypedChoiceField;
    bool: BooleanField, NullBooleanField; NullBooleanField, TypedChoiceField;
    Date: DateField, DateField; TypedChoiceField;
    Time: TimeField, TimeField; TypedChoiceField;
    Timestamp: DateTimeField, DateTimeField; ;
    UploadedFile: FileField, FileField; ;
    Vec<String>: MultipleChoiceField, MultipleChoiceField; ;
    i8: IntegerField, IntegerField; TypedChoiceField;
    i16: IntegerField, IntegerField; TypedChoiceField;
    i32: IntegerField, IntegerField; TypedChoiceField;
    i64: IntegerField, IntegerField; TypedChoiceField;
    u8: IntegerField, IntegerField; TypedChoiceField;
    u16: IntegerField, IntegerField; TypedChoiceField;
    u32: IntegerField, IntegerField; TypedChoiceField;
    u64: IntegerField, IntegerField; TypedChoiceField;
}

impl<T: FromValue> CleansTo<Vec<T>> for TypedMultipleChoiceField {}
