//! The layer that gives each request its session and saves it on the way out.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum_core::body::Body;
use futures_util::future::BoxFuture;
use http::{Request, Response, StatusCode};
use nuages_base::Clock;
use nuages_security::csrf::SessionSecret;
use nuages_security::vary::patch_vary;
use tower_layer::Layer;
use tower_service::Service;

use crate::cookie;
use crate::{Error, Session, SessionSettings, SessionStore, Sessions};

/// Gives each request a [`Session`], and saves it when the response leaves.
///
/// - Nothing is loaded before the first use, and a request that does not use the session costs no query and no `Vary`.
/// - A session is saved when it was changed, unless the response is a server error.
/// - A key that the store does not know is never adopted.
/// - A session that was emptied takes its cookie with it.
///
/// ```
/// use std::sync::Arc;
/// use nuages_base::Clock;
/// use nuages_sessions::{MemoryStore, SessionLayer, SessionSettings};
///
/// let layer = SessionLayer::new(Arc::new(MemoryStore::new()), SessionSettings::default(), Clock::system());
/// # let _ = layer;
/// ```
///
/// # Django
/// `django.contrib.sessions.middleware.SessionMiddleware`.
#[derive(Debug, Clone)]
pub struct SessionLayer {
    sessions: Sessions,
}

impl SessionLayer {
    /// Sessions in this store, with these settings.
    pub fn new(store: Arc<dyn SessionStore>, settings: SessionSettings, clock: Clock) -> Self {
        Self::of(Sessions::new(store, settings, clock))
    }

    /// The layer over sessions that are used elsewhere too.
    pub fn of(sessions: Sessions) -> Self {
        Self { sessions }
    }
}

impl<S> Layer<S> for SessionLayer {
    type Service = SessionService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        SessionService {
            inner,
            sessions: self.sessions.clone(),
        }
    }
}

/// The service of a [`SessionLayer`].
#[derive(Clone)]
pub struct SessionService<S> {
    inner: S,
    sessions: Sessions,
}

impl<S> fmt::Debug for SessionService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionService").finish_non_exhaustive()
    }
}

impl<S> Service<Request<Body>> for SessionService<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>
        + Clone
        + Send
        + 'static,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut req: Request<Body>) -> Self::Future {
        let name = &self.sessions.settings().session_cookie_name;
        let cookie = cookie::find(req.headers(), name);
        let session = self.sessions.open(cookie.as_deref());
        let had_cookie = cookie.is_some();
        req.extensions_mut()
            .insert(SessionSecret(session.0.clone()));
        req.extensions_mut().insert(session.clone());
        let handled = self.inner.call(req);
        Box::pin(async move {
            let res = handled.await?;
            Ok(finish(&session, had_cookie, res).await)
        })
    }
}

/// Saves the session and sets or deletes its cookie.
async fn finish(session: &Session, had_cookie: bool, mut res: Response<Body>) -> Response<Body> {
    let settings = session.settings();
    let to_save = session.modified() || settings.session_save_every_request;
    if to_save && had_cookie && !session.accessed() {
        // Whether the key leads anywhere decides between renewing the cookie and deleting it.
        if let Err(error) = session.read(|_| ()).await {
            return refuse(&error);
        }
    }
    if had_cookie && session.is_empty() {
        cookie::delete(&mut res, settings);
        patch_vary(res.headers_mut(), "Cookie");
        return res;
    }
    if session.accessed() {
        patch_vary(res.headers_mut(), "Cookie");
    }
    let changed = session.modified() || settings.session_save_every_request;
    if !changed || session.is_empty() || res.status().is_server_error() {
        return res;
    }
    let stored = session.is_stored() && !settings.session_save_every_request;
    let saved = if stored { Ok(()) } else { session.save().await };
    let set = match saved {
        Ok(()) => cookie::set(&mut res, session).await,
        Err(error) => Err(error),
    };
    match set {
        Ok(()) => {
            patch_vary(res.headers_mut(), "Cookie");
            res
        }
        Err(error) => refuse(&error),
    }
}

/// What the visitor sees when the session cannot be saved.
#[cold]
fn refuse(error: &Error) -> Response<Body> {
    let (status, text) = if error.is_interrupted() {
        tracing::warn!(target: "nuages.security.SessionInterrupted", "{error}");
        (StatusCode::BAD_REQUEST, "Bad Request")
    } else {
        tracing::error!(target: "nuages.sessions", error = error as &dyn std::error::Error, "the session could not be saved");
        // Nobody is taken for somebody else, or for nobody, because a store does not answer: they are asked to come again.
        (StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable")
    };
    let mut res = plain(status, text);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        let soon = http::HeaderValue::from_static("5");
        res.headers_mut().insert(http::header::RETRY_AFTER, soon);
    }
    res
}

/// A response of fixed words.
pub(crate) fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut res = Response::new(Body::from(text));
    *res.status_mut() = status;
    res.headers_mut().insert(
        http::header::CONTENT_TYPE,
        http::HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    res
}
