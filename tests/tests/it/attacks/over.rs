//! The test client over a real socket: what the catalogue calls HTTP against a running server.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::task::{Context, Poll};

use axum::body::Body;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use http::uri::{Authority, Scheme};
use http::{Request, Response, StatusCode, Uri};
use hyper_util::client::legacy::Client as HttpClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use nuages::testing::{Client, LiveServer, TestSite};
use nuages::web::SharedService;
use tower_service::Service;

/// A running server, and browsers that speak to it.
pub(crate) struct Running {
    server: LiveServer,
    wire: Wire,
}

impl Running {
    /// Serves a site at a free port.
    pub(crate) async fn of(site: &TestSite) -> Self {
        Self::serving(site.service()).await
    }

    /// Serves this, which may be one of several workers of a site.
    pub(crate) async fn serving(service: SharedService) -> Self {
        let server = LiveServer::start(service).await.unwrap();
        let http = HttpClient::builder(TokioExecutor::new()).build_http();
        let to = server.address();
        Self {
            server,
            wire: Wire { http, to },
        }
    }

    /// A browser. It has nothing of the test's own about it: its CSRF tokens are checked, its address is 127.0.0.1.
    pub(crate) fn browser(&self) -> Client {
        Client::new(SharedService::new(self.wire.clone())).enforce_csrf_checks()
    }

    /// Where it listens, for those who send bytes of their own.
    pub(crate) fn address(&self) -> SocketAddr {
        self.server.address()
    }
}

/// Sends requests to a server; only what HTTP carries arrives there.
#[derive(Clone)]
struct Wire {
    http: HttpClient<HttpConnector, Body>,
    to: SocketAddr,
}

impl Service<Request<Body>> for Wire {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut req: Request<Body>) -> Self::Future {
        let mut uri = std::mem::take(req.uri_mut()).into_parts();
        uri.scheme = Some(Scheme::HTTP);
        uri.authority = Authority::try_from(self.to.to_string()).ok();
        *req.uri_mut() = Uri::from_parts(uri).unwrap();
        req.extensions_mut().clear();
        let answer = self.http.request(req);
        async {
            Ok(match answer.await {
                Ok(answer) => answer.map(Body::new),
                Err(error) => {
                    let mut broken = Response::new(Body::from(format!("{error:?}")));
                    *broken.status_mut() = StatusCode::BAD_GATEWAY;
                    broken
                }
            })
        }
        .boxed()
    }
}
