//! `Engine`: loaders, libraries and options, and the templates compiled so far.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::error::Error;
use crate::library::Library;
use crate::loaders::{Loader, Source, is_plain_name};
use crate::template::{Compiled, Template, UNNAMED};

/// The template engine: finds, compiles and keeps templates. A clone is the same engine.
///
/// ```
/// use nuages_template::{context, Engine, MemoryLoader, NoServices};
/// let engine = Engine::builder()
///     .loader(MemoryLoader::new([
///         ("base.html", "<title>{% block title %}Site{% endblock %}</title>"),
///         ("page.html", "{% extends 'base.html' %}{% block title %}{{ title }} - {{ block.super }}{% endblock %}"),
///     ]))
///     .build();
/// let page = engine.get_template("page.html")?;
/// let html = page.render(&context! { title: "A & B" }, &NoServices)?;
/// assert_eq!(html, "<title>A &amp; B - Site</title>");
/// # Ok::<(), nuages_template::Error>(())
/// ```
///
/// # Django
/// `django.template.Engine` with the cached loader; in debug mode a template is compiled anew when its file changed.
#[derive(Clone, Debug)]
pub struct Engine(pub(crate) Arc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) loaders: Vec<Box<dyn Loader>>,
    pub(crate) builtins: Library,
    pub(crate) libraries: HashMap<String, Library>,
    pub(crate) string_if_invalid: String,
    pub(crate) autoescape: bool,
    pub(crate) debug: bool,
    pub(crate) urlize_http: bool,
    pub(crate) limits: Limits,
    cache: RwLock<HashMap<String, Cached>>,
}

/// How much one rendering may cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Bytes of output, and of any single text that a filter makes.
    pub(crate) output: usize,
    /// Nodes rendered, those in loops each time.
    pub(crate) steps: u64,
    /// Is nesting limited?
    pub(crate) depth: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            output: 64 << 20,
            steps: 50_000_000,
            depth: true,
        }
    }
}

impl Limits {
    /// Is a text of this length within the limit?
    #[inline]
    pub(crate) fn check_length(self, length: usize) -> Result<(), Error> {
        if length > self.output {
            return Err(Error::too_long(self.output));
        }
        Ok(())
    }
}

#[derive(Clone, Debug)]
struct Cached {
    compiled: Arc<Compiled>,
    loader: usize,
    source: Source,
}

impl Default for Engine {
    /// An engine without loaders, for [`Engine::from_str`].
    fn default() -> Self {
        Self::builder().build()
    }
}

impl Engine {
    /// Starts the description of an engine.
    pub fn builder() -> EngineBuilder {
        EngineBuilder::default()
    }

    /// Is this the debug mode?
    pub fn is_debug(&self) -> bool {
        self.0.debug
    }

    /// The tags and filters that need no `{% load %}`.
    pub fn builtins(&self) -> &Library {
        &self.0.builtins
    }

    /// The libraries that `{% load name %}` finds, in the order of their names.
    ///
    /// ```
    /// use nuages_template::Engine;
    /// assert!(Engine::default().libraries().any(|(name, _)| name == "static"));
    /// ```
    pub fn libraries(&self) -> impl Iterator<Item = (&str, &Library)> {
        let mut all: Vec<_> = self.0.libraries.iter().collect();
        all.sort_unstable_by_key(|(name, _)| *name);
        all.into_iter()
            .map(|(name, library)| (name.as_str(), library))
    }

    /// The template of this name, compiled once.
    ///
    /// `name#part` gives the partial `part` that the template defines with `{% partialdef part %}`.
    ///
    /// # Errors
    /// `NotFound` when no loader has it, `Load` when it cannot be read, `Syntax` when it does not compile.
    ///
    /// # Security
    /// A name that leaves the template folders is not found, whoever the loader is.
    pub fn get_template(&self, name: &str) -> Result<Template, Error> {
        let (name, partial) = match name.split_once('#') {
            Some((name, partial)) => (name, Some(partial)),
            None => (name, None),
        };
        let template = Template::new(self.clone(), self.compiled(name)?);
        match partial {
            Some(partial) => template.partial(partial),
            None => Ok(template),
        }
    }

