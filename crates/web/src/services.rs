//! What templates ask of the site: URLs, static files, the time.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use nuages_template::formats::LocaleSettings;
use nuages_template::i18n::Message;
use nuages_template::{FragmentStore, Services, UrlRequest, Value};

use crate::context::PrivateValues;
use crate::locale::Language;
use crate::site_context::SiteContext;
use crate::time_zone::ActiveTimeZone;
use crate::urls::{ReverseOptions, UrlValue, quote_path};

/// The answers to a template that is rendered for one request.
pub(crate) struct PageServices<'s> {
    pub(crate) site: &'s SiteContext,
    /// The namespaces of the page being shown.
    pub(crate) namespace: String,
    /// The language of the page.
    language: Option<Language>,
    time_zone: TimeZone,
    /// The values that are for this page alone.
    private: PrivateValues,
    /// When the rendering has to be over.
    deadline: Option<Instant>,
}

impl<'s> PageServices<'s> {
    /// The answers to a template whose rendering begins now.
    pub(crate) fn new(site: &'s SiteContext, namespace: String) -> Self {
        let limit = Duration::from_secs(site.settings.page_timeout);
        Self {
            site,
            namespace,
            language: None,
            time_zone: site.time_zone.clone(),
            private: PrivateValues::default(),
            deadline: Instant::now().checked_add(limit),
        }
    }

    /// Knows of the values that are for this page alone.
    pub(crate) fn with_private(mut self, private: PrivateValues) -> Self {
        self.private = private;
        self
    }

    /// The language of the page; that of the site without one.
    pub(crate) fn with_language(mut self, language: Option<&Language>) -> Self {
        self.language = language.cloned();
        self
    }

    /// The time zone of the page; that of the site without one.
    pub(crate) fn with_time_zone(mut self, active: Option<&ActiveTimeZone>) -> Self {
        if let Some(active) = active.filter(|_| self.site.settings.use_tz) {
            self.time_zone = active.zone().clone();
        }
        self
    }
}

fn url_value<'v>(value: &'v Value<'_>) -> UrlValue<'v> {
    match value {
        Value::Int(n) => UrlValue::Int(*n),
        value => UrlValue::Text(value.to_text()),
    }
}

impl Services for PageServices<'_> {
    fn url(&self, request: &UrlRequest<'_>) -> Result<String, String> {
        let args: Vec<UrlValue<'_>> = request.args.iter().map(url_value).collect();
        let kwargs: Vec<(&str, UrlValue<'_>)> = request
            .kwargs
            .iter()
            .map(|(name, value)| (*name, url_value(value)))
            .collect();
        let options = ReverseOptions {
            current_app: Some(request.current_app.unwrap_or(&self.namespace)),
            script_prefix: self.site.script_prefix(),
            ..ReverseOptions::default()
        };
        self.site
            .urls
            .reverse_with(request.name, &args, &kwargs, options)
            .map_err(|error| match error.hint() {
                Some(hint) => format!("{error} {hint}"),
                None => error.to_string(),
            })
    }

    fn static_url(&self, path: &str) -> Result<String, String> {
        Ok(self.site.static_url(path))
    }

    fn static_prefix(&self) -> String {
        self.site.settings.static_url.clone()
    }

    fn media_prefix(&self) -> String {
        self.site.settings.media_url.clone()
    }

    fn now(&self) -> Timestamp {
        self.site.clock.now()
    }

    fn is_cancelled(&self) -> bool {
        self.deadline
            .is_some_and(|deadline| Instant::now() >= deadline)
    }

    fn time_zone(&self) -> TimeZone {
        self.time_zone.clone()
    }

    fn default_time_zone(&self) -> TimeZone {
        self.site.time_zone.clone()
    }

    /// Django's two names of the cache that fragments are kept in; another one is an error of the tag.
    fn fragments(&self, name: Option<&str>) -> Option<&dyn FragmentStore> {
        matches!(name, None | Some("template_fragments" | "default"))
            .then_some(&*self.site.fragments)
    }

    fn private_values_printed(&self) -> u64 {
        self.private.printed()
    }

    fn fragment_not_kept(&self, name: &str) {
        if self.site.debug {
            tracing::warn!(target: "nuages.template", "the fragment '{name}' prints a token or a nonce of its visitor, and is not kept: end {{% cache %}} before it");
        }
    }

    fn locale_settings(&self) -> &LocaleSettings {
        &self.site.locale.settings
    }

    fn language(&self) -> Option<&str> {
        let chosen = self.language.as_ref();
        Some(chosen.unwrap_or(&self.site.locale.default).code())
    }

    fn translate(&self, language: &str, message: &Message<'_>) -> Option<Cow<'_, str>> {
        let found = self.site.locale.translations.get(language, message);
        found.map(Cow::Borrowed)
    }
}

impl SiteContext {
    /// The URL of a static file.
    ///
    /// # Django
    /// `static(path)`.
    pub fn static_url(&self, path: &str) -> String {
        let path: Cow<'_, str> = if path.contains('\\') {
            Cow::Owned(path.replace('\\', "/"))
        } else {
            Cow::Borrowed(path)
        };
        let path = quote_path(path.trim_start_matches('/'));
        format!("{}{path}", self.settings.static_url)
    }

    /// The URL of a named route, below the script name if there is one.
    ///
    /// # Errors
    /// As [`UrlTable::reverse`](crate::UrlTable::reverse).
    pub fn reverse(
        &self,
        name: &str,
        args: &[UrlValue<'_>],
        kwargs: &[(&str, UrlValue<'_>)],
    ) -> Result<String, crate::ReverseError> {
        let options = ReverseOptions {
            script_prefix: self.script_prefix(),
            ..ReverseOptions::default()
        };
        self.urls.reverse_with(name, args, kwargs, options)
    }

    pub(crate) fn script_prefix(&self) -> Option<&str> {
        self.settings.force_script_name.as_deref()
    }
}
