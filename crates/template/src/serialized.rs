//! Values out of anything that serde can serialize: a copy, the slower path.

use std::borrow::Cow;
use std::fmt;

use serde::ser::{self, Serialize};

use crate::context::Key;
use crate::error::{Error, ErrorKind};
use crate::list::List;
use crate::object::{Entries, Items, Kind, Object};
use crate::value::Value;

/// How deep data may be nested.
const DEEPEST: usize = 128;

impl Value<'_> {
    /// A copy of anything that serde can serialize: structs and maps become dictionaries.
    ///
    /// This builds a tree first, and so costs time and memory that a borrowed value does not:
    /// derive [`ToValue`](crate::ToValue) for types of your own.
    ///
    /// ```
    /// use nuages_template::{context, Engine, NoServices, Value};
    /// let json = serde_json::json!({"name": "<Ada>", "langs": ["en", "fr"], "age": 36});
    /// let page = Engine::default().from_str("{{ u.name }} {{ u.langs.1 }} {{ u.age|add:1 }}")?;
    /// let html = page.render(&context! { u: Value::from_serialize(&json)? }, &NoServices)?;
    /// assert_eq!(html, "&lt;Ada&gt; fr 37");
    /// # Ok::<(), nuages_template::Error>(())
    /// ```
    ///
    /// # Errors
    /// When the data says that it cannot be serialized, or is nested more than 128 deep.
    pub fn from_serialize<T: Serialize + ?Sized>(data: &T) -> Result<Value<'static>, Error> {
        data.serialize(Builder { depth: 0 })
    }
}

impl ser::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(ErrorKind::Value, message.to_string())
    }
}

/// A dictionary in the order of its entries.
#[derive(Default)]
struct Map {
    hashes: Vec<u64>,
    entries: Vec<(String, Value<'static>)>,
}

impl Map {
    fn push(&mut self, name: impl Into<String>, value: Value<'static>) {
        let name = name.into();
        self.hashes.push(Key::of(&name).hash);
        self.entries.push((name, value));
    }

    fn value(self) -> Value<'static> {
        Value::object(self)
    }
}

impl Object for Map {
    fn kind(&self) -> Kind {
        Kind::Map
    }

    fn attr(&self, name: &str) -> Option<Value<'_>> {
        let at = Key::of(name).find(&self.hashes, |at| &self.entries[at].0)?;
        Some(self.entries[at].1.reborrow())
    }

    fn iterate(&self) -> Option<Items<'_>> {
        Some(Box::new(
            self.entries.iter().map(|(key, _)| Value::from(key)),
        ))
    }

    fn entries(&self) -> Option<Entries<'_>> {
        Some(Box::new(
            self.entries
                .iter()
                .map(|(key, value)| (Value::from(key), value.reborrow())),
        ))
    }

    fn len(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}

#[derive(Clone, Copy)]
struct Builder {
    depth: usize,
}

impl Builder {
    fn deeper(self) -> Result<Self, Error> {
        if self.depth >= DEEPEST {
            return Err(Error::too_deep("the serialized data"));
        }
        Ok(Self {
            depth: self.depth + 1,
        })
    }
}

/// A list, a tuple, a dictionary or a variant that is being filled.
struct Filler {
    builder: Builder,
    items: Vec<Value<'static>>,
    map: Map,
    key: Option<String>,
    is_tuple: bool,
    /// The variant around it.
    variant: Option<&'static str>,
}

impl Filler {
    fn new(builder: Builder, variant: Option<&'static str>) -> Result<Self, Error> {
        Ok(Self {
            builder: builder.deeper()?,
            items: Vec::new(),
            map: Map::default(),
            key: None,
            is_tuple: false,
            variant,
        })
    }

    fn item<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), Error> {
        self.items.push(item.serialize(self.builder)?);
        Ok(())
    }

    fn field<T: Serialize + ?Sized>(&mut self, name: &'static str, item: &T) -> Result<(), Error> {
        let value = item.serialize(self.builder)?;
        self.map.push(name, value);
        Ok(())
    }

    fn list(self) -> Value<'static> {
        let list = if self.is_tuple {
            List::tuple(self.items)
        } else {
            List::new(self.items)
        };
        within(self.variant, Value::List(list))
    }

    fn dictionary(self) -> Value<'static> {
        within(self.variant, self.map.value())
    }
}

fn within(variant: Option<&'static str>, value: Value<'static>) -> Value<'static> {
    let Some(variant) = variant else {
        return value;
    };
    let mut map = Map::default();
    map.push(variant, value);
    map.value()
}

macro_rules! plain {
    ($($method:ident: $type:ty),*) => {$(
        fn $method(self, value: $type) -> Result<Self::Ok, Error> {
            Ok(Value::from(value))
        }
    )*};
}

