//! `{% include "part.html" [with a=1 b=x] [only] %}`: renders another template here.
//!
//! ```
//! use nuages_template::{context, Engine, MemoryLoader, NoServices};
//! let engine = Engine::builder()
//!     .loader(MemoryLoader::new([("part.html", "[{{ name }}{{ x }}]")]))
//!     .build();
//! let page = engine.from_str("{% include 'part.html' with x=1 %}{% include 'part.html' with x=2 only %}")?;
//! assert_eq!(page.render(&context! { name: "Ada" }, &NoServices)?, "[Ada1][2]");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use std::borrow::Cow;

use crate::error::Error;
use crate::nodes::Tag;
use crate::object::Object;
use crate::render::Renderer;
use crate::syntax::{Expression, NamedExpression, Parser, TagToken};
use crate::value::Value;

#[derive(Debug)]
struct Include {
    template: Expression,
    values: Vec<NamedExpression>,
    only: bool,
    /// The template in which the tag stands: relative names begin there.
    home: Box<str>,
}

pub(super) fn compile(parser: &mut Parser<'_>, token: TagToken<'_>) -> Result<Box<dyn Tag>, Error> {
    let mut words = token.arguments();
    if words.is_empty() {
        return Err(Error::syntax(
            "'include' tag takes at least one argument: the name of the template to be included.",
        ));
    }
    let template = relative_name(parser.template_name(), words.remove(0), true)?;
    let template = parser.expression(&template)?;
    let (mut values, mut only) = (Vec::new(), false);
    while !words.is_empty() {
        let option = words.remove(0);
        let again = match option {
            "with" => !values.is_empty(),
            "only" => only,
            _ => {
                return Err(Error::syntax(format!(
                    "Unknown argument for 'include' tag: '{option}'."
                )));
            }
        };
        if again {
            return Err(Error::syntax(format!(
                "The '{option}' option was specified more than once."
            )));
        }
        if option == "only" {
            only = true;
            continue;
        }
        values = parser.named(&mut words)?;
        if values.is_empty() {
            return Err(Error::syntax(
                "\"with\" in 'include' tag needs at least one keyword argument.",
            ));
        }
    }
    match template.constant().and_then(Value::as_str) {
        Some(name) => parser.reference(name),
        None => parser.mention_everything(),
    }
    let home = parser.template_name().into();
    Ok(Box::new(Include {
        template,
        values,
        only,
        home,
    }))
}

impl Tag for Include {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        let target = renderer.eval(&self.template)?;
        let mut values = Vec::with_capacity(self.values.len());
        for NamedExpression { name, value } in &self.values {
            values.push((name, renderer.eval(value)?));
        }
        let render = |renderer: &mut Renderer<'r>| {
            for (name, value) in values {
                renderer.set(name, value);
            }
            self.render_target(&target, renderer)
        };
        if self.only {
            renderer.isolated(render)
        } else {
            renderer.scoped(render)
        }
    }
}

impl Include {
    fn render_target<'r>(
        &'r self,
        target: &Value<'r>,
        renderer: &mut Renderer<'r>,
    ) -> Result<(), Error> {
        if let Some(template) = renderer.env.object(target).and_then(Object::template) {
            return renderer.render_part(template.compiled(), template.part());
        }
        if let Some(name) = target.as_str().filter(|name| !name.is_empty()) {
            let name = relative_name(&self.home, name, true)?;
            return renderer.render_named(&name);
        }
        let names = renderer.env.items(target);
        if names.is_none() && target.is_true() {
            return Err(Error::wrong_type(
                "what to include is a name, a list of names, or a template",
            ));
        }
        let Some(names) = names.filter(|names| !names.is_empty()) else {
            return Err(Error::not_found("No template names provided"));
        };
        for name in &names {
            match renderer.render_named(&name.to_text()) {
                Err(error) if error.is_not_found() && error.template().is_none() => {}
                done => return done,
            }
        }
        let names: Vec<_> = names.iter().map(Value::to_text).collect();
        Err(Error::not_found(&names.join(", ")))
    }
}

/// The full name of `./part.html` and `../part.html`; other names as they are. Quotes around the name stay.
pub(super) fn relative_name<'n>(
    home: &str,
    name: &'n str,
    recursion: bool,
) -> Result<Cow<'n, str>, Error> {
    let bare = name.trim_matches(['\'', '"']);
    if !bare.starts_with("./") && !bare.starts_with("../") {
        return Ok(Cow::Borrowed(name));
    }
    if home == crate::template::UNNAMED {
        return Err(Error::syntax(format!(
            "The relative path {name} cannot be evaluated due to an unknown template origin."
        )));
    }
    let folder = home.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(bare.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    return Err(Error::syntax(format!(
                        "The relative path '{name}' points outside the file hierarchy that template '{home}' is in."
                    )));
                }
            }
            part => parts.push(part),
        }
    }
    let full = parts.join("/");
    if !recursion && full == home {
        return Err(Error::syntax(format!(
            "The relative path '{name}' was translated to template name '{full}', the same template in which the tag appears."
        )));
    }
    Ok(Cow::Owned(if bare.len() < name.len() {
        format!("\"{full}\"")
    } else {
        full
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_names_stay_inside() {
        let full = |name| relative_name("a/b/c.html", name, true).map(Cow::into_owned);
        assert_eq!(full("'./x.html'").unwrap(), "\"a/b/x.html\"");
        assert_eq!(full("../x.html").unwrap(), "a/x.html");
        assert_eq!(full("'x.html'").unwrap(), "'x.html'");
        assert!(full("'../../../x.html'").is_err());
    }
}
