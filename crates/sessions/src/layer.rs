//! The layer that gives each request its session and saves it on the way out.

use std::sync::Arc;

use axum_core::body::Body;
use http::{Request, Response, StatusCode};
use nuages_base::Clock;
use nuages_security::cookie::get;
use nuages_security::csrf::SessionSecret;
use nuages_security::vary::patch_vary;
use nuages_security::{Enter, Leave, Middleware, Wrapped, tower_layer};

use crate::cookie;
use crate::state::Standing;
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
    keeps_secrets: bool,
}

impl SessionLayer {
    /// Sessions in this store, with these settings.
    pub fn new(store: Arc<dyn SessionStore>, settings: SessionSettings, clock: Clock) -> Self {
        Self::of(Sessions::new(store, settings, clock))
    }

    /// The layer over sessions that are used elsewhere too.
    pub fn of(sessions: Sessions) -> Self {
        Self {
            sessions,
            keeps_secrets: true,
        }
    }

    /// Whether a CSRF layer inside may keep its secret in the session; a site without `csrf_use_sessions` says no.
    ///
    /// # Security
    /// Without it, a page cache inside cannot see that a page was made with the session: put it outside.
    pub fn with_csrf_secrets(mut self, keeps_secrets: bool) -> Self {
        self.keeps_secrets = keeps_secrets;
        self
    }
}

tower_layer!(SessionLayer);

/// The service of a [`SessionLayer`].
pub type SessionService<S> = Wrapped<SessionLayer, S>;

impl Middleware for SessionLayer {
    /// The session, and whether the visitor brought its cookie.
    type Kept = (Session, bool);

    fn enter(&self, req: &mut Request<Body>) -> Enter<Self::Kept> {
        let name = &self.sessions.settings().session_cookie_name;
        let cookie = get(req.headers(), name);
        let session = self.sessions.open(cookie.as_deref());
        let had_cookie = cookie.is_some();
        let extensions = req.extensions_mut();
        if self.keeps_secrets {
            extensions.insert(SessionSecret(session.0.clone()));
        }
        extensions.insert(session.clone());
        Enter::Pass((session, had_cookie))
    }

    fn leave(&self, (session, had_cookie): Self::Kept, res: &mut Response<Body>) -> Leave {
        let every = self.sessions.settings().session_save_every_request;
        let Standing {
            accessed, modified, ..
        } = session.standing();
        if (modified || every) && had_cookie && !accessed {
            return Leave::wait(res, move |res| load_and_finish(session, res));
        }
        finish(session, had_cookie, res)
    }
}

/// Whether the key leads anywhere decides between renewing the cookie and deleting it.
async fn load_and_finish(session: Session, mut res: Response<Body>) -> Response<Body> {
    if let Err(error) = session.read(|_| ()).await {
        return refuse(&error);
    }
    match finish(session, true, &mut res) {
        Leave::Done => res,
        Leave::Wait(instead) => instead.await,
    }
}

/// Sets or deletes the cookie, and saves the session if need be.
fn finish(session: Session, had_cookie: bool, res: &mut Response<Body>) -> Leave {
    let settings = session.settings();
    let standing = session.standing();
    if had_cookie && standing.is_empty {
        cookie::delete(res, settings);
        patch_vary(res.headers_mut(), "Cookie");
        return Leave::Done;
    }
    if standing.accessed {
        patch_vary(res.headers_mut(), "Cookie");
    }
    let changed = standing.modified || settings.session_save_every_request;
    if !changed || standing.is_empty || res.status().is_server_error() {
        return Leave::Done;
    }
    Leave::wait(res, |res| save(session, res))
}

/// Saves the session and sets its cookie.
async fn save(session: Session, mut res: Response<Body>) -> Response<Body> {
    let stored = session.is_stored() && !session.settings().session_save_every_request;
    let saved = if stored { Ok(()) } else { session.save().await };
    let set = match saved {
        Ok(()) => cookie::set(&mut res, &session).await,
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
