//! The layer that tags finished pages.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{CACHE_CONTROL, ETAG, HeaderValue, LAST_MODIFIED};
use http::{HeaderMap, Method, Request};
use http_body::Body as _;
use http_body_util::BodyExt;
use jiff::Timestamp;
use nuages_base::Clock;
use nuages_security::date::parse_http_date;
use nuages_security::{Enter, Leave, Middleware, Wrapped, tower_layer};

use super::answer::{answer, clock_of};
use super::etag::etag_of;
use super::verify::{Validators, line, verify};
use crate::error::{Error, Result};

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

tower_layer!(ConditionalGetLayer);

/// The service of [`ConditionalGetLayer`].
pub type ConditionalGet<S> = Wrapped<ConditionalGetLayer, S>;

impl Middleware for ConditionalGetLayer {
    /// In a box: it is large, and most sites do without this layer.
    type Kept = Box<(Clock, HeaderMap)>;

    fn enter(&self, req: &mut Request<Body>) -> Enter<Self::Kept> {
        if *req.method() != Method::GET {
            return Enter::Skip;
        }
        Enter::Pass(Box::new((
            clock_of(req.extensions()),
            req.headers().clone(),
        )))
    }

    fn leave(&self, kept: Self::Kept, res: &mut Response) -> Leave {
        let (clock, asked) = *kept;
        let headers = res.headers();
        let control = line(headers, CACHE_CONTROL).unwrap_or_default();
        let is_storable = !control
            .split(',')
            .any(|directive| directive.trim().eq_ignore_ascii_case("no-store"));
        if is_storable && !headers.contains_key(ETAG) {
            return Leave::wait(res, async move |res| match set_response_etag(res).await {
                Ok(mut res) => {
                    instead(&clock, &asked, &mut res);
                    res
                }
                Err(error) => error.into_response(),
            });
        }
        instead(&clock, &asked, res);
        Leave::Done
    }
}

/// Answers 304 instead of a page that the client has already.
fn instead(clock: &Clock, asked: &HeaderMap, res: &mut Response) {
    if !res.status().is_success() {
        return;
    }
    let headers = res.headers();
    let etag = line(headers, ETAG);
    let known = Validators {
        etag: etag.as_deref(),
        last_modified: last_modified(headers, clock),
    };
    if known.etag.is_none() && known.last_modified.is_none() {
        return;
    }
    if let Some(other) = answer(verify(&Method::GET, asked, known, clock.now()), headers) {
        *res = other;
    }
}

fn last_modified(headers: &HeaderMap, clock: &Clock) -> Option<Timestamp> {
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
