//! `{% extends "base.html" %}`: this template fills the blocks of another one.
//!
//! ```
//! use nuages_template::{context, Engine, MemoryLoader, NoServices};
//! let engine = Engine::builder()
//!     .loader(MemoryLoader::new([("base.html", "<{% block a %}base{% endblock %}>")]))
//!     .build();
//! let page = engine.from_str("{% extends 'base.html' %}{% block a %}page, {{ block.super }}{% endblock %}")?;
//! assert_eq!(page.render(&context! {}, &NoServices)?, "<page, base>");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use super::include::relative_name;
use crate::error::Error;
use crate::nodes::{NodeList, Tag};
use crate::render::{Parent, Renderer, bad_parent};
use crate::syntax::{Expression, Parser, TagToken};
use crate::value::Value;

#[derive(Debug)]
struct Extends {
    parent: Expression,
    /// The rest of the template. Only its blocks count, but the tags in it have to be kept: blocks are part of them.
    _rest: NodeList,
}

pub(super) fn compile(parser: &mut Parser<'_>, token: TagToken<'_>) -> Result<Box<dyn Tag>, Error> {
    let words = token.split();
    let [tag, parent] = words.as_slice() else {
        return Err(Error::syntax("'extends' takes one argument"));
    };
    let parent = relative_name(parser.template_name(), parent, false)?;
    let parent = parser.expression(&parent)?;
    match parent.constant() {
        // A template that extends its own name means another file than the one that is known by it.
        Some(name) if name.as_str() != Some(parser.template_name()) => {
            parser.reference(&name.to_text());
        }
        _ => parser.mention_everything(),
    }
    let rest = parser.parse_rest()?;
    if parser.extends {
        return Err(Error::syntax(format!(
            "'{tag}' cannot appear more than once in the same template"
        )));
    }
    parser.extends = true;
    Ok(Box::new(Extends {
        parent,
        _rest: rest,
    }))
}

impl Tag for Extends {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        let value = renderer.eval(&self.parent)?;
        if let Some(template) = renderer
            .env
            .object(&value)
            .and_then(crate::object::Object::template)
        {
            return renderer.render_parent(Parent::Template(template.compiled()));
        }
        match value.as_str() {
            Some(name) if !name.is_empty() => renderer.render_parent(Parent::Name(name)),
            None if value.is_true() && value.is_number_or_text() => {
                Err(Error::not_found(&value.to_text()))
            }
            None if matches!(&value, Value::List(_)) && value.is_true() => {
                Err(Error::wrong_type("what to extend is a name or a template"))
            }
            _ => Err(bad_parent(self.parent.source())),
        }
    }

    fn must_be_first(&self) -> bool {
        true
    }
}
