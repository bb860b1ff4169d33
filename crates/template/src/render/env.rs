//! `Env`: what stays the same during a rendering, and how values are taken apart with it.

use std::borrow::Cow;

use super::arena::Arena;
use crate::attributes::{attribute, method};
use crate::context::Context;
use crate::engine::Engine;
use crate::error::{Error, ErrorKind};
use crate::list::List;
use crate::object::Object;
use crate::services::Services;
use crate::syntax::Segment;
use crate::template::Compiled;
use crate::value::Value;

/// The surroundings of a rendering.
pub(crate) struct Env<'r> {
    pub(crate) engine: &'r Engine,
    pub(crate) services: &'r dyn Services,
    pub(crate) base: &'r Context<'r>,
    pub(crate) arena: &'r Arena,
}

impl<'r> Env<'r> {
    /// The value in a form that is cheap to clone and to take apart: owned parts go to the arena.
    pub(crate) fn hold(&self, value: Value<'r>) -> Value<'r> {
        match value {
            Value::Str(Cow::Owned(text)) => {
                Value::Str(Cow::Borrowed(self.arena.strings.keep(text)))
            }
            Value::Safe(Cow::Owned(text)) => {
                Value::Safe(Cow::Borrowed(self.arena.strings.keep(text)))
            }
            Value::Decimal(Cow::Owned(text)) => {
                Value::Decimal(Cow::Borrowed(self.arena.strings.keep(text)))
            }
            Value::Shared(object) => Value::Object(&**self.arena.objects.keep(object)),
            other => other,
        }
    }

    /// Text for as long as the rendering lasts.
    pub(crate) fn hold_text(&self, text: &str) -> &'r str {
        self.arena.strings.keep(text.to_owned())
    }

