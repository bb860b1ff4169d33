//! The layer that chooses the language of each request.

use std::sync::Arc;

use axum::body::Body;
use http::header::{ACCEPT_LANGUAGE, CONTENT_LANGUAGE};
use http::{HeaderMap, HeaderValue, Request, Response};
use nuages_security::cookie;
use nuages_security::vary::patch_vary;
use nuages_security::{Enter, Leave, Middleware, Wrapped, tower_layer};

use super::Language;
use crate::site_context::SiteContext;

/// Answers each request in the language that its cookie or its `Accept-Language` header asks for, where the setting
/// `language_from_request` is on.
///
/// The choice is put into the extensions as [`Language`]; the response says it in `Content-Language`, and that it
/// varies on `Accept-Language`.
///
/// # Django
/// `LocaleMiddleware`, without prefixes of paths.
#[derive(Debug, Clone)]
pub struct LocaleLayer {
    site: Arc<SiteContext>,
}

impl LocaleLayer {
    /// The layer of this site.
    pub fn new(site: Arc<SiteContext>) -> Self {
        Self { site }
    }
}

tower_layer!(LocaleLayer);

/// The service of [`LocaleLayer`].
pub type Locale<S> = Wrapped<LocaleLayer, S>;

impl SiteContext {
    /// The language for a request with these headers; nothing where the site does not look at them.
    fn language_of(&self, headers: &HeaderMap) -> Option<Language> {
        if !(self.settings.language_from_request && self.settings.use_i18n) {
            return None;
        }
        let cookie = cookie::get(headers, &self.settings.language_cookie_name);
        // Several lines are one list.
        let lines = headers.get_all(ACCEPT_LANGUAGE).iter();
        let lines: Vec<_> = lines
            .map(|line| String::from_utf8_lossy(line.as_bytes()))
            .collect();
        let accept = lines.join(",");
        Some(self.locale.choose(cookie.as_deref(), &accept))
    }
}

impl Middleware for LocaleLayer {
    type Kept = Language;

    fn enter(&self, req: &mut Request<Body>) -> Enter<Language> {
        let Some(language) = self.site.language_of(req.headers()) else {
            return Enter::Skip;
        };
        req.extensions_mut().insert(language.clone());
        Enter::Pass(language)
    }

    fn leave(&self, language: Language, res: &mut Response<Body>) -> Leave {
        let headers = res.headers_mut();
        patch_vary(headers, "Accept-Language");
        if !headers.contains_key(CONTENT_LANGUAGE)
            && let Ok(code) = HeaderValue::from_str(language.code())
        {
            headers.insert(CONTENT_LANGUAGE, code);
        }
        Leave::Done
    }
}
