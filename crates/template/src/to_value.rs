//! `ToValue`: Rust data as template values, borrowed; and `Into<Value>` for what is handed over.

use std::borrow::{Borrow, Cow};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Timestamp, ZonedDateTime};

use crate::list::List;
use crate::object::{Entries, Items, Kind, Object};
use crate::safe::SafeString;
use crate::value::Value;

/// Data that a template can show without a copy.
///
/// A struct derives it (feature `derive`, which the facade has on): the template then asks the struct itself for its fields.
/// Where the derive does not fit, implement [`Object`] and let `to_value` be `Value::Object(self)`.
///
/// ```
/// use nuages_template::{ToValue, Value};
/// let ages = vec![41, 42];
/// assert_eq!(ages.to_value().index(1).unwrap().to_text(), "42");
/// ```
///
/// # The derive
/// ```
/// # #[cfg(feature = "derive")] {
/// use nuages_template::{context, Engine, NoServices, ToValue};
/// #[derive(ToValue)]
/// #[template(display, methods(full_name))]
/// struct User {
///     first: String,
///     last: String,
///     #[template(name = "class")]
///     kind: &'static str,
///     #[template(skip)]
///     password: String,
/// }
/// impl User {
///     fn full_name(&self) -> String {
///         format!("{} {}", self.first, self.last)
///     }
/// }
/// impl std::fmt::Display for User {
///     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
///         f.write_str(&self.first)
///     }
/// }
/// let user = User { first: "Ada".into(), last: "King".into(), kind: "staff", password: "x".into() };
/// let page = Engine::default().from_str("{{ user }}|{{ user.full_name }}|{{ user.class }}|{{ user.password }}")?;
/// assert_eq!(page.render(&context! { user }, &NoServices)?, "Ada|Ada King|staff|");
/// # }
/// # Ok::<(), nuages_template::Error>(())
/// ```
///
/// On the struct, `#[template(display)]` prints it with its `Display`, `methods(…)` names methods without arguments
/// that templates may ask for. On a field, `skip` hides it and `name = "…"` renames it.
/// A struct with one unnamed field shows what it wraps. Type parameters have to be `ToValue + Send + Sync`.
///
/// # Security
/// A template can show every field that is not skipped: skip what no page may ever contain.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be shown in a template",
    note = "derive `ToValue`, or implement `nuages_template::Object`, and `ToValue` with `Value::Object(self)`"
)]
pub trait ToValue {
    /// The value, borrowing from `self`.
    fn to_value(&self) -> Value<'_>;
}

/// Whatever can be shown by reference goes into a context by reference.
impl<'v, T: ToValue + ?Sized> From<&'v T> for Value<'v> {
    fn from(data: &'v T) -> Self {
        data.to_value()
    }
}

macro_rules! small {
    ($($type:ty => |$it:ident| $value:expr;)*) => {$(
        impl ToValue for $type {
            fn to_value(&self) -> Value<'_> {
                let $it = *self;
                $value
            }
        }

        impl From<$type> for Value<'_> {
            fn from($it: $type) -> Self {
                $value
            }
        }
    )*};
}

small! {
    bool => |it| Value::Bool(it);
    i8 => |it| Value::Int(it.into());
    i16 => |it| Value::Int(it.into());
    i32 => |it| Value::Int(it.into());
    i64 => |it| Value::Int(it);
    isize => |it| whole(it);
    i128 => |it| whole(it);
    u8 => |it| Value::Int(it.into());
    u16 => |it| Value::Int(it.into());
    u32 => |it| Value::Int(it.into());
    u64 => |it| whole(it);
    usize => |it| whole(it);
    u128 => |it| whole(it);
    f32 => |it| Value::Float(it.into());
    f64 => |it| Value::Float(it);
    char => |it| Value::Str(Cow::Owned(it.to_string()));
    Timestamp => |it| Value::Timestamp(it);
    DateTime => |it| Value::DateTime(it);
    Date => |it| Value::Date(it);
    Time => |it| Value::Time(it);
    SignedDuration => |it| Value::Duration(it);
    () => |_it| Value::None;
}

