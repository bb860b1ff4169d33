//! Reading captured text into types.

use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};

use crate::urls::{Argument, ResolverMatch, UrlValue};

/// Why captures cannot be read into a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PathError {
    /// The URL holds a value that the type does not: nobody's page.
    Value(String),
    /// The type has another shape than the route: the site's mistake.
    Shape(String),
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Value(message) | Self::Shape(message)) = self;
        f.write_str(message)
    }
}

impl std::error::Error for PathError {}

impl de::Error for PathError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        // What a type says itself is about the value.
        Self::Value(message.to_string())
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Shape(format!("it wants '{field}'"))
    }

    fn unknown_field(field: &str, _: &'static [&'static str]) -> Self {
        Self::Shape(format!("it does not know '{field}'"))
    }

    fn invalid_length(length: usize, expected: &dyn de::Expected) -> Self {
        Self::Shape(format!("{length} arguments, expected {expected}"))
    }

    fn invalid_type(unexpected: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        // Text comes from the URL: a type that reads text refuses this one. A sequence or map does not.
        match unexpected {
            de::Unexpected::Str(_) => Self::Value(format!("not {expected}")),
            other => Self::Shape(format!("{other}, expected {expected}")),
        }
    }
}

/// All arguments of a match.
pub(super) struct Arguments<'m>(pub(super) &'m ResolverMatch);

impl<'m> Arguments<'m> {
    fn only(&self) -> Result<Text<'m>, PathError> {
        let mut arguments = self.0.arguments();
        match (arguments.next(), arguments.next()) {
            (Some((_, argument)), None) => Ok(Text(argument)),
            (first, _) => Err(PathError::Shape(format!(
                "{} arguments, expected one",
                if first.is_none() { "no" } else { "several" }
            ))),
        }
    }
}

macro_rules! forward_to_the_only_one {
    ($($method:ident)*) => { $(
        fn $method<V: Visitor<'m>>(self, visitor: V) -> Result<V::Value, PathError> {
            self.only()?.$method(visitor)
        }
    )* };
}

impl<'m> Deserializer<'m> for Arguments<'m> {
    type Error = PathError;

    forward_to_the_only_one! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64 deserialize_char deserialize_str deserialize_string
        deserialize_bytes deserialize_byte_buf deserialize_option deserialize_identifier
    }

    fn deserialize_any<V: Visitor<'m>>(self, visitor: V) -> Result<V::Value, PathError> {
        match self.only() {
            Ok(text) => text.deserialize_any(visitor),
            Err(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_unit<V: Visitor<'m>>(self, visitor: V) -> Result<V::Value, PathError> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'m>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, PathError> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'m>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, PathError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'m>>(self, visitor: V) -> Result<V::Value, PathError> {
        visitor.visit_seq(List(self.0.arguments()))
    }

    fn deserialize_tuple<V: Visitor<'m>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, PathError> {
        let arguments = self.0.arguments();
        if arguments.len() != length {
            return Err(PathError::Shape(format!(
                "{} arguments, expected {length}",
                arguments.len()
            )));
        }
        visitor.visit_seq(List(arguments))
    }

    fn deserialize_tuple_struct<V: Visitor<'m>>(
        self,
        _: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, PathError> {
        self.deserialize_tuple(length, visitor)
    }

    fn deserialize_map<V: Visitor<'m>>(self, visitor: V) -> Result<V::Value, PathError> {
        visitor.visit_map(Map {
            arguments: self.0.arguments(),
            value: None,
        })
    }

    fn deserialize_struct<V: Visitor<'m>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, PathError> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'m>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, PathError> {
        self.only()?.deserialize_enum(name, variants, visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'m>>(self, visitor: V) -> Result<V::Value, PathError> {
        visitor.visit_unit()
    }
}

struct List<I>(I);

impl<'m, I: Iterator<Item = (&'m str, Argument<'m>)>> SeqAccess<'m> for List<I> {
    type Error = PathError;

    fn next_element_seed<T: DeserializeSeed<'m>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, PathError> {
        let next = self.0.next();
        next.map(|(_, argument)| seed.deserialize(Text(argument)))
            .transpose()
    }
}

struct Map<'m, I> {
    arguments: I,
    value: Option<Argument<'m>>,
}

