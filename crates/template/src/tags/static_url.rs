//! `{% static "css/site.css" [as name] %}`, `{% get_static_prefix %}`, `{% get_media_prefix %}`.
//!
//! ```
//! use nuages_template::{context, Engine, Services};
//! struct Site;
//! impl Services for Site {
//!     fn static_url(&self, path: &str) -> Result<String, String> {
//!         Ok(format!("/static/{path}"))
//!     }
//! }
//! let page = Engine::default().from_str("{% load static %}{% static 'a.css' %}")?;
//! assert_eq!(page.render(&context! {}, &Site)?, "/static/a.css");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use std::borrow::Cow;

use crate::error::Error;
use crate::escape::escape;
use crate::nodes::Tag;
use crate::render::{Name, Renderer};
use crate::services::Services;
use crate::syntax::{Expression, Parser, TagToken};
use crate::value::Value;

#[derive(Debug)]
struct Static {
    path: Expression,
    target: Option<Name>,
}

#[derive(Debug)]
struct Prefix {
    read: fn(&dyn Services) -> String,
    target: Option<Name>,
}

pub(super) fn compile(parser: &mut Parser<'_>, token: TagToken<'_>) -> Result<Box<dyn Tag>, Error> {
    let words = token.arguments();
    // Django takes the word behind the path and the next one for the name, whatever stands behind.
    let target = match words.as_slice() {
        [.., "as", _] => words.get(2).map(|name| Name::new(name)),
        _ => None,
    };
    let [path, ..] = words.as_slice() else {
        return Err(Error::syntax(
            "'static' takes at least one argument (path to file)",
        ));
    };
    Ok(Box::new(Static {
        path: parser.expression(path)?,
        target,
    }))
}

pub(super) fn compile_static_prefix(
    _: &mut Parser<'_>,
    token: TagToken<'_>,
) -> Result<Box<dyn Tag>, Error> {
    prefix(token, |services| services.static_prefix())
}

pub(super) fn compile_media_prefix(
    _: &mut Parser<'_>,
    token: TagToken<'_>,
) -> Result<Box<dyn Tag>, Error> {
    prefix(token, |services| services.media_prefix())
}

fn prefix(token: TagToken<'_>, read: fn(&dyn Services) -> String) -> Result<Box<dyn Tag>, Error> {
    let words = token.arguments();
    let target = match words.as_slice() {
        [] => None,
        ["as", name, ..] => Some(Name::new(name)),
        _ => {
            return Err(Error::syntax(format!(
                "First argument in '{}' must be 'as'",
                token.name()
            )));
        }
    };
    Ok(Box::new(Prefix { read, target }))
}

impl Tag for Static {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        let path = renderer.eval(&self.path)?;
        if path.as_str().is_none() && path.as_object().is_none() {
            return Err(Error::wrong_type("the path of a static file is a text"));
        }
        let url = renderer
            .services()
            .static_url(&path.to_text())
            .map_err(Error::value)?;
        // Escaped before it goes into a variable, as in Django: it is used in attributes.
        let url = if renderer.autoescape() {
            Value::Safe(Cow::Owned(escape(&url).into_string()))
        } else {
            Value::Str(Cow::Owned(url))
        };
        match &self.target {
            Some(name) => renderer.set(name, url),
            None => renderer.write_html(&url.to_text()),
        }
        Ok(())
    }
}

impl Tag for Prefix {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        let prefix = (self.read)(renderer.services());
        match &self.target {
            Some(name) => renderer.set(name, prefix),
            None => renderer.write_html(&prefix),
        }
        Ok(())
    }
}
