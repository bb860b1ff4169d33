//! `{% translate "text" %}`: the translation of a constant, or of the text in a variable.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str(
//!     "{% load i18n %}{% language 'de' %}{% translate 'May' context 'alt. month' as month %}{{ month|upper }}{% endlanguage %}",
//! )?;
//! assert_eq!(page.render(&context! {}, &NoServices)?, "MAI");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use std::borrow::Cow;

use crate::error::Error;
use crate::nodes::Tag;
use crate::render::{Name, Renderer};
use crate::syntax::{Expression, Head, Parser, TagToken};
use crate::value::Value;

#[derive(Debug)]
struct Translate {
    text: Expression,
    /// The constant, as a catalogue has it: with percent signs doubled.
    constant: Option<Box<str>>,
    noop: bool,
    context: Option<Expression>,
    target: Option<Name>,
}

pub(super) fn compile(parser: &mut Parser<'_>, token: TagToken<'_>) -> Result<Box<dyn Tag>, Error> {
    let name = token.name();
    let words = token.arguments();
    let Some((text, options)) = words.split_first() else {
        return Err(Error::syntax(format!(
            "'{name}' takes at least one argument"
        )));
    };
    let text = parser.expression(text)?;
    let mut tag = Translate {
        constant: constant(&text.head),
        text,
        noop: false,
        context: None,
        target: None,
    };
    let mut options = options.iter();
    let mut seen = Vec::new();
    while let Some(option) = options.next() {
        if seen.contains(option) {
            return Err(Error::syntax(format!(
                "The '{option}' option was specified more than once."
            )));
        }
        let mut argument = || {
            options.next().ok_or_else(|| {
                Error::syntax(format!(
                    "No argument provided to the '{name}' tag for the {option} option."
                ))
            })
        };
        match *option {
            "noop" => tag.noop = true,
            "context" => {
                let value = *argument()?;
                if matches!(value, "as" | "noop") {
                    return Err(Error::syntax(format!(
                        "Invalid argument '{value}' provided to the '{name}' tag for the context option"
                    )));
                }
                tag.context = Some(parser.expression(value)?);
            }
            "as" => tag.target = Some(Name::new(argument()?)),
            other => {
                return Err(Error::syntax(format!(
                    "Unknown argument for '{name}' tag: '{other}'. The only options available are 'noop', 'context' \"xxx\", and 'as VAR'."
                )));
            }
        }
        seen.push(option);
    }
    Ok(Box::new(tag))
}

/// Django reads a constant twice, and so takes the backslashes of quotes away twice.
fn constant(head: &Head) -> Option<Box<str>> {
    match head {
        Head::Constant(Value::Safe(text)) => {
            let text = text.replace("\\'", "'").replace("\\\\", "\\");
            Some(text.replace('%', "%%").into())
        }
        _ => None,
    }
}

impl Translate {
    /// The translated text, with its filters.
    fn value<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<Value<'r>, Error> {
        let context = match &self.context {
            Some(context) => Some(renderer.eval(context)?).filter(Value::is_true),
            None => None,
        };
        let value = match (&self.constant, &self.text.head) {
            (Some(text), _) if self.noop => Value::Safe(text.replace("%%", "%").into()),
            (Some(text), _) => {
                let text = translated(renderer, text, context.as_ref());
                Value::Safe(Cow::Owned(text))
            }
            (None, Head::Translated(_)) => return renderer.eval(&self.text),
            (None, head) => match renderer.head(head)? {
                None => return renderer.eval(&self.text),
                Some(value) if self.noop => value,
                Some(value) => {
                    let Some(text) = value.as_str() else {
                        return Err(Error::wrong_type("only text can be translated"));
                    };
                    let text = translated(renderer, &text.replace('%', "%%"), context.as_ref());
                    if value.is_safe() {
                        Value::Safe(Cow::Owned(text))
                    } else {
                        Value::Str(Cow::Owned(text))
                    }
                }
            },
        };
        renderer.filtered(value, &self.text)
    }
}

fn translated(renderer: &Renderer<'_>, text: &str, context: Option<&Value<'_>>) -> String {
    let locale = renderer.locale();
    match context {
        Some(context) => locale.pgettext(&context.to_text(), text).into_owned(),
        None => locale.gettext(text).into_owned(),
    }
}

impl Tag for Translate {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        let value = self.value(renderer)?;
        let text = renderer.capture(|renderer| renderer.write_value(&value))?;
        // Percent signs were doubled for the catalogue.
        let text = if text.contains("%%") {
            text.replace("%%", "%")
        } else {
            text
        };
        match &self.target {
            None => renderer.write_html(&text),
            Some(name) if renderer.autoescape() || value.is_safe() => {
                renderer.set(name, Value::Safe(Cow::Owned(text)));
            }
            Some(name) => renderer.set(name, Value::Str(Cow::Owned(text))),
        }
        Ok(())
    }
}
