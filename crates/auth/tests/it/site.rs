//! A site around the layers, and browsers that keep their cookies.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

use axum_core::body::Body;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::header::{COOKIE, SET_COOKIE};
use http::{Request, Response};
use jiff::Timestamp;
use nuages_auth::passwords::{Hashers, InsecureMd5, PasswordPool};
use nuages_auth::{Auth, AuthRequest, AuthSettings, CurrentUserLayer, User};
use nuages_base::{Clock, Signals};
use nuages_crypto::KeyRing;
use nuages_db::Db;
use nuages_sessions::{DbStore, SessionLayer, SessionSettings};
use nuages_web::RouteFlags;
use tower_layer::Layer;
use tower_service::Service;

use crate::database::database;

/// The moment at which the corpus was recorded.
pub(crate) fn clock() -> Clock {
    Clock::held(Timestamp::from_second(1_780_000_000).unwrap())
}

/// Fast hashing, for tests.
pub(crate) fn pool() -> PasswordPool {
    PasswordPool::new(Hashers::new(InsecureMd5), 1, 8)
}

/// A site with one view, over a database in memory.
pub(crate) struct Site {
    pub(crate) db: Db,
    pub(crate) keys: KeyRing,
    pub(crate) signals: Signals,
    pub(crate) flags: RouteFlags,
}

impl Site {
    pub(crate) async fn new() -> Self {
        Self {
            db: database().await,
            keys: KeyRing::new("a secret key"),
            signals: Signals::new(),
            flags: RouteFlags::default(),
        }
    }

    pub(crate) fn auth(&self) -> Auth {
        let settings = AuthSettings::default();
        Auth::new(
            self.db.clone(),
            self.keys.clone(),
            settings,
            self.signals.clone(),
            clock(),
        )
        .unwrap()
        .with_password_pool(pool())
    }

    pub(crate) async fn user(&self, username: &str, password: &str) -> User {
        self.auth()
            .users()
            .create_user(username, "", password)
            .await
            .unwrap()
    }

    /// One request of a browser to a view.
    pub(crate) async fn visit<F, Fut>(&self, browser: &mut Browser, view: F) -> Response<Body>
    where
        F: FnOnce(AuthRequest) -> Fut + Clone + Send + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let store = Arc::new(DbStore::new(self.db.clone(), &self.keys, clock()));
        let sessions = SessionLayer::new(store, SessionSettings::default(), clock());
        let service = View(move |req: &Request<Body>| {
            let req = req.extensions().get::<AuthRequest>().unwrap().clone();
            view.clone()(req)
                .map(|()| Response::new(Body::empty()))
                .boxed()
        });
        let mut stack = sessions.layer(CurrentUserLayer::new(self.auth()).layer(service));
        let mut req = Request::builder()
            .uri("/secret/?a=1")
            .body(Body::empty())
            .unwrap();
        req.extensions_mut().insert(self.flags.clone());
        browser.send(&mut req);
        let res = stack.call(req).await.unwrap();
        browser.keep(&res);
        res
    }

    /// Logs in from a browser.
    pub(crate) async fn login(&self, browser: &mut Browser, user: &User) {
        let user = user.clone();
        self.visit(browser, async move |req| req.login(&user).await.unwrap())
            .await;
    }

    /// Who the site takes a browser for.
    pub(crate) async fn who(&self, browser: &mut Browser) -> Option<String> {
        let (tell, told) = tokio::sync::oneshot::channel();
        let tell = Arc::new(std::sync::Mutex::new(Some(tell)));
        self.visit(browser, async move |req| {
            let user = req.user().await.unwrap();
            let name = user.map(|user| user.username.clone());
            tell.lock().unwrap().take().unwrap().send(name).unwrap();
        })
        .await;
        told.await.unwrap()
    }
}

/// A browser: a jar of cookies.
#[derive(Debug, Clone, Default)]
pub(crate) struct Browser(pub(crate) BTreeMap<String, String>);

impl Browser {
    pub(crate) fn send(&self, req: &mut Request<Body>) {
        if self.0.is_empty() {
            return;
        }
        let cookies: Vec<_> = self
            .0
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        req.headers_mut()
            .insert(COOKIE, cookies.join("; ").parse().unwrap());
    }

    pub(crate) fn keep(&mut self, res: &Response<Body>) {
        for header in res.headers().get_all(SET_COOKIE) {
            let text = header.to_str().unwrap();
            let (pair, attributes) = text.split_once(';').unwrap_or((text, ""));
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.0.remove(name);
            } else {
                self.0.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// A function as a service.
#[derive(Clone)]
struct View<F>(F);

impl<F> Service<Request<Body>> for View<F>
where
    F: FnMut(&Request<Body>) -> BoxFuture<'static, Response<Body>>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(
        &mut self,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Result<(), Infallible>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, req: Request<Body>) -> Self::Future {
        self.0(&req).map(Ok).boxed()
    }
}