/// Numbers beyond 64 bits keep all their digits as decimals.
fn whole<'v, N: TryInto<i64> + ToString + Copy>(number: N) -> Value<'v> {
    number.try_into().map_or_else(
        |_| Value::Decimal(Cow::Owned(number.to_string())),
        Value::Int,
    )
}

macro_rules! text {
    ($($type:ty),*) => {$(
        impl ToValue for $type {
            fn to_value(&self) -> Value<'_> {
                Value::Str(Cow::Borrowed(self))
            }
        }
    )*};
}

text!(str, String, Cow<'_, str>);

impl ToValue for SafeString {
    fn to_value(&self) -> Value<'_> {
        Value::Safe(Cow::Borrowed(self.as_str()))
    }
}

impl ToValue for ZonedDateTime {
    fn to_value(&self) -> Value<'_> {
        Value::Zoned(Arc::new(self.clone()))
    }
}

impl ToValue for Value<'_> {
    fn to_value(&self) -> Value<'_> {
        self.reborrow()
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::None, ToValue::to_value)
    }
}

macro_rules! pointer {
    ($($type:ty),*) => {$(
        impl<T: ToValue + ?Sized> ToValue for $type {
            fn to_value(&self) -> Value<'_> {
                (**self).to_value()
            }
        }
    )*};
}

pointer!(&T, &mut T, Box<T>, Arc<T>);

impl ToValue for dyn Object {
    fn to_value(&self) -> Value<'_> {
        Value::Object(self)
    }
}

/// A bare slice is the one collection that has to be listed first: it has no object to point to.
impl<T: ToValue> ToValue for [T] {
    fn to_value(&self) -> Value<'_> {
        Value::list(self.iter().map(ToValue::to_value).collect())
    }
}

impl<T: ToValue, const N: usize> ToValue for [T; N] {
    fn to_value(&self) -> Value<'_> {
        self.as_slice().to_value()
    }
}

impl<T: ToValue + Send + Sync> Object for Vec<T> {
    fn kind(&self) -> Kind {
        Kind::List
    }

    fn index(&self, index: usize) -> Option<Value<'_>> {
        self.get(index).map(ToValue::to_value)
    }

    fn iterate(&self) -> Option<Items<'_>> {
        Some(Box::new(self.iter().map(ToValue::to_value)))
    }

    fn len(&self) -> Option<usize> {
        Some(Vec::len(self))
    }
}

impl<T: ToValue + Send + Sync> ToValue for Vec<T> {
    fn to_value(&self) -> Value<'_> {
        Value::Object(self)
    }
}

macro_rules! set {
    ($($type:ident $(, $state:ident)?;)*) => {$(
        impl<T: ToValue + Send + Sync $(, $state: Send + Sync)?> Object for $type<T $(, $state)?> {
            fn kind(&self) -> Kind {
                Kind::Set
            }

            fn index(&self, _: usize) -> Option<Value<'_>> {
                None
            }

            fn iterate(&self) -> Option<Items<'_>> {
                Some(Box::new(self.iter().map(ToValue::to_value)))
            }

            fn len(&self) -> Option<usize> {
                Some(self.len())
            }
        }

        impl<T: ToValue + Send + Sync $(, $state: Send + Sync)?> ToValue for $type<T $(, $state)?> {
            fn to_value(&self) -> Value<'_> {
                Value::Object(self)
            }
        }
    )*};
}

set! { BTreeSet; HashSet, S; }

macro_rules! map {
    ($($type:ident $(, $state:ident)? where $($bound:path),*;)*) => {$(
        impl<K, V $(, $state)?> Object for $type<K, V $(, $state)?>
        where
            K: Borrow<str> + ToValue + Send + Sync $(+ $bound)*,
            V: ToValue + Send + Sync,
            $($state: std::hash::BuildHasher + Send + Sync,)?
        {
            fn kind(&self) -> Kind {
                Kind::Map
            }

            fn attr(&self, name: &str) -> Option<Value<'_>> {
                self.get(name).map(ToValue::to_value)
            }

            fn iterate(&self) -> Option<Items<'_>> {
                Some(Box::new(self.keys().map(ToValue::to_value)))
            }

            fn entries(&self) -> Option<Entries<'_>> {
                Some(Box::new(self.iter().map(|(key, value)| (key.to_value(), value.to_value()))))
            }

            fn len(&self) -> Option<usize> {
                Some(self.len())
            }
        }

        impl<K, V $(, $state)?> ToValue for $type<K, V $(, $state)?>
        where
            K: Borrow<str> + ToValue + Send + Sync $(+ $bound)*,
            V: ToValue + Send + Sync,
            $($state: std::hash::BuildHasher + Send + Sync,)?
        {
            fn to_value(&self) -> Value<'_> {
                Value::Object(self)
            }
        }
    )*};
}

