//! Tags that are functions: `simple_tag`, `simple_block_tag` and `inclusion_tag`.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::signature::Signature;
use crate::error::Error;
use crate::nodes::{NodeList, Tag};
use crate::render::{Name, Renderer};
use crate::syntax::{Expression, NamedExpression, Parser, TagToken};
use crate::value::Value;

pub(super) type Run = Arc<
    dyn for<'r> Fn(&Arguments<'r>, &mut Renderer<'r>) -> Result<Value<'r>, Error> + Send + Sync,
>;

pub(super) type Fill = Arc<
    dyn for<'r> Fn(&Arguments<'r>, &mut Variables<'r>, &mut Renderer<'r>) -> Result<(), Error>
        + Send
        + Sync,
>;

/// The arguments of a function tag.
#[derive(Debug, Default)]
pub struct Arguments<'r> {
    positional: Vec<Value<'r>>,
    named: Vec<(&'r str, Value<'r>)>,
    content: Option<Value<'r>>,
    signature: Option<&'r Signature>,
}

impl<'r> Arguments<'r> {
    /// The arguments without names.
    pub fn positional(&self) -> &[Value<'r>] {
        &self.positional
    }

    /// The arguments with names, in the template's order.
    pub fn named(&self) -> &[(&'r str, Value<'r>)] {
        &self.named
    }

    /// The argument at this position.
    pub fn get(&self, index: usize) -> Option<&Value<'r>> {
        self.positional.get(index)
    }

    /// The argument of this name.
    pub fn get_named(&self, name: &str) -> Option<&Value<'r>> {
        self.named
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    /// The argument of this name, given with it, by its position, or not at all when it has a value of its own.
    ///
    /// See [`Signature`].
    pub fn value(&self, name: &str) -> Option<Value<'r>> {
        if let Some(value) = self.get_named(name) {
            return Some(value.clone());
        }
        let signature = self.signature?;
        let given = signature.position(name).and_then(|at| self.get(at));
        match given {
            Some(value) => Some(value.clone()),
            None => signature.default(name).cloned(),
        }
    }

    /// The arguments without names behind those that the signature names (`*args`).
    pub fn rest(&self) -> &[Value<'r>] {
        let named = self.signature.map_or(0, Signature::positions);
        self.positional.get(named..).unwrap_or_default()
    }

    /// The arguments with names that the signature does not have (`**kwargs`).
    pub fn others(&self) -> impl Iterator<Item = (&'r str, &Value<'r>)> {
        let signature = self.signature;
        let others = self.named.iter();
        others
            .filter(move |(name, _)| !signature.is_some_and(|known| known.names(name)))
            .map(|(name, value)| (*name, value))
    }

    /// The rendered contents of a block tag.
    pub fn content(&self) -> Option<&Value<'r>> {
        self.content.as_ref()
    }
}

/// The variables that an inclusion tag gives to its template.
#[derive(Debug, Default)]
pub struct Variables<'r>(Vec<(Cow<'static, str>, Value<'r>)>);

impl<'r> Variables<'r> {
    /// Sets a variable.
    pub fn set(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Value<'r>>) {
        self.0.push((name.into(), value.into()));
    }
}

/// The arguments before they are evaluated.
#[derive(Debug)]
struct Parameters {
    positional: Vec<Expression>,
    named: Vec<NamedExpression>,
    signature: Arc<Signature>,
}

impl Parameters {
    fn compile(
        parser: &mut Parser<'_>,
        signature: Arc<Signature>,
        words: &[&str],
    ) -> Result<Self, Error> {
        let tag = signature.name.clone();
        let mut found = Self {
            positional: Vec::new(),
            named: Vec::new(),
            signature,
        };
        for word in words {
            let mut one = vec![*word];
            let named = parser.named(&mut one)?;
            if named.is_empty() && !found.named.is_empty() {
                return Err(Error::syntax(format!(
                    "'{tag}' received some positional argument(s) after some keyword argument(s)"
                )));
            }
            for named in named {
                if found.named.iter().any(|known| known.name == named.name) {
                    let name = named.name.as_str();
                    return Err(Error::syntax(format!(
                        "'{tag}' received multiple values for keyword argument '{name}'"
                    )));
                }
                found.named.push(named);
            }
            if let [word] = one.as_slice() {
                found.positional.push(parser.expression(word)?);
            }
        }
        let names: Vec<&str> = found.named.iter().map(|one| one.name.as_str()).collect();
        found.signature.check(found.positional.len(), &names)?;
        Ok(found)
    }

    fn evaluate<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<Arguments<'r>, Error> {
        let mut arguments = Arguments {
            signature: Some(&self.signature),
            ..Arguments::default()
        };
        for expression in &self.positional {
            arguments.positional.push(renderer.eval(expression)?);
        }
        for NamedExpression { name, value } in &self.named {
            arguments.named.push((name.as_str(), renderer.eval(value)?));
        }
        Ok(arguments)
    }
}

struct SimpleTag {
    parameters: Parameters,
    contents: Option<NodeList>,
    target: Option<Name>,
    run: Run,
}

pub(super) fn compile(
    parser: &mut Parser<'_>,
    token: TagToken<'_>,
    signature: Arc<Signature>,
    run: Run,
    end: Option<&str>,
) -> Result<Box<dyn Tag>, Error> {
    let mut words = token.arguments();
    let mut target = None;
    if let [.., "as", name] = words.as_slice() {
        target = Some(Name::new(name));
        words.truncate(words.len() - 2);
    }
    let contents = match end {
        Some(end) => Some(parser.parse_until(&[end])?.0),
        None => None,
    };
    // The function may ask the renderer for any variable.
    parser.mention_everything();
    let parameters = Parameters::compile(parser, signature, &words)?;
    Ok(Box::new(SimpleTag {
        parameters,
        contents,
        target,
        run,
    }))
}

impl Tag for SimpleTag {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        let mut arguments = self.parameters.evaluate(renderer)?;
        if let Some(contents) = &self.contents {
            let html = renderer.capture(|renderer| contents.render(renderer))?;
            arguments.content = Some(Value::Safe(Cow::Owned(html)));
        }
        let value = (self.run)(&arguments, renderer)?;
        match &self.target {
            Some(name) => renderer.set(name, value),
            None => renderer.write_plain(&value)?,
        }
        Ok(())
    }
}

impl fmt::Debug for SimpleTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SimpleTag").field(&self.parameters).finish()
    }
}

struct InclusionTag {
    parameters: Parameters,
    template: Arc<str>,
    run: Fill,
}

pub(super) fn compile_inclusion(
    parser: &mut Parser<'_>,
    token: TagToken<'_>,
    signature: Arc<Signature>,
    template: Arc<str>,
    run: Fill,
) -> Result<Box<dyn Tag>, Error> {
    parser.mention_everything();
    let parameters = Parameters::compile(parser, signature, &token.arguments())?;
    Ok(Box::new(InclusionTag {
        parameters,
        template,
        run,
    }))
}

impl Tag for InclusionTag {
    fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
        let arguments = self.parameters.evaluate(renderer)?;
        let mut variables = Variables::default();
        (self.run)(&arguments, &mut variables, renderer)?;
        let token = renderer.get("csrf_token");
        let template = renderer.template(&self.template)?;
        renderer.isolated(|renderer| {
            if let Some(token) = token {
                renderer.set_text("csrf_token", token);
            }
            for (name, value) in variables.0 {
                renderer.set_text(&name, value);
            }
            renderer.render_included(template)
        })
    }
}

impl fmt::Debug for InclusionTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("InclusionTag")
            .field(&self.template)
            .field(&self.parameters)
            .finish()
    }
}
