//! What the layer knows, and what it does with a request and a response.

use std::borrow::Cow;
use std::fmt;

use axum_core::body::Body;
use http::header::{HeaderMap, HeaderName, ORIGIN, REFERER, SET_COOKIE};
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use nuages_base::Clock;
use nuages_crypto::constant_time_compare;

use super::failure::{FailureContext, FailureHandler, FailureView};
use super::token::{CsrfSecret, InvalidFormat};
use super::{
    CsrfMode, CsrfSettings, CsrfToken, InsecureSkipCsrf, Rejection, SessionSecret, Source,
    TrustedOrigins, body, verify_secret, verify_source, verify_token,
};
use crate::cookie::{self, SetCookie};
use crate::hosts::{self, Host, HostsSettings, IsSecure, Port};
use crate::vary::patch_vary;
use crate::{Level, LoggedPath, Refusal, page};

/// The settings made ready.
#[derive(Clone)]
pub(super) struct Guard {
    pub(super) settings: CsrfSettings,
    pub(super) header: Option<HeaderName>,
    pub(super) trusted: TrustedOrigins,
    pub(super) hosts: HostsSettings,
    pub(super) failure: FailureView,
    pub(super) handler: Option<FailureHandler>,
    pub(super) only_where_asked: bool,
    pub(super) clock: Clock,
    pub(super) body_limit: usize,
    pub(super) is_charset: fn(&str) -> bool,
    pub(super) debug: bool,
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard")
            .field("settings", &self.settings)
            .field("trusted", &self.trusted)
            .finish_non_exhaustive()
    }
}

type Found = Result<Option<CsrfSecret>, InvalidFormat>;

/// The handle for the view: a cookie that is no secret is replaced at once.
pub(super) fn token_of(secret: &Found) -> CsrfToken {
    let token = CsrfToken::of(secret.unwrap_or_default());
    if secret.is_err() {
        token.require();
    }
    token
}

/// The methods that RFC 9110 calls safe, in whatever case, as Django has it.
fn is_safe(method: &Method) -> bool {
    matches!(
        *method,
        Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE
    ) || ["GET", "HEAD", "OPTIONS", "TRACE"]
        .iter()
        .any(|safe| method.as_str().eq_ignore_ascii_case(safe))
}

impl Guard {
    pub(super) fn secret_of_cookie(&self, headers: &HeaderMap) -> Found {
        match cookie::get(headers, &self.settings.csrf_cookie_name) {
            None => Ok(None),
            Some(value) => CsrfSecret::parse(&value).map(Some),
        }
    }

    pub(super) async fn load(
        &self,
        parts: &Parts,
        store: Option<&SessionSecret>,
    ) -> Result<Found, Rejection> {
        if !self.settings.csrf_use_sessions {
            return Ok(self.secret_of_cookie(&parts.headers));
        }
        let Some(store) = store else {
            tracing::error!(
                target: "nuages.security.csrf",
                "csrf_use_sessions is on, but no session layer is outside of the CSRF layer"
            );
            return Err(Rejection::new(Refusal::SessionUnavailable));
        };
        match store.0.load().await {
            // Something else in the secret's place is a secret that no token was made of.
            Ok(secret) => {
                Ok(Ok(secret.map(|secret| {
                    CsrfSecret::parse(&secret).unwrap_or_default()
                })))
            }
            Err(error) => {
                tracing::error!(target: "nuages.security.csrf", "the session cannot be read: {error}");
                Err(Rejection::new(Refusal::SessionUnavailable))
            }
        }
    }

    /// The decision: gives the body back, or the reason for turning the request away.
    pub(super) async fn admit(
        &self,
        parts: &Parts,
        secret: Found,
        body: Body,
    ) -> Result<Body, Rejection> {
        self.verify_source(parts)?;
        let secret = verify_secret(secret)?;
        let form = body::kind(&parts.method, &parts.headers, self.is_charset)?;
        let header = self
            .header
            .as_ref()
            .and_then(|name| repeated(&parts.headers, name));
        let has_header = header.is_some();
        let (token, body) = body::find_token(form, body, self.body_limit, has_header).await?;
        let name = self.header.as_ref().map_or("", HeaderName::as_str);
        verify_token(&secret, token.as_deref(), header.as_deref(), name)?;
        Ok(body)
    }

    fn verify_source(&self, parts: &Parts) -> Result<(), Rejection> {
        let known = parts.extensions.get::<Host>();
        let own = match known {
            Some(_) => None,
            None => hosts::get_host(&self.hosts, self.debug, parts).ok(),
        };
        let is_secure = match parts.extensions.get::<IsSecure>() {
            Some(IsSecure(secure)) => *secure,
            None => hosts::is_secure(&self.hosts, parts),
        };
        let port = match (parts.extensions.get::<Port>(), known) {
            (Some(Port(port)), _) => Cow::Borrowed(&**port),
            (None, Some(_)) if is_secure => Cow::Borrowed("443"),
            (None, Some(_)) => Cow::Borrowed("80"),
            (None, None) => Cow::Owned(hosts::get_port(&self.hosts, parts)),
        };
        let fetch_site = parts.headers.get("sec-fetch-site");
        let source = Source {
            is_secure,
            host: known.or(own.as_ref()).map(Host::as_str),
            port,
            origin: joined(&parts.headers, &ORIGIN),
            referer: joined(&parts.headers, &REFERER),
            fetch_site: fetch_site.and_then(|value| value.to_str().ok()),
        };
        verify_source(&self.trusted, &source)
    }

