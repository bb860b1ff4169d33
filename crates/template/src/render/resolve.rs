//! Evaluating expressions: variables, constants, filters.

use std::borrow::Cow;

use super::loops::forloop_path;
use super::renderer::Renderer;
use super::scopes::{Binding, Name};
use crate::error::{Error, ErrorKind};
use crate::library::FilterCall;
use crate::object::Object;
use crate::syntax::{Expression, Head, Root, Segment, SingleVariable, Variable};
use crate::value::Value;

impl<'r> Renderer<'r> {
    /// The value of an expression. A variable that does not exist is `string_if_invalid`, an empty string by default.
    ///
    /// # Errors
    /// When a filter fails or a relation is not loaded.
    pub fn eval(&mut self, expression: &'r Expression) -> Result<Value<'r>, Error> {
        match self.head(&expression.head)? {
            Some(value) => self.filtered(value, expression),
            None => match self.invalid(expression) {
                Some(invalid) => Ok(invalid),
                None => self.filtered(Value::Str(Cow::Borrowed("")), expression),
            },
        }
    }

    /// What stands for a variable that does not exist, its filters left out; nothing: an empty string, with them.
    pub(super) fn invalid(&self, expression: &Expression) -> Option<Value<'r>> {
        let engine = self.env.engine;
        if engine.0.string_if_invalid.is_empty() {
            return None;
        }
        Some(Value::Str(engine.invalid(expression.head_source())))
    }

