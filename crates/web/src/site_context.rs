//! What all requests of a site share.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use http::Extensions;
use jiff::tz::TimeZone;
use nuages_base::{Clock, Provided, Signals};
use nuages_template::i18n::Translations;
use nuages_template::{Context, Engine, FragmentStore, MemoryFragments, Template};

use crate::context::ContextProcessor;
use crate::error::Result;
use crate::locale::{Language, SiteLocale};
use crate::pages::SiteErrorPages;
use crate::services::PageServices;
use crate::settings::WebSettings;
use crate::static_files::StaticFiles;
use crate::storage::Files;
use crate::urls::UrlTable;

/// How many fragments of `{% cache %}` are kept, a third of them goes when it is full.
const FRAGMENTS: usize = 1000;

/// What all requests of a site share: templates, URLs, context processors, settings.
///
/// Every request carries it, in an `Arc`: it is [`Provided`] by `Site`, else
/// [`ResolveLayer`](crate::ResolveLayer) puts it into the extensions.
///
/// ```
/// use nuages_template::{Engine, MemoryLoader};
/// use nuages_web::{SiteContext, Urls, get};
///
/// let engine = Engine::builder()
///     .loader(MemoryLoader::new([("home.html", "<a href=\"{% url 'home' %}\">home</a>")]))
///     .build();
/// let urls = Urls::new().path("", get(async || "home"), "home").freeze()?;
/// let site = SiteContext::new(engine, urls).with_debug(true);
/// assert!(site.is_debug());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct SiteContext {
    pub(crate) engine: Engine,
    pub(crate) urls: UrlTable,
    pub(crate) processors: Vec<Arc<dyn ContextProcessor>>,
    pub(crate) settings: Arc<WebSettings>,
    pub(crate) debug: bool,
    pub(crate) clock: Clock,
    pub(crate) signals: Signals,
    pub(crate) time_zone: TimeZone,
    pub(crate) locale: SiteLocale,
    pub(crate) static_files: Option<StaticFiles>,
    pub(crate) files: Option<Files>,
    pub(crate) fragments: Arc<dyn FragmentStore>,
    pub(crate) error_pages: SiteErrorPages,
    /// Which processors a template needs, by its name; a bit for each.
    needs: RwLock<HashMap<String, u64>>,
}

impl SiteContext {
    /// That of the site that a request came to.
    pub fn of(extensions: &Extensions) -> Option<&Arc<Self>> {
        Provided::find(extensions)
    }

    /// The context of a site with these templates and URLs, and secure defaults for the rest.
    pub fn new(engine: Engine, urls: UrlTable) -> Self {
        Self {
            error_pages: SiteErrorPages::of(&engine),
            engine,
            urls,
            processors: Vec::new(),
            settings: Arc::new(WebSettings::default()),
            debug: false,
            clock: Clock::system(),
            signals: Signals::new(),
            time_zone: TimeZone::UTC,
            locale: SiteLocale::new(&WebSettings::default(), Translations::default()),
            static_files: None,
            files: None,
            fragments: Arc::new(MemoryFragments::new(FRAGMENTS)),
            needs: RwLock::default(),
        }
    }

    /// The settings; a time zone that nobody knows is UTC, and [`checks`](crate::checks) names it.
    pub fn with_settings(mut self, settings: impl Into<Arc<WebSettings>>) -> Self {
        self.settings = settings.into();
        self.time_zone = TimeZone::get(&self.settings.time_zone).unwrap_or(TimeZone::UTC);
        let translations = std::mem::take(&mut self.locale.translations);
        self.with_translations(translations)
    }

    /// The translations of the site, besides the names of months and days, which are known.
    pub fn with_translations(mut self, translations: Translations) -> Self {
        self.locale = SiteLocale::new(&self.settings, translations);
        self
    }

    /// Whether error pages show what went wrong. Never on the open net.
    pub fn with_debug(mut self, debug: bool) -> Self {
        self.debug = debug;
        self
    }

