//! `Template`: a compiled template, ready to render.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::context::Context;
use crate::engine::{Engine, Inner, Origin};
use crate::error::Error;
use crate::nodes::{Block, NodeList};
use crate::object::Object;
use crate::render::{Arena, Env, Renderer};
use crate::services::Services;
use crate::syntax::{Facts, Parser};

/// The name of a template that was compiled from a string.
pub(crate) const UNNAMED: &str = "<string>";

/// A compiled template of an engine. A clone is the same template.
#[derive(Clone)]
pub struct Template {
    engine: Engine,
    compiled: Arc<Compiled>,
    /// Only this `{% partialdef %}` of it is rendered.
    partial: Option<Arc<Block>>,
}

/// What the compiler makes of a source.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) name: String,
    pub(crate) source: Arc<str>,
    pub(crate) origin: Origin,
    pub(crate) nodes: NodeList,
    pub(crate) blocks: Vec<Arc<Block>>,
    pub(crate) partials: Vec<Arc<Block>>,
    pub(crate) extends: bool,
    pub(crate) facts: Facts,
    /// How long the last rendering was: the next one will need as much.
    length: AtomicUsize,
}

/// No rendering begins with a larger buffer than this: one page of a giant must not cost memory ever after.
const LARGEST_START: usize = 1 << 20;

impl Template {
    pub(crate) fn new(engine: Engine, compiled: Arc<Compiled>) -> Self {
        Self {
            engine,
            compiled,
            partial: None,
        }
    }

    /// The name it was loaded by; `<string>` for a template compiled from a string.
    pub fn name(&self) -> &str {
        &self.compiled.name
    }

    /// The source text.
    pub fn source(&self) -> &str {
        &self.compiled.source
    }

    /// Renders the template with these variables.
    ///
    /// # Errors
    /// When a tag or filter fails, or a template that it includes or extends is missing or broken.
    pub fn render(&self, context: &Context<'_>, services: &dyn Services) -> Result<String, Error> {
        let arena = Arena::default();
        let env = Env {
            engine: &self.engine,
            services,
            base: context,
            arena: &arena,
        };
        let mut renderer = Renderer::new(&env, &self.compiled);
        match &self.partial {
            Some(partial) => partial.nodes.render(&mut renderer)?,
            None => self.compiled.nodes.render(&mut renderer)?,
        }
        let html = renderer.finish();
        self.compiled.length.store(html.len(), Ordering::Relaxed);
        Ok(html)
    }

    /// Does this template, or one that it includes or extends, use the variable `name`?
    ///
    /// The answer errs on the safe side: with an include of a variable name it is yes for every name.
    /// The web room loads only the context processors that a page mentions.
    ///
    /// ```
    /// use nuages_template::{Engine, MemoryLoader};
    /// let engine = Engine::builder()
    ///     .loader(MemoryLoader::new([
    ///         ("base.html", "{% if user.is_staff %}staff{% endif %}{% block main %}{% endblock %}"),
    ///         ("page.html", "{% extends 'base.html' %}{% block main %}{{ title }}{% endblock %}"),
    ///         ("any.html", "{% include chosen %}"),
    ///     ]))
    ///     .build();
    /// let page = engine.get_template("page.html")?;
    /// assert!(page.mentions("user") && page.mentions("title"));
    /// assert!(!page.mentions("perms"));
    /// assert!(engine.get_template("any.html")?.mentions("perms"));
    /// # Ok::<(), nuages_template::Error>(())
    /// ```
    pub fn mentions(&self, name: &str) -> bool {
        let mut seen = BTreeSet::from([self.compiled.name.clone()]);
        let mut rest = vec![self.compiled.clone()];
        while let Some(compiled) = rest.pop() {
            let facts = &compiled.facts;
            if facts.everything || facts.mentions(name) {
                return true;
            }
            for reference in &facts.references {
                if !seen.insert(reference.to_string()) {
                    continue;
                }
                let file = reference.split('#').next().unwrap_or(reference);
                match self.engine.compiled(file) {
                    Ok(found) => rest.push(found),
                    // A missing template uses no variable; a broken one fails when it is rendered.
                    Err(error) if error.is_not_found() => {}
                    Err(_) => return true,
                }
            }
        }
        false
    }

    /// What is no mistake of the language and hardly meant: a block that no parent has, whose contents are not shown,
    /// a variable that is nearly one of the context, and one that is printed where escaping is not enough
    /// ([`Engine::lint`]).
    ///
    /// It reads the sources again: for debug mode and tests.
    ///
    /// ```
    /// use nuages_template::{context, Engine, MemoryLoader};
    /// let engine = Engine::builder()
    ///     .loader(MemoryLoader::new([
    ///         ("base.html", "{% block title %}{% endblock %}"),
    ///         ("page.html", "{% extends 'base.html' %}{% block titel %}{{ usr }}{% endblock %}"),
    ///     ]))
    ///     .build();
    /// let found = engine.get_template("page.html")?.warnings(&context! { user: "Ada" });
    /// let hints: Vec<_> = found.iter().filter_map(|warning| warning.hint()).collect();
    /// assert_eq!(hints, ["did you mean 'title'?", "did you mean 'user'?"]);
    /// # Ok::<(), nuages_template::Error>(())
    /// ```
    ///
    /// # Django
    /// Nobody is told.
    pub fn warnings(&self, context: &Context<'_>) -> Vec<Error> {
        crate::warnings::warnings(&self.engine, &self.compiled, context)
    }

    pub(crate) fn compiled(&self) -> &Compiled {
        &self.compiled
    }

    pub(crate) fn part(&self) -> Option<&Block> {
        self.partial.as_deref()
    }

    pub(crate) fn partial(mut self, name: &str) -> Result<Template, Error> {
        let found = self
            .compiled
            .partials
            .iter()
            .find(|partial| partial.name.as_str() == name);
        self.partial = Some(found.ok_or_else(|| Error::not_found(name))?.clone());
        Ok(self)
    }
}

impl Compiled {
    pub(crate) fn compile(
        engine: &Inner,
        name: &str,
        source: Arc<str>,
        origin: Origin,
    ) -> Result<Self, Error> {
        let parsed = Parser::parse(engine, name, &source)?;
        Ok(Self {
            name: name.to_owned(),
            source,
            origin,
            nodes: parsed.nodes,
            blocks: parsed.blocks,
            partials: parsed.partials,
            extends: parsed.extends,
            facts: parsed.facts,
            length: AtomicUsize::new(0),
        })
    }

    /// How large the output will be, roughly: the first buffer should do in most cases.
    pub(crate) fn size_hint(&self) -> usize {
        let last = self.length.load(Ordering::Relaxed);
        if last == 0 {
            return (self.source.len() * 2).clamp(256, 64 * 1024);
        }
        (last + last / 8).clamp(64, LARGEST_START)
    }
}

impl Object for Template {
    fn display(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        write!(out, "<Template {}>", self.name())
    }

    fn template(&self) -> Option<&Template> {
        Some(self)
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Template")
            .field("name", &self.compiled.name)
            .finish()
    }
}