    /// As [`Renderer::eval`], for an expression with filters: hands the last result to `take` where it lies.
    pub(super) fn with_filtered<T>(
        &mut self,
        expression: &'r Expression,
        take: impl FnOnce(&mut Self, &Value<'r>) -> T,
    ) -> Result<T, Error> {
        let value = match self.head(&expression.head)? {
            Some(value) => value,
            None => match self.invalid(expression) {
                Some(invalid) => return Ok(take(self, &invalid)),
                None => Value::Str(Cow::Borrowed("")),
            },
        };
        match self.apply_filters(value, expression) {
            Ok(ref value) => Ok(take(self, value)),
            Err(error) => Err(error),
        }
    }

    /// As [`Renderer::eval`], but a variable that does not exist is `None`.
    ///
    /// # Errors
    /// As [`Renderer::eval`].
    ///
    /// # Django
    /// `FilterExpression.resolve(context, ignore_failures=True)`.
    pub fn eval_or_none(&mut self, expression: &'r Expression) -> Result<Value<'r>, Error> {
        let value = self.head(&expression.head)?.unwrap_or(Value::None);
        self.filtered(value, expression)
    }

    /// The value of a variable or literal.
    ///
    /// # Errors
    /// `Variable` when it does not exist.
    ///
    /// # Django
    /// `Variable.resolve`.
    pub fn resolve(&mut self, variable: &'r SingleVariable) -> Result<Value<'r>, Error> {
        self.head(&variable.head)?.ok_or_else(|| {
            let source = variable.source();
            Error::new(
                ErrorKind::Variable,
                format!("Failed lookup for the variable '{source}'"),
            )
        })
    }

    /// The value of a literal or variable; nothing when the variable does not exist.
    pub(crate) fn head(&mut self, head: &'r Head) -> Result<Option<Value<'r>>, Error> {
        match head {
            Head::Constant(value) => Ok(Some(value.reborrow())),
            Head::Translated(text) => Ok(Some(self.translated(text))),
            Head::Variable(Variable {
                root: Root::Name(name),
                path,
            }) => self.path(name, path),
            Head::Variable(variable) => self.special(variable),
        }
    }

    /// The translation of `_("…")`: safe, as the constant is.
    fn translated(&self, text: &'r str) -> Value<'r> {
        Value::Safe(Cow::Owned(self.locale().gettext(text).into_owned()))
    }

    /// Hands the value of a literal or variable to `take` where it lies; nothing when the variable does not exist.
    ///
    /// This is the hot path of rendering: a value that was just made is read in place,
    /// since moving it would wait until the processor has written it.
    #[inline]
    pub(crate) fn with_head<T>(
        &mut self,
        head: &'r Head,
        take: impl FnOnce(&mut Self, &Value<'r>) -> T,
    ) -> Result<Option<T>, Error> {
        let found = match head {
            Head::Constant(value) => return Ok(Some(take(self, value))),
            Head::Variable(Variable {
                root: Root::Name(name),
                path,
            }) => {
                if let [segment] = &**path
                    && let Some(object) = self.plain_object(name)
                {
                    return self.with_attr(object, segment, path, take);
                }
                if path.is_empty()
                    && let Some(value) = self.outer(name)
                {
                    return Ok(Some(take(self, value)));
                }
                self.path(name, path)?
            }
            Head::Variable(variable) => self.special(variable)?,
            Head::Translated(text) => Some(self.translated(text)),
        };
        Ok(found.as_ref().map(|value| take(self, value)))
    }

    #[inline]
    fn with_attr<T>(
        &mut self,
        object: &'r dyn Object,
        segment: &'r Segment,
        path: &'r [Segment],
        take: impl FnOnce(&mut Self, &Value<'r>) -> T,
    ) -> Result<Option<T>, Error> {
        let found = object.attr(&segment.name);
        let found = match &found {
            Some(Value::Object(_) | Value::Shared(_)) => {
                self.env.walk(found.unwrap_or_default(), &[])?
            }
            Some(value) => return Ok(Some(take(self, value))),
            None => self.env.walk_plain(Value::Object(object), path)?,
        };
        Ok(found.as_ref().map(|value| take(self, value)))
    }

    /// The object that a tag put under this name, if it is known that it cannot be called.
    #[inline]
    fn plain_object(&self, name: &'r Name) -> Option<&'r dyn Object> {
        match self.scopes.get(name.key())? {
            Binding {
                value: Value::Object(object),
                is_plain,
                ..
            } if is_plain.get() => Some(*object),
            _ => None,
        }
    }

    /// The caller's plain value of this name.
    fn outer(&self, name: &'r Name) -> Option<&'r Value<'r>> {
        let key = name.key();
        if self.scopes.get(key).is_some() {
            return None;
        }
        self.base(key)
            .filter(|value| !matches!(value, Value::Object(_) | Value::Shared(_)))
    }

    /// The value of a path that begins with `forloop` or `block`: these are no variables where they mean something.
    fn special(&mut self, variable: &'r Variable) -> Result<Option<Value<'r>>, Error> {
        let name = match &variable.root {
            Root::Name(name) => name,
            Root::Forloop(name) => {
                let visible = &self.loops[self.loop_floor..];
                if !visible.is_empty() {
                    return Ok(forloop_path(visible, &variable.path));
                }
                name
            }
            Root::Block(name) => {
                if self.frame.blocks.current().is_some() {
                    return self.block_path(&variable.path);
                }
                name
            }
        };
        self.path(name, &variable.path)
    }

    /// The value of a path of attributes.
    pub(super) fn path(
        &self,
        name: &'r Name,
        path: &'r [Segment],
    ) -> Result<Option<Value<'r>>, Error> {
        let key = name.key();
        if let Some(binding) = self.scopes.get(key) {
            let Value::Object(object) = &binding.value else {
                return self.env.walk(binding.value.clone(), path);
            };
            if !binding.is_plain.get() {
                if let Some(result) = self.env.invoke(*object) {
                    return self.env.walk_result(result, path);
                }
                binding.is_plain.set(true);
            }
            return self.env.follow(*object, path);
        }
        match self.base(key) {
            Some(value) => self.env.walk(value.reborrow(), path),
            None => Ok(None),
        }
    }

    fn block_path(&mut self, path: &'r [Segment]) -> Result<Option<Value<'r>>, Error> {
        match path {
            [Segment { name, .. }] if &**name == "super" => {
                let html = self.capture(Self::render_super)?;
                Ok(Some(Value::Safe(Cow::Owned(html))))
            }
            [Segment { name, .. }] if &**name == "name" => Ok(self
                .frame
                .blocks
                .current()
                .map(|block| block.name.as_str().into())),
            _ => Ok(None),
        }
    }

    #[inline]
    pub(crate) fn filtered(
        &mut self,
        value: Value<'r>,
        expression: &'r Expression,
    ) -> Result<Value<'r>, Error> {
        if expression.filters.is_empty() {
            return Ok(value);
        }
        self.apply_filters(value, expression)
    }

    fn apply_filters(
        &mut self,
        value: Value<'r>,
        expression: &'r Expression,
    ) -> Result<Value<'r>, Error> {
        let mut value = value;
        for applied in &expression.filters {
            let argument = match &applied.argument {
                Some(head) => Some(self.argument(head)?),
                None => None,
            };
            let call = FilterCall {
                argument,
                autoescape: self.autoescape,
                locale: self.locale,
                env: self.env,
            };
            value = applied.filter.apply(value, &call)?;
            match &value {
                Value::Str(text) | Value::Safe(text) => self.check_made(text.len())?,
                Value::List(items) => self.check_made(size_of_val::<[Value<'_>]>(items))?,
                _ => {}
            }
        }
        Ok(value)
    }

    /// A filter's argument has to exist: a filter without it would do something else than the template says.
    fn argument(&mut self, head: &'r Head) -> Result<Value<'r>, Error> {
        self.head(head)?.ok_or_else(|| match head {
            Head::Variable(variable) => Error::new(
                ErrorKind::Variable,
                format!("Failed lookup for the filter argument '{variable}'"),
            ),
            Head::Constant(_) | Head::Translated(_) => Error::value("a constant without a value"),
        })
    }
}
