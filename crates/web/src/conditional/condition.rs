//! Conditions that a view's own functions answer, before the view runs.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;
use http::header::{ETAG, HeaderMap, HeaderValue, LAST_MODIFIED};
use http::{Method, Request};
use jiff::Timestamp;
use nuages_security::date::http_date;
use tower_layer::Layer;
use tower_service::Service;

use super::answer::{answer, clock_of};
use super::etag::quote_etag;
use super::verify::{Validators, verify};
use crate::error::Result;
use crate::request_info::RequestInfo;
use crate::shared_service::ResponseFuture;

type Ask<T> = Arc<dyn Fn(RequestInfo) -> BoxFuture<'static, Result<Option<T>>> + Send + Sync>;

/// How to find out the present state of what a view shows or changes, without running the view.
///
/// ```
/// use jiff::Timestamp;
/// use nuages_web::conditional::ConditionLayer;
/// use nuages_web::{RequestInfo, get};
///
/// async fn changed(_: RequestInfo) -> nuages_web::Result<Option<Timestamp>> {
///     Ok(Some(Timestamp::from_second(1_780_000_000)?))
/// }
///
/// let condition = ConditionLayer::new()
///     .etag(async |_: RequestInfo| Ok(Some("v1".to_owned())))
///     .last_modified(changed);
/// let view = get(async || "page").layer(condition);
/// ```
///
/// The functions find what the route captured in [`RequestInfo::resolver_match`]. A resource that is
/// not there is `None`.
///
/// # Django
/// `condition(etag_func, last_modified_func)`.
#[derive(Clone, Default)]
pub struct ConditionLayer {
    etag: Option<Ask<String>>,
    last_modified: Option<Ask<Timestamp>>,
}

impl ConditionLayer {
    /// No condition yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// How to find out the tag; quotes are added where there are none.
    pub fn etag<F, Fut>(mut self, ask: F) -> Self
    where
        F: Fn(RequestInfo) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Option<String>>> + Send + 'static,
    {
        self.etag = Some(Arc::new(move |req| Box::pin(ask(req))));
        self
    }

    /// How to find out when it was changed.
    pub fn last_modified<F, Fut>(mut self, ask: F) -> Self
    where
        F: Fn(RequestInfo) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Option<Timestamp>>> + Send + 'static,
    {
        self.last_modified = Some(Arc::new(move |req| Box::pin(ask(req))));
        self
    }

    async fn ask(&self, req: RequestInfo) -> Result<(Option<String>, Option<Timestamp>)> {
        let modified = match &self.last_modified {
            Some(ask) => ask(req.clone()).await?,
            None => None,
        };
        let etag = match &self.etag {
            Some(ask) => ask(req).await?.map(|tag| quote_etag(&tag)),
            None => None,
        };
        Ok((etag, modified))
    }
}

impl<S> Layer<S> for ConditionLayer {
    type Service = Condition<S>;

    fn layer(&self, inner: S) -> Condition<S> {
        Condition {
            inner,
            layer: self.clone(),
        }
    }
}

/// The service of [`ConditionLayer`].
#[derive(Debug, Clone)]
pub struct Condition<S> {
    inner: S,
    layer: ConditionLayer,
}

impl<S> Service<Request<Body>> for Condition<S>
where
    S: Service<Request<Body>, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, req: Request<Body>) -> ResponseFuture {
        // The clone is the one that stays; the one that was asked whether it is ready goes along.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        let layer = self.layer.clone();
        Box::pin(async move {
            let clock = clock_of(req.extensions());
            let (parts, body) = req.into_parts();
            let (etag, last_modified) = match layer.ask(RequestInfo::new(&parts)).await {
                Ok(known) => known,
                Err(error) => return Ok(error.into_response()),
            };
            let known = Validators {
                etag: etag.as_deref(),
                last_modified,
            };
            let method = parts.method.clone();
            let found = verify(&method, &parts.headers, known, clock.now());
            let mut response = match answer(found, &HeaderMap::new()) {
                Some(response) => response,
                None => inner.call(Request::from_parts(parts, body)).await?,
            };
            if method == Method::GET || method == Method::HEAD {
                mark(response.headers_mut(), known);
            }
            Ok(response)
        })
    }
}

/// Tells the client what it may ask for next time; what the view has said itself stays.
fn mark(headers: &mut HeaderMap, known: Validators<'_>) {
    let moment = known.last_modified.filter(|moment| moment.as_second() != 0);
    if let Some(moment) = moment
        && let Ok(value) = HeaderValue::try_from(http_date(moment))
    {
        headers.entry(LAST_MODIFIED).or_insert(value);
    }
    let etag = known.etag.and_then(|etag| HeaderValue::try_from(etag).ok());
    if let Some(value) = etag {
        headers.entry(ETAG).or_insert(value);
    }
}

impl fmt::Debug for ConditionLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConditionLayer")
            .field("etag", &self.etag.is_some())
            .field("last_modified", &self.last_modified.is_some())
            .finish()
    }
}