    /// The first of these templates that exists.
    ///
    /// # Errors
    /// As [`Engine::get_template`]; `NotFound` when none exists.
    ///
    /// # Django
    /// `select_template`.
    pub fn select_template(&self, names: &[&str]) -> Result<Template, Error> {
        for name in names {
            match self.get_template(name) {
                Err(error) if error.is_not_found() => {}
                found => return found,
            }
        }
        Err(Error::not_found(&names.join(", ")))
    }

    /// Compiles a template from its source.
    ///
    /// # Errors
    /// `Syntax` when it does not compile.
    ///
    /// # Security
    /// The source is program text: never compile what a visitor wrote.
    pub fn from_str(&self, source: &str) -> Result<Template, Error> {
        let compiled = Compiled::compile(&self.0, UNNAMED, source.into(), Origin::default())?;
        Ok(Template::new(self.clone(), Arc::new(compiled)))
    }

    /// What is written for a variable that does not exist.
    pub(crate) fn invalid(&self, variable: &str) -> Cow<'_, str> {
        let invalid = &self.0.string_if_invalid;
        match invalid.split_once("%s") {
            Some((before, after)) => Cow::Owned(format!("{before}{variable}{after}")),
            None => Cow::Borrowed(invalid),
        }
    }

    /// All mistakes of a source, in its order: after each the parser goes on behind the tag.
    ///
    /// ```
    /// use nuages_template::Engine;
    /// let found = Engine::default().check("page.html", "{% iff a %}{{ b|uper }}\n{% endif %}{% if c %}");
    /// let hints: Vec<_> = found.iter().filter_map(|error| error.hint()).collect();
    /// assert_eq!(hints, ["did you mean 'if'?", "did you mean 'upper'?"]);
    /// assert_eq!(found.last().unwrap().line(), Some(2));
    /// ```
    pub fn check(&self, name: &str, source: &str) -> Vec<Error> {
        self.check_assuming(name, source, &[])
    }

    /// As [`Engine::check`], with libraries that are taken for given although the engine has them not: nothing is told of
    /// them, and nothing of tags and filters that may be theirs. `*` takes each for given, and tags that need no `{% load %}`.
    ///
    /// ```
    /// use nuages_template::Engine;
    /// let source = "{% load shop %}{% basket user %}{{ price|currency }}{% if x %}";
    /// let found = Engine::default().check_assuming("page.html", source, &["shop".to_owned()]);
    /// assert_eq!(found.len(), 1);
    /// assert!(found[0].message().contains("Unclosed tag"));
    /// ```
    pub fn check_assuming(&self, name: &str, source: &str, libraries: &[String]) -> Vec<Error> {
        crate::syntax::Parser::mistakes(&self.0, name, source, libraries)
    }

    /// Where a source prints a variable in a place in which escaping for HTML is not enough: in a script or the handler
    /// of an event, in an attribute without quotes, in a style, or at the beginning of a URL.
    ///
    /// These are warnings: the template compiles and renders, as in Django. Only sources whose names end as those of HTML
    /// and scripts do are looked at. Filters that give numbers, `escapejs` within quotes, and variables that are called
    /// `id` or `pk` are taken for right, and so is every line with a comment that says why: `{# exempt: only digits #}`.
    ///
    /// ```
    /// use nuages_template::{Engine, ErrorKind};
    /// let source = "<a class={{ kind }}>{{ text }}</a>\n<script>let name = '{{ name|escapejs }}', age = {{ age }};</script>";
    /// let found = Engine::default().lint("page.html", source);
    /// let places: Vec<_> = found.iter().filter_map(|warning| Some((warning.line()?, warning.column()?))).collect();
    /// assert_eq!(places, [(1, 10), (2, 49)]);
    /// assert_eq!(found[0].kind(), ErrorKind::Unescaped);
    /// assert_eq!(found[0].hint(), Some("write class=\"{{ kind }}\""));
    /// ```
    ///
    /// # Security
    /// It reads one source and knows no values: what it does not tell is not shown to be right.
    /// A block that a parent puts into a script begins as text here.
    ///
    /// # Django
    /// Nobody is told.
    pub fn lint(&self, name: &str, source: &str) -> Vec<Error> {
        crate::lint::lint(name, source)
    }

    /// Forgets all compiled templates.
    pub fn clear_cache(&self) {
        self.0
            .cache
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    pub(crate) fn compiled(&self, name: &str) -> Result<Arc<Compiled>, Error> {
        if !is_plain_name(name) {
            return Err(Error::not_found(name));
        }
        let cached = self
            .0
            .cache
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(name)
            .cloned();
        if let Some(cached) = cached
            && !self.is_stale(&cached)
        {
            return Ok(cached.compiled);
        }
        let Some((loader, source)) = self.load(name, &[])? else {
            return Err(self.missing(name));
        };
        let origin = Origin {
            loader,
            origin: source.origin.clone(),
        };
        let compiled = Arc::new(Compiled::compile(
            &self.0,
            name,
            (&*source.text).into(),
            origin,
        )?);
        let source = Source {
            text: "".into(),
            ..source
        };
        let cached = Cached {
            compiled: compiled.clone(),
            loader,
            source,
        };
        self.0
            .cache
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(name.to_owned(), cached);
        Ok(compiled)
    }

    /// The template of this name from the next place after those seen: `{% extends %}` of the own name.
    pub(crate) fn compiled_after(
        &self,
        name: &str,
        seen: &[Origin],
    ) -> Result<Arc<Compiled>, Error> {
        let Some((loader, source)) = self.load(name, seen)? else {
            return Err(Error::not_found(name)
                .with_hint("the template extends itself, and no other loader has it"));
        };
        let origin = Origin {
            loader,
            origin: source.origin,
        };
        Ok(Arc::new(Compiled::compile(
            &self.0,
            name,
            (&*source.text).into(),
            origin,
        )?))
    }

    fn load(&self, name: &str, seen: &[Origin]) -> Result<Option<(usize, Source)>, Error> {
        for (index, loader) in self.0.loaders.iter().enumerate() {
            for source in loader.load(name)? {
                if !seen
                    .iter()
                    .any(|origin| origin.loader == index && origin.origin == source.origin)
                {
                    return Ok(Some((index, source)));
                }
            }
        }
        Ok(None)
    }

    fn is_stale(&self, cached: &Cached) -> bool {
        self.0.debug
            && self.0.loaders.get(cached.loader).is_some_and(|loader| {
                loader.modified(&cached.source.origin) != cached.source.modified
            })
    }

    fn missing(&self, name: &str) -> Error {
        let error = Error::not_found(name);
        if self.0.loaders.is_empty() {
            return error
                .with_hint("the engine has no loader: add one with Engine::builder().loader(..)");
        }
        error
    }
}

