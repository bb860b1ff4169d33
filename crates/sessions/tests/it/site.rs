//! A small site around the layers, and a browser that keeps its cookies.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

use axum_core::body::Body;
use futures_util::FutureExt;
use http::header::{COOKIE, SET_COOKIE};
use http::{Request, Response};
use jiff::Timestamp;
use nuages_base::Clock;
use nuages_sessions::{MemoryStore, Session, SessionLayer, SessionSettings};
use tower_layer::Layer;
use tower_service::Service;

/// The moment at which the corpus was recorded.
pub(crate) fn clock() -> Clock {
    Clock::held(Timestamp::from_second(1_780_000_000).unwrap())
}

/// Runs a future that never waits for anything outside.
pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}

/// A site with one view, and one visitor.
pub(crate) struct Site {
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) settings: SessionSettings,
    pub(crate) clock: Clock,
    pub(crate) jar: BTreeMap<String, String>,
}

impl Site {
    pub(crate) fn new() -> Self {
        Self {
            store: Arc::new(MemoryStore::new()),
            settings: SessionSettings::default(),
            clock: clock(),
            jar: BTreeMap::new(),
        }
    }

    /// One request to a view.
    pub(crate) async fn visit<F, Fut>(&mut self, view: F) -> Response<Body>
    where
        F: FnOnce(Session) -> Fut + Clone + Send + 'static,
        Fut: Future<Output = Response<Body>> + Send + 'static,
    {
        let layer = SessionLayer::new(
            self.store.clone(),
            self.settings.clone(),
            self.clock.clone(),
        );
        let service = View(move |req: &Request<Body>| {
            view.clone()(req.extensions().get::<Session>().unwrap().clone()).boxed()
        });
        let res = layer.layer(service).call(self.request()).await.unwrap();
        self.keep(&res);
        res
    }

    /// A request with the visitor's cookies.
    pub(crate) fn request(&self) -> Request<Body> {
        let mut req = Request::new(Body::empty());
        if !self.jar.is_empty() {
            let cookies: Vec<_> = self
                .jar
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            req.headers_mut()
                .insert(COOKIE, cookies.join("; ").parse().unwrap());
        }
        req
    }

    /// Keeps the cookies of a response as a browser does.
    pub(crate) fn keep(&mut self, res: &Response<Body>) {
        for header in res.headers().get_all(SET_COOKIE) {
            let text = header.to_str().unwrap();
            let (pair, attributes) = text.split_once(';').unwrap_or((text, ""));
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.jar.remove(name);
            } else {
                self.jar.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// An empty answer.
pub(crate) fn ok() -> Response<Body> {
    Response::new(Body::empty())
}

/// A function as a service.
#[derive(Clone)]
pub(crate) struct View<F>(pub(crate) F);

impl<F> Service<Request<Body>> for View<F>
where
    F: FnMut(&Request<Body>) -> futures_util::future::BoxFuture<'static, Response<Body>>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = futures_util::future::BoxFuture<'static, Result<Response<Body>, Infallible>>;

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