    /// The object, for as long as the rendering lasts.
    #[inline]
    pub(crate) fn object(&self, value: &Value<'r>) -> Option<&'r dyn Object> {
        match value {
            Value::Object(object) => Some(*object),
            Value::Shared(object) => Some(&**self.arena.objects.keep(object.clone())),
            _ => None,
        }
    }

    fn text(&self, value: &Value<'r>) -> Option<&'r str> {
        match value {
            Value::Str(Cow::Borrowed(text)) | Value::Safe(Cow::Borrowed(text)) => Some(text),
            Value::Str(Cow::Owned(text)) | Value::Safe(Cow::Owned(text)) => {
                Some(self.hold_text(text))
            }
            _ => None,
        }
    }

    /// The items of a list, an object or a string.
    pub(crate) fn items(&self, value: &Value<'r>) -> Option<Vec<Value<'r>>> {
        if let Value::List(items) = value {
            return Some(items.to_vec());
        }
        if let Some(text) = self.text(value) {
            return Some(characters(text).collect());
        }
        Some(self.object(value)?.iterate()?.collect())
    }

    /// The item at `index` of a list, an object or a string.
    pub(crate) fn index(&self, value: &Value<'r>, index: usize) -> Option<Value<'r>> {
        if let Value::List(items) = value {
            return items.get(index).cloned();
        }
        if let Some(text) = self.text(value) {
            return characters(text).nth(index);
        }
        self.object(value)?.index(index)
    }

    /// The attribute or dictionary entry `name`; what Python's dictionaries, dates and strings would have, too.
    pub(crate) fn attr(&self, value: &Value<'r>, name: &str) -> Option<Value<'r>> {
        match self.object(value) {
            Some(object) => object.attr(name).or_else(|| dictionary_view(object, name)),
            None => attribute(value, name),
        }
    }

    /// Follows a path of attributes.
    pub(crate) fn walk(
        &self,
        from: Value<'r>,
        path: &'r [Segment],
    ) -> Result<Option<Value<'r>>, Error> {
        match self.object(&from) {
            Some(object) => match self.invoke(object) {
                Some(result) => self.walk_result(result, path),
                None => self.follow(object, path),
            },
            None => self.walk_plain(from, path),
        }
    }

    /// Goes on with what a call gave: it is not called again.
    pub(crate) fn walk_result(
        &self,
        result: Result<Option<Value<'r>>, Error>,
        path: &'r [Segment],
    ) -> Result<Option<Value<'r>>, Error> {
        match result? {
            Some(value) => self.walk_plain(value, path),
            None => Ok(None),
        }
    }

    /// Follows a path from an object that cannot be called.
    #[inline]
    pub(crate) fn follow(
        &self,
        object: &'r dyn Object,
        path: &'r [Segment],
    ) -> Result<Option<Value<'r>>, Error> {
        let (mut object, mut path) = (object, path);
        while let [first, rest @ ..] = path {
            let Some(found) = object.attr(&first.name) else {
                return self.walk_plain(Value::Object(object), path);
            };
            let Some(next) = self.object(&found) else {
                if rest.is_empty() {
                    return Ok(Some(found));
                }
                return self.walk_plain(found, rest);
            };
            if let Some(result) = self.invoke(next) {
                return self.walk_result(result, rest);
            }
            (object, path) = (next, rest);
        }
        Ok(Some(Value::Object(object)))
    }

    /// Follows a path from a value that is not to be called.
    pub(super) fn walk_plain(
        &self,
        from: Value<'r>,
        path: &'r [Segment],
    ) -> Result<Option<Value<'r>>, Error> {
        let mut value = from;
        for segment in path {
            match self.step(&value, segment)? {
                Some(next) => value = next,
                None => return Ok(None),
            }
        }
        Ok(Some(value))
    }

    /// One step of a dotted path the long way: attribute or entry, then index; then it is called if it can be.
    fn step(&self, value: &Value<'r>, segment: &Segment) -> Result<Option<Value<'r>>, Error> {
        let found = self
            .attr(value, &segment.name)
            .or_else(|| segment.index.and_then(|index| self.index(value, index)))
            .or_else(|| method(value, &segment.name));
        match found {
            Some(found) => self.called(found),
            None => Self::missing(value, &segment.name),
        }
    }

    /// Nothing, or the error that tells why the attribute is not there.
    fn missing(value: &Value<'r>, name: &str) -> Result<Option<Value<'r>>, Error> {
        match value.as_object().and_then(|object| object.unloaded(name)) {
            Some(hint) => Err(
                Error::new(ErrorKind::Unloaded, format!("'{name}' is not loaded")).with_hint(hint),
            ),
            None => Ok(None),
        }
    }

    /// What is found is called if it can be called, unless that would change data.
    fn called(&self, value: Value<'r>) -> Result<Option<Value<'r>>, Error> {
        let result = self.object(&value).and_then(|object| self.invoke(object));
        result.unwrap_or(Ok(Some(value)))
    }

    /// The result of calling an object; nothing when it cannot be called.
    #[inline]
    pub(crate) fn invoke(
        &self,
        object: &'r dyn Object,
    ) -> Option<Result<Option<Value<'r>>, Error>> {
        if object.alters_data() {
            let invalid = Cow::Borrowed(self.engine.0.string_if_invalid.as_str());
            return Some(Ok(Some(Value::Str(invalid))));
        }
        object.call().map(|result| match result {
            Ok(value) => Ok(Some(value)),
            // What does not exist is missing, not an error: Django's `silent_variable_failure`.
            Err(error) if error.kind() == ErrorKind::Variable => Ok(None),
            Err(error) => Err(error),
        })
    }

    /// The template `name`, compiled, for as long as the rendering lasts.
    pub(crate) fn template(&self, name: &str) -> Result<&'r Compiled, Error> {
        Ok(self.arena.templates.keep(self.engine.compiled(name)?))
    }
}

/// A string's characters, each a piece of the string.
fn characters(text: &str) -> impl Iterator<Item = Value<'_>> {
    text.char_indices()
        .map(move |(start, c)| Value::Str(Cow::Borrowed(&text[start..start + c.len_utf8()])))
}

/// `.items`, `.keys` and `.values` of a dictionary.
fn dictionary_view<'r>(object: &'r dyn Object, name: &str) -> Option<Value<'r>> {
    let items: Vec<Value<'r>> = match name {
        "items" => object
            .entries()?
            .map(|(key, value)| Value::List(List::tuple(vec![key, value])))
            .collect(),
        "keys" => object.entries()?.map(|(key, _)| key).collect(),
        "values" => object.entries()?.map(|(_, value)| value).collect(),
        _ => return None,
    };
    Some(Value::list(items))
}