/// Which source of which loader a template came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) loader: usize,
    pub(crate) origin: String,
}

/// The description of an [`Engine`].
#[derive(Debug)]
pub struct EngineBuilder {
    loaders: Vec<Box<dyn Loader>>,
    builtins: Library,
    libraries: HashMap<String, Library>,
    string_if_invalid: String,
    autoescape: bool,
    debug: bool,
    urlize_http: bool,
    limits: Limits,
}

impl Default for EngineBuilder {
    fn default() -> Self {
        Self {
            loaders: Vec::new(),
            builtins: crate::library::builtins(),
            libraries: crate::library::loadable(),
            string_if_invalid: String::new(),
            autoescape: true,
            debug: false,
            urlize_http: false,
            limits: Limits::default(),
        }
    }
}

impl EngineBuilder {
    /// Adds a loader; the first one that has a template wins.
    #[must_use]
    pub fn loader(mut self, loader: impl Loader + 'static) -> Self {
        self.loaders.push(Box::new(loader));
        self
    }

    /// Debug mode: templates are compiled anew when they changed on the disk.
    #[must_use]
    pub fn debug(mut self, debug: bool) -> Self {
        self.debug = debug;
        self
    }

    /// What is written for a variable that does not exist; with it set, such a variable skips its filters.
    #[must_use]
    pub fn string_if_invalid(mut self, text: impl Into<String>) -> Self {
        self.string_if_invalid = text.into();
        self
    }

