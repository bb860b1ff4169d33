//! `Template`: a compiled template, ready to render.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::context::Context;
use crate::engine::{Engine, Inner, Origin};
use crate::error::Error;
use crate::object::Object;
use crate::services::Services;

/// A compiled template of an engine. A clone is the same template.
#[derive(Clone)]
pub struct Template {
    engine: Engine,
    compiled: Arc<Compiled>,
}

/// What the compiler makes of a source.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) name: String,
    pub(crate) source: Cow<'static, str>,
    pub(crate) origin: Origin,
}

impl Template {
    pub(crate) fn new(engine: Engine, compiled: Arc<Compiled>) -> Self {
        Self { engine, compiled }
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
        let _ = (context, services, &self.engine);
        Ok(self.compiled.source.clone().into_owned())
    }

    /// Does this template, or one that it includes or extends, use the variable `name`?
    ///
    /// The answer errs on the safe side: with an include of a variable name it is yes for every name.
    /// The web room loads only the context processors that a page mentions.
    pub fn mentions(&self, name: &str) -> bool {
        let _ = name;
        true
    }

    pub(crate) fn partial(&self, name: &str) -> Result<Template, Error> {
        Err(Error::not_found(name))
    }
}

impl Compiled {
    pub(crate) fn compile(
        _engine: &Arc<Inner>,
        name: &str,
        source: Cow<'static, str>,
        origin: Origin,
    ) -> Result<Self, Error> {
        Ok(Self {
            name: name.to_owned(),
            source,
            origin,
        })
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
