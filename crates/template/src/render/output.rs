//! Writing values into the output: escaped, and in the format of the language.

use std::fmt::{self, Write};

use super::renderer::Renderer;
use crate::error::Error;
use crate::escape::push_escaped;
use crate::formats::localized;
use crate::object::Object;
use crate::repr::write_text;
use crate::syntax::{Expression, Head, Root, Variable};
use crate::value::Value;

impl<'r> Renderer<'r> {
    /// Writes HTML as it is.
    #[inline]
    pub fn write_html(&mut self, html: &str) {
        self.out.push_str(html);
    }

    /// Writes text, escaped where autoescaping is on.
    #[inline]
    pub fn write_text(&mut self, text: &str) {
        if self.autoescape {
            push_escaped(&mut self.out, text);
        } else {
            self.out.push_str(text);
        }
    }

    /// Writes a value as `{{ }}` does: localized, and escaped unless it is safe or autoescaping is off.
    ///
    /// # Errors
    /// When an object cannot print itself.
    pub fn write_value(&mut self, value: &Value<'_>) -> Result<(), Error> {
        match value {
            Value::Str(text) => self.write_text(text),
            Value::Safe(text) => self.out.push_str(text),
            Value::Int(number) if self.whole_numbers_are_plain() => {
                self.out.push_str(itoa::Buffer::new().format(*number));
            }
            Value::Object(object) => return self.write_object(*object),
            Value::Shared(object) => return self.write_object(&**object),
            Value::List(_) => return self.write_plain(value),
            Value::None | Value::Bool(_) | Value::Duration(_) => {
                // No character of these needs escaping.
                write_text(value, &mut self.out).map_err(|_| unprintable())?;
            }
            _ => self.write_localized(value),
        }
        Ok(())
    }

    /// Are whole numbers written as plain digits, whatever the language?
    #[inline]
    fn whole_numbers_are_plain(&self) -> bool {
        self.locale.whole_numbers_are_plain(self.env.services)
    }

    /// Writes numbers and times as the language does: its names and marks may need escaping.
    fn write_localized(&mut self, value: &Value<'_>) {
        let locale = self.locale();
        let moved = locale.local_time(value.reborrow());
        let text = localized(&moved, &locale);
        self.write_text(&text);
    }

    /// Writes a value as Python's `str()` prints it, escaped unless it is safe or autoescaping is off.
    ///
    /// # Errors
    /// When an object cannot print itself.
    pub fn write_plain(&mut self, value: &Value<'_>) -> Result<(), Error> {
        if self.autoescape && !value.is_safe() {
            write_text(value, &mut Escaped(&mut self.out)).map_err(|_| unprintable())
        } else {
            write_text(value, &mut self.out).map_err(|_| unprintable())
        }
    }

    fn write_object(&mut self, object: &dyn Object) -> Result<(), Error> {
        self.write_plain(&Value::Object(object))
    }

    /// Evaluates and writes; a plain variable takes the short way.
    pub(crate) fn write_expression(&mut self, expression: &'r Expression) -> Result<(), Error> {
        if !expression.filters.is_empty() {
            return self
                .with_filtered(expression, |renderer, value| renderer.write_value(value))?;
        }
        if let Head::Variable(Variable {
            root: Root::Block(_),
            path,
        }) = &expression.head
            && self.frame.blocks.current().is_some()
            && path.first().is_some_and(|step| &*step.name == "super")
        {
            return self.render_super();
        }
        let written = self.with_head(&expression.head, |renderer, value| {
            renderer.write_value(value)
        })?;
        match written {
            Some(result) => result,
            None => self.write_invalid(expression),
        }
    }

    #[cold]
    fn write_invalid(&mut self, expression: &'r Expression) -> Result<(), Error> {
        match self.invalid(expression) {
            Some(text) => self.write_value(&text),
            None => Ok(()),
        }
    }
}

#[cold]
fn unprintable() -> Error {
    Error::value("an object could not print itself")
}

/// Escapes what is written through it.
struct Escaped<'a>(&'a mut String);

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        push_escaped(self.0, text);
        Ok(())
    }
}
