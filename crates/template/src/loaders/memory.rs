//! `MemoryLoader`: templates that are part of the program.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{Loader, Source};
use crate::error::Error;

/// Templates held in memory: embedded with `include_str!`, or written in a test.
///
/// ```
/// use nuages_template::{context, Engine, MemoryLoader, NoServices};
/// let engine = Engine::builder()
///     .loader(MemoryLoader::new([("hello.html", "Hello {{ name }}")]))
///     .build();
/// let html = engine.get_template("hello.html")?.render(&context! { name: "Ada" }, &NoServices)?;
/// assert_eq!(html, "Hello Ada");
/// # Ok::<(), nuages_template::Error>(())
/// ```
///
/// # Django
/// `django.template.loaders.locmem.Loader`.
#[derive(Clone, Debug, Default)]
pub struct MemoryLoader {
    templates: HashMap<Cow<'static, str>, Cow<'static, str>>,
}

impl MemoryLoader {
    /// A loader of these names and sources.
    pub fn new<N, S>(templates: impl IntoIterator<Item = (N, S)>) -> Self
    where
        N: Into<Cow<'static, str>>,
        S: Into<Cow<'static, str>>,
    {
        Self {
            templates: templates
                .into_iter()
                .map(|(name, source)| (name.into(), source.into()))
                .collect(),
        }
    }
}

impl Loader for MemoryLoader {
    fn load(&self, name: &str) -> Result<Vec<Source>, Error> {
        Ok(self
            .templates
            .get(name)
            .map(|text| Source {
                text: text.clone(),
                modified: None,
                origin: name.to_owned(),
            })
            .into_iter()
            .collect())
    }
}
