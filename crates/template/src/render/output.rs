//! Writing values into the output: escaped, and in the format of the language.

use std::fmt::{self, Write};

use super::renderer::Renderer;
use crate::dates;
use crate::decimal::Decimal;
use crate::error::Error;
use crate::escape::push_escaped;
use crate::object::Object;
use crate::repr::{write_float, write_text};
use crate::services::Services;
use crate::syntax::{Expression, Head, Root, Variable};
use crate::value::Value;

impl<'r> Renderer<'r> {
    /// Writes HTML as it is.
    pub fn write_html(&mut self, html: &str) {
        self.out.push_str(html);
    }

    /// Writes text, escaped where autoescaping is on.
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
            Value::Int(number) => self.out.push_str(itoa::Buffer::new().format(*number)),
            Value::Object(object) => return self.write_object(*object),
            Value::Shared(object) => return self.write_object(&**object),
            Value::List(_) => return self.write_plain(value),
            _ => {
                // None, booleans, numbers and times have no character that needs escaping.
                write_localized(value, self.env.services, &mut self.out)
                    .map_err(|_| unprintable())?;
            }
        }
        Ok(())
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
        if let Head::Variable(Variable {
            root: Root::Name(name),
            path,
        }) = &expression.head
            && expression.filters.is_empty()
            && let Some(value) = self.path(name, path)?
        {
            return self.write_value(&value);
        }
        if let Head::Variable(variable) = &expression.head
            && let Root::Block(_) = variable.root
            && expression.filters.is_empty()
            && self.frame.blocks.current().is_some()
            && variable
                .path
                .first()
                .is_some_and(|step| &*step.name == "super")
        {
            return self.render_super();
        }
        let value = self.eval(expression)?;
        self.write_value(&value)
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

/// Writes a value in the format of the language: numbers without exponents, times as dates are written.
pub(crate) fn write_localized(
    value: &Value<'_>,
    services: &dyn Services,
    out: &mut String,
) -> fmt::Result {
    match value {
        Value::Float(_) | Value::Decimal(_) => {
            write_number(value, out);
            Ok(())
        }
        Value::Timestamp(_) | Value::Zoned(_) | Value::DateTime(_) => {
            dates::write(
                &dates::to_local(value.reborrow(), services),
                "N j, Y, P",
                out,
            );
            Ok(())
        }
        Value::Date(_) => {
            dates::write(value, "N j, Y", out);
            Ok(())
        }
        Value::Time(_) => {
            dates::write(value, "P", out);
            Ok(())
        }
        _ => write_text(value, out),
    }
}

/// A number beyond this many digits is written with an exponent: writing it out would be an attack's work.
const MOST_DIGITS: u64 = 200;

/// Writes a float or decimal without an exponent.
pub(crate) fn write_number(value: &Value<'_>, out: &mut String) {
    let mut text = String::new();
    let number = match value {
        Value::Float(number) => {
            // A String takes everything.
            let _ = write_float(*number, &mut text);
            if !text.contains('e') {
                out.push_str(&text);
                return;
            }
            Decimal::parse(&text)
        }
        Value::Decimal(digits) => Decimal::parse(digits),
        _ => None,
    };
    match number {
        Some(number) if number.size() <= MOST_DIGITS => out.push_str(&number.to_plain()),
        Some(number) => out.push_str(&number.to_scientific()),
        // Not finite: `NaN` and `Infinity` are words.
        None => out.push_str(&value.to_text()),
    }
}
