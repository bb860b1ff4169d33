//! `Signature`: the name of a function tag, and the arguments that it takes.

use std::borrow::Cow;

use crate::error::Error;
use crate::value::Value;

/// The name of a function tag and its parameters, checked when a template is compiled.
///
/// A plain name takes any arguments; so does a signature with [`Signature::args`] and [`Signature::kwargs`].
///
/// ```
/// use nuages_template::{context, Engine, Library, NoServices, Signature, Value};
/// let greet = Signature::new("greet").required("name").optional("greeting", "Hello");
/// let library = Library::new().simple_tag(greet, |arguments, _| {
///     let part = |name| arguments.value(name).unwrap_or_default().to_text().into_owned();
///     Ok(Value::from(format!("{} {}", part("greeting"), part("name"))))
/// });
/// let engine = Engine::builder().library(library).build();
/// let page = engine.from_str("{% greet 'Ada' %}, {% greet name='Bob' greeting='Hi' %}")?;
/// assert_eq!(page.render(&context! {}, &NoServices)?, "Hello Ada, Hi Bob");
/// let error = engine.from_str("{% greet %}").unwrap_err();
/// assert!(error.message().contains("did not receive value(s) for the argument(s): 'name'"));
/// # Ok::<(), nuages_template::Error>(())
/// ```
///
/// # Django
/// The parameters of the Python function behind a `simple_tag`, a `simple_block_tag` or an `inclusion_tag`,
/// without `context` and `content`.
#[derive(Clone, Debug)]
pub struct Signature {
    pub(crate) name: Cow<'static, str>,
    pub(crate) end: Option<Cow<'static, str>>,
    positional: Vec<Parameter>,
    keyword_only: Vec<Parameter>,
    args: bool,
    kwargs: bool,
}

#[derive(Clone, Debug)]
struct Parameter {
    name: Cow<'static, str>,
    default: Option<Value<'static>>,
}

/// Any arguments.
impl<N: Into<Cow<'static, str>>> From<N> for Signature {
    fn from(name: N) -> Self {
        Self::new(name).args().kwargs()
    }
}

impl Signature {
    /// A tag without arguments.
    pub fn new(name: impl Into<Cow<'static, str>>) -> Self {
        Self {
            name: name.into(),
            end: None,
            positional: Vec::new(),
            keyword_only: Vec::new(),
            args: false,
            kwargs: false,
        }
    }

    /// The next argument, by its position or its name.
    #[must_use]
    pub fn required(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        let (name, default) = (name.into(), None);
        self.positional.push(Parameter { name, default });
        self
    }

    /// The next argument, which has a value when it is not given.
    #[must_use]
    pub fn optional(
        mut self,
        name: impl Into<Cow<'static, str>>,
        default: impl Into<Value<'static>>,
    ) -> Self {
        let (name, default) = (name.into(), Some(default.into()));
        self.positional.push(Parameter { name, default });
        self
    }

    /// An argument that is given by name only.
    #[must_use]
    pub fn keyword_only(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        let (name, default) = (name.into(), None);
        self.keyword_only.push(Parameter { name, default });
        self
    }

    /// An argument that is given by name only, and has a value when it is not given.
    #[must_use]
    pub fn keyword_only_optional(
        mut self,
        name: impl Into<Cow<'static, str>>,
        default: impl Into<Value<'static>>,
    ) -> Self {
        let (name, default) = (name.into(), Some(default.into()));
        self.keyword_only.push(Parameter { name, default });
        self
    }

    /// Any more arguments without names (`*args`).
    #[must_use]
    pub fn args(mut self) -> Self {
        self.args = true;
        self
    }

    /// Any more arguments with names (`**kwargs`).
    #[must_use]
    pub fn kwargs(mut self) -> Self {
        self.kwargs = true;
        self
    }

    /// The name of the tag that ends the contents of a block tag; `end` and the name by default.
    ///
    /// # Django
    /// `end_name`.
    #[must_use]
    pub fn end(mut self, end: impl Into<Cow<'static, str>>) -> Self {
        self.end = Some(end.into());
        self
    }

    /// Do so many arguments, and those of these names, suit the tag?
    pub(super) fn check(&self, count: usize, named: &[&str]) -> Result<(), Error> {
        let tag = &self.name;
        if let Some(name) = named.iter().find(|name| !self.knows(name)) {
            return Err(Error::syntax(format!(
                "'{tag}' received unexpected keyword argument '{name}'"
            )));
        }
        if count > self.positional.len() && !self.args {
            return Err(Error::syntax(format!(
                "'{tag}' received too many positional arguments"
            )));
        }
        let twice = self.positional.iter().take(count);
        if let Some(twice) = twice
            .map(|known| &*known.name)
            .find(|name| named.contains(name))
        {
            return Err(Error::syntax(format!(
                "'{tag}' received multiple values for argument '{twice}'"
            )));
        }
        let rest = self.positional.iter().skip(count);
        let missing: Vec<String> = rest
            .chain(&self.keyword_only)
            .filter(|wanted| wanted.default.is_none() && !named.contains(&&*wanted.name))
            .map(|wanted| format!("'{}'", wanted.name))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let missing = missing.join(", ");
        Err(Error::syntax(format!(
            "'{tag}' did not receive value(s) for the argument(s): {missing}"
        )))
    }

    /// How many arguments have a position of their own.
    pub(super) fn positions(&self) -> usize {
        self.positional.len()
    }

    /// The position of the argument.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.positional.iter().position(|known| known.name == name)
    }

    /// What the argument is when it is not given.
    pub(super) fn default(&self, name: &str) -> Option<&Value<'static>> {
        self.all()
            .find(|known| known.name == name)?
            .default
            .as_ref()
    }

    /// Is it an argument of its own, and not one of `**kwargs`?
    pub(super) fn names(&self, name: &str) -> bool {
        self.all().any(|known| known.name == name)
    }

    fn knows(&self, name: &str) -> bool {
        self.kwargs || self.names(name)
    }

    fn all(&self) -> impl Iterator<Item = &Parameter> {
        self.positional.iter().chain(&self.keyword_only)
    }
}