    /// The clock.
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The signals.
    pub fn with_signals(mut self, signals: Signals) -> Self {
        self.signals = signals;
        self
    }

    /// One more context processor.
    pub fn with_processor(mut self, processor: Arc<dyn ContextProcessor>) -> Self {
        self.processors.push(processor);
        self
    }

    /// Where static files come from; they are then served below `static_url`.
    pub fn with_static_files(mut self, files: StaticFiles) -> Self {
        self.static_files = Some(files);
        self
    }

    /// Where `{% cache %}` keeps what it rendered; the memory of this process without one.
    ///
    /// # Django
    /// `CACHES["template_fragments"]`.
    pub fn with_fragments(mut self, store: Arc<dyn FragmentStore>) -> Self {
        self.fragments = store;
        self
    }

    /// Where uploaded files are kept.
    pub fn with_files(mut self, files: Files) -> Self {
        self.files = Some(files);
        self
    }

    /// The templates.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The URLs.
    pub fn urls(&self) -> &UrlTable {
        &self.urls
    }

    /// Renders a template outside of a page, such as a mail: without context processors, CSRF token or nonce.
    ///
    /// # Errors
    /// When the template is missing or broken.
    ///
    /// # Django
    /// `render_to_string(name, context)` without a request.
    pub fn render_to_string(
        &self,
        template: &str,
        context: &Context<'_>,
        language: Option<&Language>,
    ) -> Result<String> {
        let template = self.engine.get_template(template)?;
        let services = PageServices::new(self, String::new()).with_language(language);
        Ok(template.render(context, &services)?)
    }

    /// The context processors besides web's own.
    pub fn processors(&self) -> &[Arc<dyn ContextProcessor>] {
        &self.processors
    }

    /// The settings of this room.
    pub fn settings(&self) -> &Arc<WebSettings> {
        &self.settings
    }

    /// True when error pages show what went wrong.
    pub fn is_debug(&self) -> bool {
        self.debug
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The signals.
    pub fn signals(&self) -> &Signals {
        &self.signals
    }

    /// The time zone in which pages show times.
    pub fn time_zone(&self) -> &TimeZone {
        &self.time_zone
    }

    /// The translations of the site.
    pub fn translations(&self) -> &Translations {
        &self.locale.translations
    }

    /// The name of the static file that a decoded path asks for, when the site serves static files.
    pub(crate) fn static_name<'p>(&self, path: &'p str) -> Option<&'p str> {
        self.static_files.as_ref()?;
        path.strip_prefix(self.settings.static_url.as_str())
    }

    /// The processors that a template needs; remembered, but in debug mode templates change.
    pub(crate) fn needed<'s>(
        &'s self,
        template: &Template,
    ) -> impl Iterator<Item = &'s Arc<dyn ContextProcessor>> {
        let bits = self.needed_bits(template);
        let is_needed = move |at: usize| at >= 64 || bits & (1 << at) != 0;
        self.processors
            .iter()
            .enumerate()
            .filter(move |(at, _)| is_needed(*at))
            .map(|(_, processor)| processor)
    }

    fn needed_bits(&self, template: &Template) -> u64 {
        let name = template.name();
        let known = self.needs.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(bits) = known.get(name).filter(|_| !self.debug) {
            return *bits;
        }
        drop(known);
        let mentions = |processor: &Arc<dyn ContextProcessor>| {
            processor.names().iter().any(|name| template.mentions(name))
        };
        let bits = self
            .processors
            .iter()
            .take(64)
            .enumerate()
            .filter(|(_, processor)| mentions(processor))
            .fold(0, |bits, (at, _)| bits | (1 << at));
        if !self.debug {
            let mut known = self.needs.write().unwrap_or_else(PoisonError::into_inner);
            known.insert(name.to_owned(), bits);
        }
        bits
    }
}

impl fmt::Debug for SiteContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SiteContext")
            .field("urls", &self.urls)
            .field("debug", &self.debug)
            .finish_non_exhaustive()
    }
}
