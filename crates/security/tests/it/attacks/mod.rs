//! Attacks in pairs: refused with the layer, succeeding without it.

mod forgery;
mod outbound;
mod site;
mod token;
mod uris;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::routing::any;
use http::{Request, Response, StatusCode};
use nuages_security::csrf::{CsrfLayer, CsrfSettings};
use nuages_security::hosts::Connection;
use tower::ServiceExt;

use crate::request::wait;

pub(super) const SECRET: &str = "aBcDeFgHiJkLmNoPqRsTuVwXyZ012345";

/// A site that changes something on every request, whoever asks.
pub(super) fn naked() -> Router {
    Router::new().fallback(any(|| async { "changed" }))
}

pub(super) fn protected() -> Router {
    naked().layer(CsrfLayer::new(&CsrfSettings::default()))
}

pub(super) fn send(app: &Router, req: Request<Body>) -> Response<Body> {
    wait(app.clone().oneshot(req)).unwrap()
}

pub(super) fn post(headers: &[(&str, &str)], body: &str) -> Request<Body> {
    let mut req = Request::post("/").header("host", "site.com");
    for (name, value) in headers {
        req = req.header(*name, *value);
    }
    if !headers.iter().any(|(name, _)| *name == "content-type") {
        req = req.header("content-type", "application/x-www-form-urlencoded");
    }
    req.body(Body::from(body.to_owned())).unwrap()
}

pub(super) fn cookie() -> String {
    format!("csrftoken={SECRET}")
}

pub(super) fn field(token: &str) -> String {
    format!("a=1&csrfmiddlewaretoken={token}")
}

pub(super) fn text(res: Response<Body>) -> String {
    let bytes = wait(to_bytes(res.into_body(), usize::MAX)).unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

pub(super) fn secure(headers: &[(&str, &str)]) -> Request<Body> {
    let cookie = cookie();
    let mut all = vec![("cookie", cookie.as_str())];
    all.extend_from_slice(headers);
    let mut req = post(&all, &field(SECRET));
    req.extensions_mut().insert(Connection {
        is_secure: true,
        ..Connection::default()
    });
    req
}

/// Refused with the layer, succeeding without it.
pub(super) fn pair(make: impl Fn() -> Request<Body>) {
    assert_eq!(send(&protected(), make()).status(), StatusCode::FORBIDDEN);
    assert_eq!(send(&naked(), make()).status(), StatusCode::OK);
}