impl<'m, I: Iterator<Item = (&'m str, Argument<'m>)>> MapAccess<'m> for Map<'m, I> {
    type Error = PathError;

    fn next_key_seed<K: DeserializeSeed<'m>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, PathError> {
        let Some((name, value)) = self.arguments.next() else {
            return Ok(None);
        };
        self.value = Some(value);
        let name: StrDeserializer<'m, PathError> = name.into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'m>>(&mut self, seed: V) -> Result<V::Value, PathError> {
        match self.value.take() {
            Some(value) => seed.deserialize(Text(value)),
            None => Err(PathError::Shape("a value without a name".into())),
        }
    }
}

/// One argument.
struct Text<'m>(Argument<'m>);

impl Text<'_> {
    fn parse<T: std::str::FromStr>(&self) -> Result<T, PathError> {
        let parsed = match &self.0 {
            Argument::Text(text) => text.parse().ok(),
            Argument::Value(value) => value.as_text().and_then(|text| text.parse().ok()),
        };
        parsed.ok_or_else(|| PathError::Value("the value does not fit the type".into()))
    }
}

macro_rules! parse_numbers {
    ($($method:ident $visit:ident)*) => { $(
        fn $method<V: Visitor<'m>>(self, visitor: V) -> Result<V::Value, PathError> {
            visitor.$visit(self.parse()?)
        }
    )* };
}

impl<'m> Deserializer<'m> for Text<'m> {
    type Error = PathError;

    parse_numbers! {
        deserialize_bool visit_bool
        deserialize_i8 visit_i8 deserialize_i16 visit_i16 deserialize_i32 visit_i32
        deserialize_i64 visit_i64 deserialize_i128 visit_i128
        deserialize_u8 visit_u8 deserialize_u16 visit_u16 deserialize_u32 visit_u32
        deserialize_u64 visit_u64 deserialize_u128 visit_u128
        deserialize_f32 visit_f32 deserialize_f64 visit_f64
        deserialize_char visit_char
    }

    fn deserialize_any<V: Visitor<'m>>(self, visitor: V) -> Result<V::Value, PathError> {
        match self.0 {
            Argument::Text(text) => visitor.visit_borrowed_str(text),
            Argument::Value(UrlValue::Int(n)) => visitor.visit_i64(*n),
            Argument::Value(UrlValue::Text(text)) => visitor.visit_borrowed_str(text),
            Argument::Value(UrlValue::Bytes(bytes)) => visitor.visit_borrowed_bytes(bytes),
        }
    }

    fn deserialize_str<V: Visitor<'m>>(self, visitor: V) -> Result<V::Value, PathError> {
        match self.0 {
            Argument::Value(UrlValue::Int(n)) => visitor.visit_string(n.to_string()),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_string<V: Visitor<'m>>(self, visitor: V) -> Result<V::Value, PathError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'m>>(self, visitor: V) -> Result<V::Value, PathError> {
        match self.0 {
            Argument::Text(text) => visitor.visit_borrowed_bytes(text.as_bytes()),
            Argument::Value(_) => self.deserialize_any(visitor),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'m>>(self, visitor: V) -> Result<V::Value, PathError> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'m>>(self, visitor: V) -> Result<V::Value, PathError> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'m>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, PathError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'m>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, PathError> {
        visitor.visit_enum(self)
    }

    serde::forward_to_deserialize_any! {
        <W: Visitor<'m>>
        unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl<'m> EnumAccess<'m> for Text<'m> {
    type Error = PathError;
    type Variant = UnitOnly;

    fn variant_seed<V: DeserializeSeed<'m>>(
        self,
        seed: V,
    ) -> Result<(V::Value, UnitOnly), PathError> {
        Ok((seed.deserialize(self)?, UnitOnly))
    }
}

/// A URL can only name a variant.
struct UnitOnly;

impl<'m> VariantAccess<'m> for UnitOnly {
    type Error = PathError;

    fn unit_variant(self) -> Result<(), PathError> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'m>>(self, _: T) -> Result<T::Value, PathError> {
        Err(PathError::Shape("an enum variant with a value".into()))
    }

    fn tuple_variant<V: Visitor<'m>>(self, _: usize, _: V) -> Result<V::Value, PathError> {
        Err(PathError::Shape("an enum variant with values".into()))
    }

    fn struct_variant<V: Visitor<'m>>(
        self,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, PathError> {
        Err(PathError::Shape("an enum variant with fields".into()))
    }
}
