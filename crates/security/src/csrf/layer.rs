//! The layer that refuses forged requests.

use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum_core::body::Body;
use http::header::{HeaderMap, HeaderName, ORIGIN, REFERER, SET_COOKIE};
use http::request::Parts;
use http::{HeaderValue, Method, Request, Response};
use nuages_base::Clock;
use tower_layer::Layer;
use tower_service::Service;

use super::failure::{FailureContext, FailureView, failure_page};
use super::token::{CsrfSecret, InvalidFormat};
use super::{
    CsrfMode, CsrfSettings, CsrfToken, InsecureSkipCsrf, Rejection, SessionSecret, Source,
    TrustedOrigins, body, verify_secret, verify_source, verify_token,
};
use crate::cookie::{self, SetCookie};
use crate::hosts::{self, Host, HostsSettings, IsSecure, Port};
use crate::vary::patch_vary;
use crate::{Level, Refusal, ResponseFuture};

/// Django's `DATA_UPLOAD_MAX_MEMORY_SIZE`.
const BODY_LIMIT: usize = 2_621_440;

/// Refuses forged requests and puts a [`CsrfToken`] into the others.
///
/// Give it a [`HostsLayer`](crate::hosts::HostsLayer) outside, which knows host and scheme. Without
/// one it reads them itself, from any host: see [`with_hosts`](Self::with_hosts).
#[derive(Debug, Clone)]
pub struct CsrfLayer {
    config: Arc<Config>,
}

#[derive(Clone)]
struct Config {
    settings: CsrfSettings,
    header: Option<HeaderName>,
    trusted: TrustedOrigins,
    hosts: HostsSettings,
    failure: FailureView,
    clock: Clock,
    body_limit: usize,
    debug: bool,
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("settings", &self.settings)
            .field("trusted", &self.trusted)
            .finish_non_exhaustive()
    }
}

impl CsrfLayer {
    /// A layer with these settings.
    pub fn new(settings: &CsrfSettings) -> Self {
        let config = Config {
            header: hosts::header_name(&settings.csrf_header_name),
            trusted: TrustedOrigins::new(settings, None),
            settings: settings.clone(),
            hosts: HostsSettings {
                allowed_hosts: vec!["*".to_owned()],
                ..HostsSettings::default()
            },
            failure: Arc::new(failure_page),
            clock: Clock::system(),
            body_limit: BODY_LIMIT,
            debug: false,
        };
        Self {
            config: Arc::new(config),
        }
    }

    fn with(mut self, change: impl FnOnce(&mut Config)) -> Self {
        change(Arc::make_mut(&mut self.config));
        self
    }

    /// Shows the reason on the page of a refused request.
    pub fn with_debug(self, debug: bool) -> Self {
        self.with(|config| config.debug = debug)
    }

    /// Asks this clock for the cookie's expiry.
    pub fn with_clock(self, clock: Clock) -> Self {
        self.with(|config| config.clock = clock)
    }

    /// Answers refused requests with this.
    ///
    /// # Django
    /// `CSRF_FAILURE_VIEW`.
    pub fn with_failure_view(self, view: FailureView) -> Self {
        self.with(|config| config.failure = view)
    }

    /// Reads host and scheme by these settings, for requests that no `HostsLayer` has seen.
    pub fn with_hosts(self, hosts: &HostsSettings) -> Self {
        self.with(|config| config.hosts = hosts.clone())
    }

    /// Reads so many bytes of a form at most to find the token.
    ///
    /// # Django
    /// `DATA_UPLOAD_MAX_MEMORY_SIZE`.
    pub fn with_body_limit(self, bytes: usize) -> Self {
        self.with(|config| config.body_limit = bytes)
    }

    /// The domain of the session cookie, whose hosts are ours when the secret is kept in sessions.
    ///
    /// # Django
    /// `SESSION_COOKIE_DOMAIN`.
    pub fn with_session_cookie_domain(self, domain: Option<&str>) -> Self {
        self.with(|config| config.trusted = TrustedOrigins::new(&config.settings, domain))
    }
}

impl<S> Layer<S> for CsrfLayer {
    type Service = Csrf<S>;

    fn layer(&self, inner: S) -> Csrf<S> {
        Csrf {
            inner,
            config: self.config.clone(),
        }
    }
}

/// The service of [`CsrfLayer`].
#[derive(Debug, Clone)]
pub struct Csrf<S> {
    inner: S,
    config: Arc<Config>,
}