    pub(super) fn send_cookie(&self, secret: &CsrfSecret, res: &mut Response<Body>) {
        let settings = &self.settings;
        let mut cookie = SetCookie::new(&*settings.csrf_cookie_name, secret.as_str())
            .domain(settings.csrf_cookie_domain.as_deref().unwrap_or_default())
            .path(&*settings.csrf_cookie_path)
            .secure(settings.csrf_cookie_secure)
            .http_only(settings.csrf_cookie_httponly)
            .same_site(settings.csrf_cookie_samesite);
        if let Some(seconds) = settings.csrf_cookie_age {
            cookie = cookie.max_age(seconds);
        }
        match cookie.to_header_value(self.clock.now()) {
            Ok(value) => {
                res.headers_mut().append(SET_COOKIE, value);
                patch_vary(res.headers_mut(), "Cookie");
            }
            Err(error) => {
                tracing::error!(target: "nuages.security.csrf", "the CSRF cookie cannot be set: {error}");
            }
        }
    }

    #[cold]
    pub(super) async fn refuse(&self, parts: Parts, rejection: Rejection) -> Response<Body> {
        let id = rejection.refusal.id();
        // A target may hold letters that end a line, or turn it round.
        let path = LoggedPath::of(&parts.extensions, &parts.uri).escape_debug();
        let reason = &*rejection.reason;
        match rejection.refusal.level() {
            Level::Warning => {
                tracing::warn!(target: "nuages.security.csrf", id, "Forbidden ({reason}): {path}");
            }
            Level::Error => {
                tracing::error!(target: "nuages.security.csrf", id, "Refused ({reason}): {path}");
            }
        }
        let is_forbidden = rejection.refusal.status() == StatusCode::FORBIDDEN;
        if let Some(handler) = self.handler.as_ref().filter(|_| is_forbidden) {
            let mut req = Request::from_parts(parts, Body::empty());
            req.extensions_mut().insert(rejection);
            let Ok(response) = handler(req).await;
            return response;
        }
        (self.failure)(&FailureContext {
            parts: &parts,
            rejection: &rejection,
            debug: self.debug,
        })
    }

    /// What to do with a request: is it checked, is the cookie sent in any case, does the layer act at all.
    pub(super) fn plan(&self, req: &Request<Body>) -> Option<Plan> {
        let asked = req.extensions().get::<CsrfMode>().copied();
        if self.only_where_asked && asked.is_none_or(|mode| mode == CsrfMode::Exempt) {
            return None;
        }
        let mode = asked.unwrap_or_default();
        let is_protected = if self.only_where_asked {
            mode.asks_protection()
        } else {
            !mode.is_exempt()
        };
        Some(Plan {
            protect: is_protected
                && !is_safe(req.method())
                && req.extensions().get::<InsecureSkipCsrf>().is_none(),
            ensure_cookie: mode.ensures_cookie(),
        })
    }
}

/// What the layer does with one request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    pub(super) protect: bool,
    pub(super) ensure_cookie: bool,
}

/// A header's bytes; a repeated one is joined, so that it fits nothing.
fn repeated<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<Cow<'a, [u8]>> {
    let mut values = headers.get_all(name).iter();
    let first = Cow::Borrowed(values.next()?.as_bytes());
    Some(values.fold(first, |whole, more| {
        let mut whole = whole.into_owned();
        whole.push(b',');
        whole.extend_from_slice(more.as_bytes());
        Cow::Owned(whole)
    }))
}

/// Puts a new secret into the session.
pub(super) async fn keep_in_session(
    secret: CsrfSecret,
    store: SessionSecret,
    res: Response<Body>,
) -> Response<Body> {
    let kept = match store.0.load().await {
        Ok(Some(known)) if constant_time_compare(&known, secret.as_str()) => Ok(()),
        Ok(_) => store.0.store(secret.as_str().to_owned()).await,
        Err(error) => Err(error),
    };
    match kept {
        Ok(()) => res,
        Err(error) => {
            // A page whose token was not kept could not be sent back.
            tracing::error!(target: "nuages.security.csrf", "the session cannot be written: {error}");
            let refusal = Refusal::SessionUnavailable;
            page::html(refusal.status(), page::SERVER_ERROR)
        }
    }
}

/// A header as text; a repeated one is joined, so that it fits nothing.
fn joined<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<Cow<'a, str>> {
    let mut values = headers.get_all(name).iter();
    let first = String::from_utf8_lossy(values.next()?.as_bytes());
    Some(values.fold(first, |text, more| {
        Cow::Owned(format!(
            "{text},{}",
            String::from_utf8_lossy(more.as_bytes())
        ))
    }))
}
