//! `{% firstof a b "fallback" [as name] %}`: the first value that is true.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{% firstof missing name 'nobody' %}")?;
//! assert_eq!(page.render(&context! { name: "<Ada>" }, &NoServices)?, "&lt;Ada&gt;");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use std::borrow::Cow;

use crate::error::Error;
use crate::nodes::Tag;
use crate::render::{Name, Renderer};
use crate::syntax::{Expression, Parser, TagToken};
use crate::value::Value;

#[derive(Debug)]
struct FirstOf {
    values: Vec<Expression>,
    target: Option<Name>,
}

pub(super) fn compile(parser: &mut Parser<'_>, token: TagToken<'_>) -> Result<Box<dyn Tag>, Error> {
    let mut words = token.arguments();
    if words.is_empty() {
        return Err(Error::syntax(
            "'firstof' statement requires at least one argument",
        ));
    }
    let target = super::take_target(&mut words);
    Ok(Box::new(FirstOf {
        values: parser.expressions(&words)?,
        target,
    }))
}

impl Tag for FirstOf {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        let mut first = None;
        for expression in &self.values {
            let value = renderer.eval_or_none(expression)?;
            if value.is_true() {
                first = Some(value);
                break;
            }
        }
        match &self.target {
            None => first.map_or(Ok(()), |value| renderer.write_value(&value)),
            Some(name) => {
                let html = renderer.capture(|renderer| {
                    first.map_or(Ok(()), |value| renderer.write_value(&value))
                })?;
                let html = Cow::Owned(html);
                let value = if renderer.autoescape() {
                    Value::Safe(html)
                } else {
                    Value::Str(html)
                };
                renderer.set(name, value);
                Ok(())
            }
        }
    }
}