impl<S> Service<Request<Body>> for Csrf<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>
        + Clone
        + Send
        + 'static,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut req: Request<Body>) -> ResponseFuture {
        let config = self.config.clone();
        let mode = req
            .extensions()
            .get::<CsrfMode>()
            .copied()
            .unwrap_or_default();
        let protect = matches!(mode, CsrfMode::Protect | CsrfMode::EnsureCookie)
            && !is_safe(req.method())
            && req.extensions().get::<InsecureSkipCsrf>().is_none();
        if !protect && !config.settings.csrf_use_sessions {
            // The common way: nothing to wait for before the view.
            let secret = config.secret_of_cookie(req.headers());
            let token = token_of(&secret);
            if mode == CsrfMode::EnsureCookie {
                token.require();
            }
            req.extensions_mut().insert(token.clone());
            let response = self.inner.call(req);
            return Box::pin(async move {
                let mut res = response.await?;
                config.send_cookie(&token, &mut res);
                Ok(res)
            });
        }
        // The service that was polled ready is the one to call.
        let ready = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, ready);
        Box::pin(async move {
            let (mut parts, body) = req.into_parts();
            let store = parts.extensions.get::<SessionSecret>().cloned();
            let secret = match config.load(&parts, store.as_ref()).await {
                Ok(secret) => secret,
                Err(rejection) => return Ok(config.refuse(&parts, &rejection)),
            };
            let token = token_of(&secret);
            parts.extensions.insert(token.clone());
            let admitted = if protect {
                config.admit(&parts, secret, body).await
            } else {
                Ok(body)
            };
            let mut res = match admitted {
                Ok(body) => {
                    if mode == CsrfMode::EnsureCookie {
                        token.require();
                    }
                    inner.call(Request::from_parts(parts, body)).await?
                }
                Err(rejection) => config.refuse(&parts, &rejection),
            };
            match store {
                Some(store) if config.settings.csrf_use_sessions => {
                    config.keep_in_session(&token, &store, &mut res).await;
                }
                _ => config.send_cookie(&token, &mut res),
            }
            Ok(res)
        })
    }
}

type Found = Result<Option<CsrfSecret>, InvalidFormat>;

/// The handle for the view: a cookie that is no secret is replaced at once.
fn token_of(secret: &Found) -> CsrfToken {
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

impl Config {
    fn secret_of_cookie(&self, headers: &HeaderMap) -> Found {
        match cookie::get(headers, &self.settings.csrf_cookie_name) {
            None => Ok(None),
            Some(value) => CsrfSecret::parse(&value).map(Some),
        }
    }

    async fn load(&self, parts: &Parts, store: Option<&SessionSecret>) -> Result<Found, Rejection> {
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
    async fn admit(&self, parts: &Parts, secret: Found, body: Body) -> Result<Body, Rejection> {
        self.verify_source(parts)?;
        let secret = verify_secret(secret)?;
        let form = body::kind(&parts.method, &parts.headers)?;
        let (token, body) = body::find_token(form, body, self.body_limit).await?;
        let header = self
            .header
            .as_ref()
            .and_then(|name| parts.headers.get(name));
        let name = self.header.as_ref().map_or("", HeaderName::as_str);
        let header = header.map(HeaderValue::as_bytes);
        verify_token(&secret, token.as_deref(), header, name)?;
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

    fn send_cookie(&self, token: &CsrfToken, res: &mut Response<Body>) {
        let Some(secret) = token.take_update() else {
            return;
        };
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

    async fn keep_in_session(
        &self,
        token: &CsrfToken,
        store: &SessionSecret,
        res: &mut Response<Body>,
    ) {
        let Some(secret) = token.take_update() else {
            return;
        };
        let kept = match store.0.load().await {
            Ok(Some(known)) if known == secret.as_str() => Ok(()),
            Ok(_) => store.0.store(secret.as_str().to_owned()).await,
            Err(error) => Err(error),
        };
        if let Err(error) = kept {
            // A page whose token was not kept could not be sent back.
            tracing::error!(target: "nuages.security.csrf", "the session cannot be written: {error}");
            let refusal = Refusal::SessionUnavailable;
            *res = crate::page::html(refusal.status(), crate::page::SERVER_ERROR);
        }
    }

    #[cold]
    fn refuse(&self, parts: &Parts, rejection: &Rejection) -> Response<Body> {
        let id = rejection.refusal.id();
        let (reason, path) = (&*rejection.reason, parts.uri.path());
        match rejection.refusal.level() {
            Level::Warning => {
                tracing::warn!(target: "nuages.security.csrf", id, "Forbidden ({reason}): {path}");
            }
            Level::Error => {
                tracing::error!(target: "nuages.security.csrf", id, "Refused ({reason}): {path}");
            }
        }
        (self.failure)(&FailureContext {
            parts,
            rejection,
            debug: self.debug,
        })
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
