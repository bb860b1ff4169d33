//! `{% querystring [pairs…] [key=value …] %}`: the request's query string with changes.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{% querystring filters page=2 sort=None %}")?;
//! let filters = std::collections::BTreeMap::from([("q", "a b"), ("sort", "x")]);
//! assert_eq!(page.render(&context! { filters }, &NoServices)?, "?q=a+b&amp;page=2");
//! # Ok::<(), nuages_template::Error>(())
//! ```

use std::borrow::Cow;

use crate::error::Error;
use crate::html::percent_encode;
use crate::nodes::Tag;
use crate::render::{Name, Renderer};
use crate::syntax::{Expression, NamedExpression, Parser, TagToken};
use crate::value::Value;

#[derive(Debug)]
struct QueryString {
    mappings: Vec<Expression>,
    changes: Vec<NamedExpression>,
    target: Option<Name>,
    request: Name,
}

pub(super) fn compile(parser: &mut Parser<'_>, token: TagToken<'_>) -> Result<Box<dyn Tag>, Error> {
    let mut words = token.arguments();
    let target = super::take_target(&mut words);
    let (mut mappings, mut changes) = (Vec::new(), Vec::<NamedExpression>::new());
    for word in words {
        let mut one = vec![word];
        let named = parser.named(&mut one)?;
        if named.is_empty() {
            if !changes.is_empty() {
                return Err(Error::syntax(
                    "'querystring' received some positional argument(s) after some keyword argument(s)",
                ));
            }
            mappings.push(parser.expression(word)?);
        }
        for change in named {
            if changes.iter().any(|known| known.name == change.name) {
                return Err(Error::syntax(format!(
                    "'querystring' received multiple values for keyword argument '{}'",
                    change.name.as_str()
                )));
            }
            changes.push(change);
        }
    }
    if mappings.is_empty() {
        parser.mention("request");
    }
    Ok(Box::new(QueryString {
        mappings,
        changes,
        target,
        request: Name::new("request"),
    }))
}

/// Keys with their values, in the order in which the keys came first.
#[derive(Default)]
struct Pairs(Vec<(String, Vec<String>)>);

impl Pairs {
    fn set(&mut self, key: &str, values: Vec<String>) {
        match self.0.iter_mut().find(|(known, _)| known == key) {
            Some((_, old)) => *old = values,
            None => self.0.push((key.to_owned(), values)),
        }
    }

    fn set_value(&mut self, key: &str, value: &Value<'_>) {
        if value.is_none() {
            self.0.retain(|(known, _)| known != key);
        } else if value.as_str().is_none()
            && let Some(items) = value.iterate()
        {
            self.set(key, texts(items));
        } else {
            self.set(key, vec![value.to_text().into_owned()]);
        }
    }

    fn encode(&self) -> String {
        let mut out = String::from("?");
        for (key, values) in &self.0 {
            for value in values {
                if out.len() > 1 {
                    out.push('&');
                }
                percent_encode(key, b"", true, &mut out);
                out.push('=');
                percent_encode(value, b"", true, &mut out);
            }
        }
        out
    }
}

/// What is written of several values: not `None`.
fn texts<'v>(values: impl Iterator<Item = Value<'v>>) -> Vec<String> {
    values
        .filter(|value| !value.is_none())
        .map(|value| value.to_text().into_owned())
        .collect()
}

impl Tag for QueryString {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        let mut pairs = Pairs::default();
        if self.mappings.is_empty() {
            let request = renderer.get(self.request.as_str());
            let query = request.as_ref().and_then(|request| request.attr("GET"));
            let Some(query) = query else {
                return Err(Error::value(
                    "{% querystring %} needs the variable 'request'",
                ));
            };
            add_mapping(&query, &mut pairs)?;
        }
        for mapping in &self.mappings {
            let value = renderer.eval(mapping)?;
            add_mapping(&value, &mut pairs)?;
        }
        for NamedExpression { name, value } in &self.changes {
            let value = renderer.eval(value)?;
            pairs.set_value(name.as_str(), &value);
        }
        let text = Value::Str(Cow::Owned(pairs.encode()));
        match &self.target {
            Some(name) => renderer.set(name, text),
            None => renderer.write_value(&text)?,
        }
        Ok(())
    }
}

fn add_mapping(value: &Value<'_>, pairs: &mut Pairs) -> Result<(), Error> {
    let object = value.as_object();
    if let Some(query) = object.and_then(crate::object::Object::query_lists) {
        for (key, values) in query {
            pairs.set(&key, texts(values.into_iter()));
        }
        return Ok(());
    }
    let Some(entries) = object.and_then(crate::object::Object::entries) else {
        return Err(Error::syntax(
            "querystring requires mappings for positional arguments",
        ));
    };
    for (key, value) in entries {
        let Some(key) = key.as_str() else {
            return Err(Error::syntax(
                "querystring requires strings for mapping keys",
            ));
        };
        pairs.set_value(key, &value);
    }
    Ok(())
}
