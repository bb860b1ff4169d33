//! `Library`: a set of tags and filters. The built-in ones and yours come by the same way.

mod filter;
mod signature;
mod simple;

use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use crate::error::Error;
use crate::nodes::Tag;
use crate::render::Renderer;
use crate::syntax::{Parser, TagToken};
use crate::value::Value;

pub use filter::{Arity, Filter, FilterCall};
pub use signature::Signature;
pub use simple::{Arguments, Variables};

/// What is found by the names in templates. Who writes a template is trusted, so the hash may be a quick one.
type Names<T> = HashMap<String, T, BuildHasherDefault<NameHasher>>;

/// FNV-1a: names are short.
#[derive(Default)]
struct NameHasher(u64);

impl Hasher for NameHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Compiles a tag: takes what it needs from the parser and gives the node that renders.
pub(crate) type TagCompiler =
    Arc<dyn for<'s> Fn(&mut Parser<'s>, TagToken<'s>) -> Result<Box<dyn Tag>, Error> + Send + Sync>;

/// Tags and filters by name.
///
/// ```
/// use nuages_template::{context, Engine, Filter, Library, NoServices, Value};
/// let library = Library::new()
///     .filter(Filter::new("shout", |value, _| Ok(Value::from(format!("{value}!")))))
///     .simple_tag("add_up", |arguments, _| {
///         let sum: i64 = arguments.positional().iter().filter_map(Value::as_int).sum();
///         Ok(sum.into())
///     });
/// let engine = Engine::builder().library(library).build();
/// let page = engine.from_str("{{ name|shout }} {% add_up 1 2 n %}")?;
/// assert_eq!(page.render(&context! { name: "<Ada>", n: 3 }, &NoServices)?, "&lt;Ada&gt;! 6");
/// # Ok::<(), nuages_template::Error>(())
/// ```
///
/// # Django
/// `django.template.Library`, with explicit registration instead of decorators.
#[derive(Clone, Default)]
pub struct Library {
    tags: Names<TagCompiler>,
    filters: Names<Arc<Filter>>,
}