impl ser::Serializer for Builder {
    type Ok = Value<'static>;
    type Error = Error;
    type SerializeSeq = Filler;
    type SerializeTuple = Filler;
    type SerializeTupleStruct = Filler;
    type SerializeTupleVariant = Filler;
    type SerializeMap = Filler;
    type SerializeStruct = Filler;
    type SerializeStructVariant = Filler;

    plain! {
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_i128: i128, serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64,
        serialize_u128: u128, serialize_f32: f32, serialize_f64: f64, serialize_char: char
    }

    fn serialize_str(self, text: &str) -> Result<Self::Ok, Error> {
        Ok(Value::Str(Cow::Owned(text.to_owned())))
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<Self::Ok, Error> {
        Ok(Value::list(
            bytes.iter().map(|byte| (*byte).into()).collect(),
        ))
    }

    fn serialize_none(self) -> Result<Self::Ok, Error> {
        Ok(Value::None)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Self::Ok, Error> {
        value.serialize(self.deeper()?)
    }

    fn serialize_unit(self) -> Result<Self::Ok, Error> {
        Ok(Value::None)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Self::Ok, Error> {
        Ok(Value::None)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Self::Ok, Error> {
        Ok(Value::Str(Cow::Borrowed(variant)))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Self::Ok, Error> {
        value.serialize(self.deeper()?)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Self::Ok, Error> {
        Ok(within(Some(variant), value.serialize(self.deeper()?)?))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Filler, Error> {
        Filler::new(self, None)
    }

    fn serialize_tuple(self, _: usize) -> Result<Filler, Error> {
        Ok(Filler {
            is_tuple: true,
            ..Filler::new(self, None)?
        })
    }

    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<Filler, Error> {
        self.serialize_tuple(length)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Filler, Error> {
        Ok(Filler {
            is_tuple: true,
            ..Filler::new(self, Some(variant))?
        })
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Filler, Error> {
        Filler::new(self, None)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Filler, Error> {
        Filler::new(self, None)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Filler, Error> {
        Filler::new(self, Some(variant))
    }
}

macro_rules! filled {
    ($($trait:ident::$method:ident($($name:ident: $type:ty)?) by $fill:ident, then $end:ident;)*) => {$(
        impl ser::$trait for Filler {
            type Ok = Value<'static>;
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, $($name: $type,)? value: &T) -> Result<(), Error> {
                self.$fill($($name,)? value)
            }

            fn end(self) -> Result<Self::Ok, Error> {
                Ok(self.$end())
            }
        }
    )*};
}

filled! {
    SerializeSeq::serialize_element() by item, then list;
    SerializeTuple::serialize_element() by item, then list;
    SerializeTupleStruct::serialize_field() by item, then list;
    SerializeTupleVariant::serialize_field() by item, then list;
    SerializeStruct::serialize_field(name: &'static str) by field, then dictionary;
    SerializeStructVariant::serialize_field(name: &'static str) by field, then dictionary;
}

impl ser::SerializeMap for Filler {
    type Ok = Value<'static>;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.key = Some(key.serialize(self.builder)?.to_text().into_owned());
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let value = value.serialize(self.builder)?;
        self.map.push(self.key.take().unwrap_or_default(), value);
        Ok(())
    }

    fn end(self) -> Result<Self::Ok, Error> {
        Ok(self.dictionary())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, expect: &str) {
        let data: serde_json::Value = serde_json::from_str(json).unwrap();
        let value = Value::from_serialize(&data).unwrap();
        assert_eq!(value.to_text(), expect, "{json}");
    }

    #[test]
    fn serialized_data_prints_like_python() {
        check("[1, null, true, \"x\"]", "[1, None, True, 'x']");
        check(
            "{\"b\": [1.5], \"a_longer_name\": {}}",
            "{'b': [1.5], 'a_longer_name': {}}",
        );
        let pair = Value::from_serialize(&(1, Some('c'))).unwrap();
        assert_eq!(pair.to_text(), "(1, 'c')");
        let failed = Value::from_serialize(&Err::<u8, u8>(7)).unwrap();
        assert_eq!(failed.to_text(), "{'Err': 7}");
        assert_eq!(failed.attr("Err").unwrap().as_int(), Some(7));
    }

    #[test]
    fn endless_nesting_is_an_error() {
        let mut deep = serde_json::Value::Null;
        for _ in 0..1000 {
            deep = serde_json::Value::Array(vec![deep]);
        }
        assert_eq!(
            Value::from_serialize(&deep).unwrap_err().kind(),
            ErrorKind::Depth
        );
    }
}
