//! The layer that tags finished pages.

use std::convert::Infallible;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{CACHE_CONTROL, ETAG, HeaderValue, LAST_MODIFIED};
use http::{Method, Request};
use http_body::Body as _;
use http_body_util::BodyExt;
use jiff::Timestamp;
use nuages_base::Clock;
use nuages_security::date::parse_http_date;
use tower_layer::Layer;
use tower_service::Service;

use super::answer::{answer, clock_of};
use super::etag::etag_of;
use super::verify::{Validators, line, verify};
use crate::error::{Error, Result};
use crate::shared_service::ResponseFuture;

/// Gives pages a tag, and answers 304 when the client has the page already.
///
/// The view runs all the same: this spares the net, not the site. A stream gets no tag.
///
/// ```
/// use axum::{Router, routing::get};
/// use nuages_web::conditional::ConditionalGetLayer;
///
/// let app: Router = Router::new()
///     .route("/", get(|| async { "hello" }))
///     .layer(ConditionalGetLayer::new());
/// ```
///
/// # Django
/// `ConditionalGetMiddleware`, and `conditional_page` as the layer of one view.
#[derive(Debug, Clone, Copy, Default)]
pub struct ConditionalGetLayer(());

impl ConditionalGetLayer {
    /// The layer; it asks the clock of the site for the century of old dates.
    pub fn new() -> Self {
        Self::default()
    }
}

impl<S> Layer<S> for ConditionalGetLayer {
    type Service = ConditionalGet<S>;

    fn layer(&self, inner: S) -> ConditionalGet<S> {
        ConditionalGet { inner }
    }
}

/// The service of [`ConditionalGetLayer`].
#[derive(Debug, Clone)]
pub struct ConditionalGet<S> {
    inner: S,
}

impl<S> Service<Request<Body>> for ConditionalGet<S>
where
    S: Service<Request<Body>, Response = Response, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, req: Request<Body>) -> ResponseFuture {
        if *req.method() != Method::GET {
            return Box::pin(self.inner.call(req));
        }
        let clock = clock_of(req.extensions());
        let asked = req.headers().clone();
        let response = self.inner.call(req);
        Box::pin(async move {
            let mut response = response.await?;
            let is_storable = {
                let control = line(response.headers(), CACHE_CONTROL).unwrap_or_default();
                !control
                    .split(',')
                    .any(|directive| directive.trim().eq_ignore_ascii_case("no-store"))
            };
            if is_storable && !response.headers().contains_key(ETAG) {
                response = match set_response_etag(response).await {
                    Ok(response) => response,
                    Err(error) => return Ok(error.into_response()),
                };
            }
            if !response.status().is_success() {
                return Ok(response);
            }
            let instead = {
                let headers = response.headers();
                let etag = line(headers, ETAG);
                let known = Validators {
                    etag: etag.as_deref(),
                    last_modified: last_modified(headers, &clock),
                };
                if known.etag.is_none() && known.last_modified.is_none() {
                    return Ok(response);
                }
                answer(verify(&Method::GET, &asked, known, clock.now()), headers)
            };
            Ok(instead.unwrap_or(response))
        })
    }
}

fn last_modified(headers: &http::HeaderMap, clock: &Clock) -> Option<Timestamp> {
    parse_http_date(&line(headers, LAST_MODIFIED)?, clock.now())
}

/// Gives a response the tag of its content; a stream, and a response without content, gets none.
///
/// # Errors
/// When the content cannot be read.
///
/// # Django
/// `django.utils.cache.set_response_etag`.
pub async fn set_response_etag(response: Response) -> Result {
    if response
        .body()
        .size_hint()
        .exact()
        .is_none_or(|size| size == 0)
    {
        return Ok(response);
    }
    let (mut parts, body) = response.into_parts();
    let content: Bytes = body
        .collect()
        .await
        .map_err(|error| {
            Error::server("The content of a response cannot be read.").with_source(error)
        })?
        .to_bytes();
    if let Ok(tag) = HeaderValue::try_from(etag_of(&content)) {
        parts.headers.insert(ETAG, tag);
    }
    Ok(Response::from_parts(parts, Body::from(content)))
}
