//! `Variable`: a variable or literal on its own, for tags that want no filters.

use super::expression::{Head, variable};
use super::literal::{constant_length, number, unescape_string_literal};
use super::names::Names;
use crate::error::Error;
use crate::value::Value;

/// A variable or a literal, without filters.
///
/// A tag resolves it with [`Renderer::resolve`](crate::Renderer::resolve); most tags are better served by
/// [`Parser::expression`](crate::Parser::expression).
///
/// ```
/// use nuages_template::{context, Engine, Error, Library, NoServices, Renderer, Tag, Variable};
/// #[derive(Debug)]
/// struct Shout(Variable);
/// impl Tag for Shout {
///     fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
///         let value = renderer.resolve(&self.0)?;
///         renderer.write_text(&value.to_text().to_uppercase());
///         Ok(())
///     }
/// }
/// let library = Library::new().tag("shout", |parser, token| {
///     let words = token.arguments();
///     Ok(Box::new(Shout(parser.variable(words.first().unwrap_or(&""))?)))
/// });
/// let engine = Engine::builder().library(library).build();
/// let page = engine.from_str("{% shout user.name %}")?;
/// let user = std::collections::BTreeMap::from([("name", "ada")]);
/// assert_eq!(page.render(&context! { user }, &NoServices)?, "ADA");
/// assert!(page.render(&context! {}, &NoServices).is_err());
/// # Ok::<(), Error>(())
/// ```
///
/// # Django
/// `django.template.Variable`.
#[derive(Debug)]
pub struct SingleVariable {
    source: Box<str>,
    pub(crate) head: Head,
}

impl SingleVariable {
    /// The variable or literal.
    ///
    /// # Errors
    /// `Syntax` for a name that is none, or that begins with an underscore.
    pub fn new(text: &str) -> Result<Self, Error> {
        Self::compile(text, &mut Names::default())
    }

    pub(super) fn compile(text: &str, names: &mut Names) -> Result<Self, Error> {
        let inner = text
            .strip_prefix("_(")
            .and_then(|rest| rest.strip_suffix(')'));
        let inner = inner.filter(|_| number(text).is_none());
        let bare = inner.unwrap_or(text);
        if bare.is_empty() {
            return Err(Error::syntax("a variable without a name"));
        }
        let head = match unescape_string_literal(bare) {
            Ok(literal) if constant_length(bare).is_some() || bare.len() > 1 => {
                Head::Constant(Value::Safe(literal.into()))
            }
            _ => variable(bare, names)?,
        };
        Ok(Self {
            source: text.into(),
            head,
        })
    }

    /// The text it was compiled from.
    pub fn source(&self) -> &str {
        &self.source
    }
}