    /// Adds tags and filters that need no `{% load %}`.
    ///
    /// # Django
    /// The `builtins` option.
    #[must_use]
    pub fn library(mut self, library: Library) -> Self {
        self.builtins.extend(library);
        self
    }

    /// Adds tags and filters under the name that `{% load name %}` uses.
    ///
    /// # Django
    /// The `libraries` option.
    #[must_use]
    pub fn loadable(mut self, name: impl Into<String>, library: Library) -> Self {
        self.libraries
            .entry(name.into())
            .or_default()
            .extend(library);
        self
    }

    /// Switches autoescaping off for all templates of this engine, for plain text.
    ///
    /// # Security
    /// Never for HTML: variables are written as they are.
    #[must_use]
    pub fn insecure_without_autoescape(mut self) -> Self {
        self.autoescape = false;
        self
    }

    /// Lets `urlize` link `example.com` to `http://` as Django 6 does, and not to `https://`.
    ///
    /// # Django
    /// `URLIZE_ASSUME_HTTPS = False`.
    #[must_use]
    pub fn insecure_urlize_http(mut self) -> Self {
        self.urlize_http = true;
        self
    }

    /// How many bytes one rendering may write, 64 MiB unless told otherwise; no filter makes a longer text either.
    ///
    /// ```
    /// use nuages_template::{context, Engine, ErrorKind, NoServices};
    /// let engine = Engine::builder().max_output(1000).build();
    /// let page = engine.from_str("{% for a in v %}{% for b in v %}-{% endfor %}{% endfor %}")?;
    /// assert!(page.render(&context! { v: "x".repeat(30) }, &NoServices).is_ok());
    /// let error = page.render(&context! { v: "x".repeat(40) }, &NoServices).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Limit);
    /// # Ok::<(), nuages_template::Error>(())
    /// ```
    ///
    /// # Django
    /// There is no such limit.
    #[must_use]
    pub fn max_output(mut self, bytes: usize) -> Self {
        self.limits.output = bytes;
        self
    }

    /// How many nodes (texts, variables, tags) one rendering may go through, 50 million unless told otherwise.
    ///
    /// A page of a thousand rows with ten cells takes some fifty thousand.
    /// What a visitor can make longer, such as a list that is walked in a list, ends here and not in an outage.
    /// See [`Services::is_cancelled`](crate::Services::is_cancelled) for a limit of time.
    ///
    /// # Django
    /// There is no such limit.
    #[must_use]
    pub fn max_steps(mut self, steps: u64) -> Self {
        self.limits.steps = steps;
        self
    }

    /// Lets tags, conditions and includes be nested without a limit.
    ///
    /// # Security
    /// A template that includes itself then overflows the stack, which ends the whole process.
    /// It exists for the test that shows it.
    #[must_use]
    pub fn insecure_without_depth_limit(mut self) -> Self {
        self.limits.depth = false;
        self
    }

    /// The engine.
    pub fn build(self) -> Engine {
        Engine(Arc::new(Inner {
            loaders: self.loaders,
            builtins: self.builtins,
            libraries: self.libraries,
            string_if_invalid: self.string_if_invalid,
            autoescape: self.autoescape,
            debug: self.debug,
            urlize_http: self.urlize_http,
            limits: self.limits,
            cache: RwLock::default(),
        }))
    }
}
