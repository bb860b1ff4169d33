//! What every page may mention besides what its view gives it.

use std::fmt;

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
        token.map(|token| Value::object(LazyToken(token))),
    );
    let nonce = req.extension::<Nonce>().cloned();
    add(
        "csp_nonce",
        nonce.map(|nonce| Value::object(LazyNonce(nonce))),
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

/// Asking for the token sets a cookie: so only when the template prints it.
struct LazyToken(CsrfToken);

impl Object for LazyToken {
    fn display(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        out.write_str(&self.0.get())
    }
}

/// False until somebody printed it, as in Django.
struct LazyNonce(Nonce);

impl Object for LazyNonce {
    fn is_true(&self) -> bool {
        self.0.is_used()
    }

    fn display(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        out.write_str(self.0.get())
    }
}
