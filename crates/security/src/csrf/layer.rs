//! The layer that refuses forged requests.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum_core::body::Body;
use http::{Request, Response};
use nuages_base::Clock;
use tower_layer::Layer;
use tower_service::Service;

use super::failure::{FailureView, failure_page};
use super::guard::{Guard, is_safe, token_of};
use super::{CsrfMode, CsrfSettings, InsecureSkipCsrf, SessionSecret, TrustedOrigins};
use crate::ResponseFuture;
use crate::hosts::{self, HostsSettings};

/// Django's `DATA_UPLOAD_MAX_MEMORY_SIZE`.
const BODY_LIMIT: usize = 2_621_440;

/// Refuses forged requests and puts a [`CsrfToken`](super::CsrfToken) into the others.
///
/// Give it a [`HostsLayer`](crate::hosts::HostsLayer) outside, which knows host and scheme. Without
/// one it reads them itself, from any host: see [`with_hosts`](Self::with_hosts).
#[derive(Debug, Clone)]
pub struct CsrfLayer {
    guard: Arc<Guard>,
}

impl CsrfLayer {
    /// A layer with these settings.
    pub fn new(settings: &CsrfSettings) -> Self {
        let guard = Guard {
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
            guard: Arc::new(guard),
        }
    }

    fn with(mut self, change: impl FnOnce(&mut Guard)) -> Self {
        change(Arc::make_mut(&mut self.guard));
        self
    }

    /// Shows the reason on the page of a refused request.
    pub fn with_debug(self, debug: bool) -> Self {
        self.with(|guard| guard.debug = debug)
    }

    /// Asks this clock for the cookie's expiry.
    pub fn with_clock(self, clock: Clock) -> Self {
        self.with(|guard| guard.clock = clock)
    }

    /// Answers refused requests with this.
    ///
    /// # Django
    /// `CSRF_FAILURE_VIEW`.
    pub fn with_failure_view(self, view: FailureView) -> Self {
        self.with(|guard| guard.failure = view)
    }

    /// Reads host and scheme by these settings, for requests that no `HostsLayer` has seen.
    pub fn with_hosts(self, hosts: &HostsSettings) -> Self {
        self.with(|guard| guard.hosts = hosts.clone())
    }

    /// Reads so many bytes of a form at most to find the token.
    ///
    /// # Django
    /// `DATA_UPLOAD_MAX_MEMORY_SIZE`.
    pub fn with_body_limit(self, bytes: usize) -> Self {
        self.with(|guard| guard.body_limit = bytes)
    }

    /// The domain of the session cookie, whose hosts are ours when the secret is kept in sessions.
    ///
    /// # Django
    /// `SESSION_COOKIE_DOMAIN`.
    pub fn with_session_cookie_domain(self, domain: Option<&str>) -> Self {
        self.with(|guard| guard.trusted = TrustedOrigins::new(&guard.settings, domain))
    }
}

impl<S> Layer<S> for CsrfLayer {
    type Service = Csrf<S>;

    fn layer(&self, inner: S) -> Csrf<S> {
        Csrf {
            inner,
            guard: self.guard.clone(),
        }
    }
}

/// The service of [`CsrfLayer`].
#[derive(Debug, Clone)]
pub struct Csrf<S> {
    inner: S,
    guard: Arc<Guard>,
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
        let guard = self.guard.clone();
        let mode = req
            .extensions()
            .get::<CsrfMode>()
            .copied()
            .unwrap_or_default();
        let protect = matches!(mode, CsrfMode::Protect | CsrfMode::EnsureCookie)
            && !is_safe(req.method())
            && req.extensions().get::<InsecureSkipCsrf>().is_none();
        if !protect && !guard.settings.csrf_use_sessions {
            // The common way: nothing to wait for before the view.
            let secret = guard.secret_of_cookie(req.headers());
            let token = token_of(&secret);
            if mode == CsrfMode::EnsureCookie {
                token.require();
            }
            req.extensions_mut().insert(token.clone());
            let response = self.inner.call(req);
            return Box::pin(async move {
                let mut res = response.await?;
                guard.send_cookie(&token, &mut res);
                Ok(res)
            });
        }
        // The service that was polled ready is the one to call.
        let ready = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, ready);
        Box::pin(async move {
            let (mut parts, body) = req.into_parts();
            let store = parts.extensions.get::<SessionSecret>().cloned();
            let secret = match guard.load(&parts, store.as_ref()).await {
                Ok(secret) => secret,
                Err(rejection) => return Ok(guard.refuse(&parts, &rejection)),
            };
            let token = token_of(&secret);
            parts.extensions.insert(token.clone());
            let admitted = if protect {
                guard.admit(&parts, secret, body).await
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
                Err(rejection) => guard.refuse(&parts, &rejection),
            };
            match store {
                Some(store) if guard.settings.csrf_use_sessions => {
                    guard.keep_in_session(&token, &store, &mut res).await;
                }
                _ => guard.send_cookie(&token, &mut res),
            }
            Ok(res)
        })
    }
}
