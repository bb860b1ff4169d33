//! What every page may mention besides what its view gives it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::future::BoxFuture;
use nuages_security::csp::Nonce;
use nuages_security::csrf::CsrfToken;
use nuages_template::i18n::is_bidi;
use nuages_template::{Context, Object, Template, Value};

use crate::error::Result;
use crate::locale::Language;
use crate::request_info::RequestInfo;
use crate::site_context::SiteContext;

/// Variables that every page may mention: asked only when the template does.
///
/// ```
/// use futures_util::future::BoxFuture;
/// use nuages_template::Value;
/// use nuages_web::{ContextProcessor, RequestInfo, Result};
///
/// struct Motto;
///
/// impl ContextProcessor for Motto {
///     fn names(&self) -> &'static [&'static str] {
///         &["motto"]
///     }
///     fn load<'a>(
///         &'a self,
///         _: &'a RequestInfo,
///     ) -> BoxFuture<'a, Result<Vec<(&'static str, Value<'static>)>>> {
///         Box::pin(async { Ok(vec![("motto", Value::from("hurry slowly"))]) })
///     }
/// }
/// ```
///
/// # Django
/// A function in the `context_processors` of `TEMPLATES`.
pub trait ContextProcessor: Send + Sync {
    /// The names of the variables it may give.
    fn names(&self) -> &'static [&'static str];

    /// Gives the variables; those that the view has set itself are left alone.
    fn load<'a>(
        &'a self,
        req: &'a RequestInfo,
    ) -> BoxFuture<'a, Result<Vec<(&'static str, Value<'static>)>>>;
}

/// The variables of this room: `request`, `csrf_token`, `csp_nonce`, `debug`, `STATIC_URL`, `MEDIA_URL`,
/// `LANGUAGE_CODE`, `LANGUAGE_BIDI`, `LANGUAGES`.
pub(crate) fn add_own(
    context: &mut Context<'_>,
    template: &Template,
    site: &SiteContext,
    req: &RequestInfo,
    private: &PrivateValues,
) {
    let mut add = |name: &'static str, value: Option<Value<'static>>| {
        if let Some(value) = value.filter(|_| !context.contains(name)) {
            context.set(name, value);
        }
    };
    // The lazy ones cost nothing before they are printed.
    let token = req.extension::<CsrfToken>().cloned();
    add(
        "csrf_token",
        token.map(|token| Value::object(LazyToken(token, private.clone()))),
    );
    let nonce = req.extension::<Nonce>().cloned();
    add(
        "csp_nonce",
        nonce.map(|nonce| Value::object(LazyNonce(nonce, private.clone()))),
    );
    if template.mentions("request") {
        add("request", Some(Value::object(req.clone())));
    }
    if site.debug {
        add("debug", Some(Value::Bool(true)));
    }
    let language = req.extension::<Language>();
    let language = language.unwrap_or(&site.locale.default).code();
    if template.mentions("LANGUAGE_CODE") {
        add("LANGUAGE_CODE", Some(Value::from(language.to_owned())));
    }
    if template.mentions("LANGUAGE_BIDI") {
        add("LANGUAGE_BIDI", Some(Value::Bool(is_bidi(language))));
    }
    if template.mentions("LANGUAGES") {
        let known = site.locale.settings.languages.iter();
        let pairs = known.map(|(code, name)| Value::from((code.to_string(), name.to_string())));
        add("LANGUAGES", Some(Value::list(pairs.collect())));
    }
    if template.mentions("STATIC_URL") {
        add(
            "STATIC_URL",
            Some(Value::from(site.settings.static_url.clone())),
        );
    }
    if template.mentions("MEDIA_URL") {
        add(
            "MEDIA_URL",
            Some(Value::from(site.settings.media_url.clone())),
        );
    }
}

/// How many values of this one page were printed; fragments with such a value are not kept for others.
#[derive(Debug, Clone, Default)]
pub(crate) struct PrivateValues(Arc<AtomicU64>);

impl PrivateValues {
    fn count(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn printed(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Asking for the token sets a cookie: so only when the template prints it.
struct LazyToken(CsrfToken, PrivateValues);

impl Object for LazyToken {
    fn display(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        self.1.count();
        out.write_str(&self.0.get())
    }
}

/// False until somebody printed it, as in Django.
struct LazyNonce(Nonce, PrivateValues);

impl Object for LazyNonce {
    fn is_true(&self) -> bool {
        self.0.is_used()
    }

    fn display(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        self.1.count();
        out.write_str(self.0.get())
    }
}