map! {
    BTreeMap where Ord;
    HashMap, S where Eq, std::hash::Hash;
}

macro_rules! tuple {
    ($(($($name:ident $at:tt),+), $len:literal;)*) => {$(
        impl<$($name: ToValue + Send + Sync),+> Object for ($($name,)+) {
            fn kind(&self) -> Kind {
                Kind::Tuple
            }

            fn index(&self, index: usize) -> Option<Value<'_>> {
                match index {
                    $($at => Some(self.$at.to_value()),)+
                    _ => None,
                }
            }

            fn iterate(&self) -> Option<Items<'_>> {
                Some(Box::new([$(self.$at.to_value()),+].into_iter()))
            }

            fn len(&self) -> Option<usize> {
                Some($len)
            }
        }

        impl<$($name: ToValue + Send + Sync),+> ToValue for ($($name,)+) {
            fn to_value(&self) -> Value<'_> {
                Value::Object(self)
            }
        }
    )*};
}

tuple! {
    (A 0), 1;
    (A 0, B 1), 2;
    (A 0, B 1, C 2), 3;
    (A 0, B 1, C 2, D 3), 4;
}

macro_rules! into_tuple {
    ($(($($name:ident $at:tt),+);)*) => {$(
        impl<'v, $($name: Into<Value<'v>>),+> From<($($name,)+)> for Value<'v> {
            fn from(items: ($($name,)+)) -> Self {
                Value::List(List::tuple(vec![$(items.$at.into()),+]))
            }
        }
    )*};
}

into_tuple! {
    (A 0, B 1);
    (A 0, B 1, C 2);
    (A 0, B 1, C 2, D 3);
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Value::Str(Cow::Owned(text))
    }
}

impl<'v> From<Cow<'v, str>> for Value<'v> {
    fn from(text: Cow<'v, str>) -> Self {
        Value::Str(text)
    }
}

impl From<SafeString> for Value<'_> {
    fn from(html: SafeString) -> Self {
        Value::Safe(Cow::Owned(html.into_string()))
    }
}

impl From<ZonedDateTime> for Value<'_> {
    fn from(at: ZonedDateTime) -> Self {
        Value::Zoned(Arc::new(at))
    }
}

impl<'v, T: Into<Value<'v>>> From<Option<T>> for Value<'v> {
    fn from(maybe: Option<T>) -> Self {
        maybe.map_or(Value::None, Into::into)
    }
}

impl<'v, T: Into<Value<'v>>> From<Vec<T>> for Value<'v> {
    fn from(items: Vec<T>) -> Self {
        Value::list(items.into_iter().map(Into::into).collect())
    }
}

impl<T: Object + 'static> From<Arc<T>> for Value<'_> {
    fn from(object: Arc<T>) -> Self {
        Value::Shared(object)
    }
}

impl From<Arc<dyn Object>> for Value<'_> {
    fn from(object: Arc<dyn Object>) -> Self {
        Value::Shared(object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &Value<'_>, expect: &str) {
        assert_eq!(value.to_text(), expect);
    }

    #[test]
    fn rust_data_prints_like_python() {
        check(&Value::from(u64::MAX), "18446744073709551615");
        check(&Value::from(&Some("x")), "x");
        check(&Value::from(None::<i32>), "None");
        check(
            &Value::from(&vec![(1, "a")]),
            "[(1, &#x27;a&#x27;)]".replace("&#x27;", "'").as_str(),
        );
        check(&Value::from(&BTreeMap::from([("a", 1.0)])), "{'a': 1.0}");
        check(&Value::from(&[true, false]), "[True, False]");
    }
}