impl Library {
    /// No tags, no filters.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a filter; one with the same name is replaced.
    #[must_use]
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filters
            .insert(filter.name().to_owned(), Arc::new(filter));
        self
    }

    /// Adds a tag with a compile function of its own.
    ///
    /// ```
    /// use nuages_template::{context, Engine, Error, Library, NodeList, NoServices, Renderer, Tag};
    /// /// Renders its contents twice.
    /// #[derive(Debug)]
    /// struct Twice(NodeList);
    /// impl Tag for Twice {
    ///     fn render<'r>(&'r self, renderer: &mut Renderer<'r>) -> Result<(), Error> {
    ///         self.0.render(renderer)?;
    ///         self.0.render(renderer)
    ///     }
    /// }
    /// let library = Library::new().tag("twice", |parser, _token| {
    ///     let (contents, _end) = parser.parse_until(&["endtwice"])?;
    ///     Ok(Box::new(Twice(contents)))
    /// });
    /// let engine = Engine::builder().library(library).build();
    /// let page = engine.from_str("{% twice %}{{ x }};{% endtwice %}")?;
    /// assert_eq!(page.render(&context! { x: 1 }, &NoServices)?, "1;1;");
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn tag<F>(mut self, name: impl Into<String>, compile: F) -> Self
    where
        F: for<'s> Fn(&mut Parser<'s>, TagToken<'s>) -> Result<Box<dyn Tag>, Error>
            + Send
            + Sync
            + 'static,
    {
        self.tags.insert(name.into(), Arc::new(compile));
        self
    }

    /// Adds a tag that is a function, by its name or with a [`Signature`]: its result is written, escaped as a variable is, or put `as name`.
    ///
    /// The function may ask the renderer for any variable: a template with such a tag
    /// [mentions](crate::Template::mentions) every name.
    ///
    /// # Django
    /// `Library.simple_tag(takes_context=True)`.
    #[must_use]
    pub fn simple_tag<F>(self, signature: impl Into<Signature>, run: F) -> Self
    where
        F: for<'r> Fn(&Arguments<'r>, &mut Renderer<'r>) -> Result<Value<'r>, Error>
            + Send
            + Sync
            + 'static,
    {
        let run: simple::Run = Arc::new(run);
        let signature = Arc::new(signature.into());
        self.tag(signature.name.clone(), move |parser, token| {
            simple::compile(parser, token, signature.clone(), run.clone(), None)
        })
    }

    /// As [`Library::simple_tag`], with contents up to `end`: they are rendered first, see [`Arguments::content`].
    ///
    /// # Django
    /// `Library.simple_block_tag`.
    #[must_use]
    pub fn simple_block_tag<F>(self, signature: impl Into<Signature>, run: F) -> Self
    where
        F: for<'r> Fn(&Arguments<'r>, &mut Renderer<'r>) -> Result<Value<'r>, Error>
            + Send
            + Sync
            + 'static,
    {
        let run: simple::Run = Arc::new(run);
        let signature = Arc::new(signature.into());
        let end = match &signature.end {
            Some(end) => end.clone().into_owned(),
            None => format!("end{}", signature.name),
        };
        self.tag(signature.name.clone(), move |parser, token| {
            simple::compile(parser, token, signature.clone(), run.clone(), Some(&end))
        })
    }

    /// Adds a tag that renders a template with the variables that the function sets.
    ///
    /// The template sees these variables and `csrf_token`, nothing else.
    ///
    /// ```
    /// use nuages_template::{context, Engine, Library, MemoryLoader, NoServices};
    /// let library = Library::new().inclusion_tag("badge", "badge.html", |arguments, variables, _| {
    ///     variables.set("text", arguments.get(0).cloned().unwrap_or_default());
    ///     Ok(())
    /// });
    /// let engine = Engine::builder()
    ///     .loader(MemoryLoader::new([("badge.html", "<b>{{ text }}</b>")]))
    ///     .library(library)
    ///     .build();
    /// let page = engine.from_str("{% badge '<new>' %}{% badge 1 %}")?;
    /// assert_eq!(page.render(&context! {}, &NoServices)?, "<b><new></b><b>1</b>");
    /// # Ok::<(), nuages_template::Error>(())
    /// ```
    ///
    /// # Django
    /// `Library.inclusion_tag(takes_context=True)`.
    #[must_use]
    pub fn inclusion_tag<F>(
        self,
        signature: impl Into<Signature>,
        template: impl Into<String>,
        run: F,
    ) -> Self
    where
        F: for<'r> Fn(&Arguments<'r>, &mut Variables<'r>, &mut Renderer<'r>) -> Result<(), Error>
            + Send
            + Sync
            + 'static,
    {
        let template: Arc<str> = template.into().into();
        let run: simple::Fill = Arc::new(run);
        let signature = Arc::new(signature.into());
        self.tag(signature.name.clone(), move |parser, token| {
            simple::compile_inclusion(
                parser,
                token,
                signature.clone(),
                template.clone(),
                run.clone(),
            )
        })
    }

    /// Adds everything of another library; its names win.
    pub fn extend(&mut self, other: Library) {
        self.tags.extend(other.tags);
        self.filters.extend(other.filters);
    }

    /// The names of the tags, in no order.
    pub fn tag_names(&self) -> impl Iterator<Item = &str> {
        self.tags.keys().map(String::as_str)
    }

    /// The names of the filters, in no order.
    pub fn filter_names(&self) -> impl Iterator<Item = &str> {
        self.filters.keys().map(String::as_str)
    }

    /// The filters, in the order of their names.
    pub fn filters(&self) -> impl Iterator<Item = &Filter> {
        let mut all: Vec<&Filter> = self.filters.values().map(|filter| &**filter).collect();
        all.sort_unstable_by_key(|filter| filter.name());
        all.into_iter()
    }

    pub(crate) fn find_tag(&self, name: &str) -> Option<&TagCompiler> {
        self.tags.get(name)
    }

    pub(crate) fn find_filter(&self, name: &str) -> Option<&Arc<Filter>> {
        self.filters.get(name)
    }

    /// A library of this one tag or filter.
    pub(crate) fn only(&self, name: &str) -> Option<Library> {
        let mut part = Library::new();
        if let Some(tag) = self.tags.get(name) {
            part.tags.insert(name.to_owned(), tag.clone());
        }
        if let Some(filter) = self.filters.get(name) {
            part.filters.insert(name.to_owned(), filter.clone());
        }
        (!part.tags.is_empty() || !part.filters.is_empty()).then_some(part)
    }
}

/// What every template knows without `{% load %}`.
pub(crate) fn builtins() -> Library {
    let mut library = crate::tags::library();
    library.extend(crate::filters::library());
    library
}

/// What `{% load name %}` finds in every engine.
pub(crate) fn loadable() -> HashMap<String, Library> {
    HashMap::from([
        ("cache".to_owned(), crate::tags::cache::library()),
        ("humanize".to_owned(), crate::humanize::library()),
        ("i18n".to_owned(), crate::tags::i18n::library()),
        ("l10n".to_owned(), crate::tags::l10n::library()),
        ("static".to_owned(), crate::tags::static_library()),
        ("tz".to_owned(), crate::tags::tz::library()),
    ])
}

impl fmt::Debug for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut tags: Vec<&str> = self.tag_names().collect();
        let mut filters: Vec<&str> = self.filter_names().collect();
        tags.sort_unstable();
        filters.sort_unstable();
        f.debug_struct("Library")
            .field("tags", &tags)
            .field("filters", &filters)
            .finish()
    }
}
