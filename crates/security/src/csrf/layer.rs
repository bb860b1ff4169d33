//! The layer that refuses forged requests.

use std::sync::Arc;

use axum_core::body::Body;
use http::{Request, Response};
use nuages_base::Clock;

use super::failure::{FailureHandler, FailureView, failure_page};
use super::guard::{Guard, Plan, keep_in_session, token_of};
use super::{CsrfSettings, CsrfToken, SessionSecret, TrustedOrigins};
use crate::hosts::{self, HostsSettings};
use crate::{Enter, Entered, Leave, Middleware, Wrapped, tower_layer};

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
            handler: None,
            only_where_asked: false,
            clock: Clock::system(),
            body_limit: BODY_LIMIT,
            is_charset: |_| true,
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

    /// Answers requests that are refused with 403 as a view does: see [`FailureHandler`].
    ///
    /// ```
    /// use axum::body::Body;
    /// use http::{Request, Response, StatusCode};
    /// use nuages_security::csrf::{CsrfLayer, CsrfSettings, Rejection};
    /// use std::sync::Arc;
    ///
    /// let layer = CsrfLayer::new(&CsrfSettings::default()).with_failure_handler(Arc::new(|req: Request<Body>| {
    ///     Box::pin(async move {
    ///         let why = req.extensions().get::<Rejection>().map(|why| why.refusal.id());
    ///         let mut response = Response::new(Body::from(why.unwrap_or_default()));
    ///         *response.status_mut() = StatusCode::FORBIDDEN;
    ///         Ok(response)
    ///     })
    /// }));
    /// ```
    ///
    /// # Django
    /// `CSRF_FAILURE_VIEW`.
    pub fn with_failure_handler(self, handler: FailureHandler) -> Self {
        self.with(|guard| guard.handler = Some(handler))
    }

    /// Acts only for requests with a [`CsrfMode`](super::CsrfMode) in their extensions: for sites that protect some of their
    /// routes by hand.
    ///
    /// # Django
    /// The decorators `csrf_protect`, `ensure_csrf_cookie` and `requires_csrf_token` without the middleware.
    pub fn only_where_asked(self) -> Self {
        self.with(|guard| guard.only_where_asked = true)
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

    /// Tells names of encodings from other words: a form that names another one than UTF-8 is refused, a word that is none is
    /// not heeded. Without this, any name but `utf-8` is one.
    ///
    /// # Django
    /// `codecs.lookup` of the `charset` of a content type.
    pub fn with_charsets(self, is_charset: fn(&str) -> bool) -> Self {
        self.with(|guard| guard.is_charset = is_charset)
    }

    /// The domain of the session cookie, whose hosts are ours when the secret is kept in sessions.
    ///
    /// # Django
    /// `SESSION_COOKIE_DOMAIN`.
    pub fn with_session_cookie_domain(self, domain: Option<&str>) -> Self {
        self.with(|guard| guard.trusted = TrustedOrigins::new(&guard.settings, domain))
    }
}

tower_layer!(CsrfLayer);

/// The service of [`CsrfLayer`].
pub type Csrf<S> = Wrapped<CsrfLayer, S>;

impl Middleware for CsrfLayer {
    /// The secret of the request, and where it is kept if not in a cookie.
    type Kept = (CsrfToken, Option<SessionSecret>);

    fn enter(&self, req: &mut Request<Body>) -> Enter<Self::Kept> {
        let guard = &self.guard;
        let Some(plan) = guard.plan(req) else {
            return Enter::Skip;
        };
        if plan.protect || guard.settings.csrf_use_sessions {
            let guard = guard.clone();
            return Enter::wait(req, move |req| find_out(guard, plan, req));
        }
        // The common way: nothing to wait for before the view.
        let secret = guard.secret_of_cookie(req.headers());
        let token = token_of(&secret);
        if plan.ensure_cookie {
            token.require();
        }
        req.extensions_mut().insert(token.clone());
        Enter::Pass((token, None))
    }

    fn leave(&self, (token, store): Self::Kept, res: &mut Response<Body>) -> Leave {
        let Some(secret) = token.take_update() else {
            return Leave::Done;
        };
        let Some(store) = store else {
            self.guard.send_cookie(&secret, res);
            return Leave::Done;
        };
        Leave::wait(res, |res| keep_in_session(secret, store, res))
    }
}

/// Loads the secret, and decides whether the request is forged.
async fn find_out(
    guard: Arc<Guard>,
    plan: Plan,
    req: Request<Body>,
) -> Entered<(CsrfToken, Option<SessionSecret>)> {
    let (mut parts, mut body) = req.into_parts();
    let store = parts.extensions.get::<SessionSecret>().cloned();
    let secret = match guard.load(&parts, store.as_ref()).await {
        Ok(secret) => secret,
        Err(rejection) => return Entered::Answer(guard.refuse(parts, rejection).await),
    };
    let store = store.filter(|_| guard.settings.csrf_use_sessions);
    let token = token_of(&secret);
    parts.extensions.insert(token.clone());
    if plan.protect {
        match guard.admit(&parts, secret, body).await {
            Ok(same) => body = same,
            Err(rejection) => {
                let mut res = guard.refuse(parts, rejection).await;
                return Entered::Answer(match (token.take_update(), store) {
                    (None, _) => res,
                    (Some(secret), Some(store)) => keep_in_session(secret, store, res).await,
                    (Some(secret), None) => {
                        guard.send_cookie(&secret, &mut res);
                        res
                    }
                });
            }
        }
    }
    if plan.ensure_cookie {
        token.require();
    }
    Entered::Pass(Request::from_parts(parts, body), (token, store))
}
