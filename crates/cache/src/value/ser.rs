//! Rust values into cached ones.

use std::fmt::Display;

use serde::ser::{self, Serialize};

use super::{Value, ValueError};

type Written = Result<Value, ValueError>;

impl ser::Error for ValueError {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// Makes one value.
pub(super) struct Writer;

/// Gathers the items of a list or tuple; inside of a variant, its name.
pub(super) struct Items {
    list: Vec<Value>,
    tuple: bool,
    variant: Option<&'static str>,
}

/// Gathers the entries of a dictionary.
pub(super) struct Entries {
    dict: Vec<(Value, Value)>,
    key: Option<Value>,
    variant: Option<&'static str>,
}

fn under(variant: Option<&'static str>, value: Value) -> Value {
    match variant {
        Some(name) => Value::Dict(vec![(Value::from(name), value)]),
        None => value,
    }
}

impl Items {
    fn new(size: usize, tuple: bool, variant: Option<&'static str>) -> Self {
        Self {
            list: Vec::with_capacity(size.min(1024)),
            tuple,
            variant,
        }
    }

    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ValueError> {
        self.list.push(value.serialize(Writer)?);
        Ok(())
    }

    fn finish(self) -> Value {
        let list = if self.tuple {
            Value::Tuple(self.list)
        } else {
            Value::List(self.list)
        };
        under(self.variant, list)
    }
}

impl Entries {
    fn new(size: usize, variant: Option<&'static str>) -> Self {
        Self {
            dict: Vec::with_capacity(size.min(1024)),
            key: None,
            variant,
        }
    }

    fn push<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), ValueError> {
        self.dict
            .push((Value::from(name), value.serialize(Writer)?));
        Ok(())
    }

    fn finish(self) -> Value {
        under(self.variant, Value::Dict(self.dict))
    }
}

macro_rules! plain {
    ($($kind:ident: $method:ident($type:ty)),*) => {$(
        fn $method(self, value: $type) -> Written {
            Ok(Value::$kind(value.into()))
        }
    )*};
}

impl ser::Serializer for Writer {
    type Ok = Value;
    type Error = ValueError;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Items;
    type SerializeMap = Entries;
    type SerializeStruct = Entries;
    type SerializeStructVariant = Entries;

    plain! {
        Bool: serialize_bool(bool), Int: serialize_i8(i8), Int: serialize_i16(i16),
        Int: serialize_i32(i32), Int: serialize_i64(i64), Int: serialize_u8(u8),
        Int: serialize_u16(u16), Int: serialize_u32(u32), Float: serialize_f32(f32),
        Float: serialize_f64(f64)
    }

    fn serialize_i128(self, value: i128) -> Written {
        Ok(Value::of_i128(value))
    }

    fn serialize_u64(self, value: u64) -> Written {
        Ok(Value::of_i128(value.into()))
    }

    fn serialize_u128(self, value: u128) -> Written {
        match i128::try_from(value) {
            Ok(number) => Ok(Value::of_i128(number)),
            Err(_) => Ok(Value::Long([&value.to_le_bytes()[..], &[0]].concat())),
        }
    }

    fn serialize_char(self, value: char) -> Written {
        Ok(Value::Str(value.to_string()))
    }

    fn serialize_str(self, value: &str) -> Written {
        Ok(Value::from(value))
    }

    fn serialize_bytes(self, value: &[u8]) -> Written {
        Ok(Value::Bytes(value.to_vec()))
    }

    fn serialize_none(self) -> Written {
        Ok(Value::None)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Written {
        Ok(Value::None)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Written {
        Ok(Value::None)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Written {
        Ok(Value::from(variant))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Written {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Written {
        Ok(under(Some(variant), value.serialize(self)?))
    }

    fn serialize_seq(self, size: Option<usize>) -> Result<Items, ValueError> {
        Ok(Items::new(size.unwrap_or_default(), false, None))
    }

    fn serialize_tuple(self, size: usize) -> Result<Items, ValueError> {
        Ok(Items::new(size, true, None))
    }

    fn serialize_tuple_struct(self, _: &'static str, size: usize) -> Result<Items, ValueError> {
        Ok(Items::new(size, true, None))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        size: usize,
    ) -> Result<Items, ValueError> {
        Ok(Items::new(size, true, Some(variant)))
    }

    fn serialize_map(self, size: Option<usize>) -> Result<Entries, ValueError> {
        Ok(Entries::new(size.unwrap_or_default(), None))
    }

    fn serialize_struct(self, _: &'static str, size: usize) -> Result<Entries, ValueError> {
        Ok(Entries::new(size, None))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        size: usize,
    ) -> Result<Entries, ValueError> {
        Ok(Entries::new(size, Some(variant)))
    }
}

macro_rules! items {
    ($($trait:ident . $method:ident),*) => {
        $(impl ser::$trait for Items {
            type Ok = Value;
            type Error = ValueError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ValueError> {
                self.push(value)
            }

            fn end(self) -> Written {
                Ok(self.finish())
            }
        })*
    };
}

items!(
    SerializeSeq.serialize_element,
    SerializeTuple.serialize_element,
    SerializeTupleStruct.serialize_field,
    SerializeTupleVariant.serialize_field
);

macro_rules! entries {
    ($($trait:ident),*) => {
        $(impl ser::$trait for Entries {
            type Ok = Value;
            type Error = ValueError;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), ValueError> {
                self.push(name, value)
            }

            fn end(self) -> Written {
                Ok(self.finish())
            }
        })*
    };
}

entries!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for Entries {
    type Ok = Value;
    type Error = ValueError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), ValueError> {
        self.key = Some(key.serialize(Writer)?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ValueError> {
        let key = self.key.take().unwrap_or(Value::None);
        self.dict.push((key, value.serialize(Writer)?));
        Ok(())
    }

    fn end(self) -> Written {
        Ok(self.finish())
    }
}

impl Serialize for Value {
    fn serialize<S: ser::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::None => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Int(value) => serializer.serialize_i64(*value),
            Self::Long(bytes) => match Self::long_as_i128(bytes) {
                Some(number) => serializer.serialize_i128(number),
                None => Err(ser::Error::custom("a number beyond 128 bits")),
            },
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::Str(text) => serializer.serialize_str(text),
            Self::Bytes(bytes) => serializer.serialize_bytes(bytes),
            Self::List(items) | Self::Tuple(items) | Self::Set(items) | Self::FrozenSet(items) => {
                serializer.collect_seq(items)
            }
            Self::Dict(entries) => {
                serializer.collect_map(entries.iter().map(|(key, value)| (key, value)))
            }
        }
    }
}
