//! Conditions that a view's own functions answer, before the view runs.

use std::fmt;
use std::sync::Arc;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;
use http::header::{ETAG, HeaderMap, HeaderValue, LAST_MODIFIED};
use http::{Method, Request};
use jiff::Timestamp;
use nuages_security::date::http_date;
use nuages_security::{Enter, Entered, Leave, Middleware, Wrapped, tower_layer};

use super::answer::{answer, clock_of};
use super::etag::quote_etag;
use super::verify::{Validators, verify};
use crate::error::Result;
use crate::request_info::RequestInfo;

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

tower_layer!(ConditionLayer);

/// The service of [`ConditionLayer`].
pub type Condition<S> = Wrapped<ConditionLayer, S>;

impl Middleware for ConditionLayer {
    type Kept = Known;

    fn enter(&self, req: &mut Request<Body>) -> Enter<Known> {
        let layer = self.clone();
        Enter::wait(req, async move |req| {
            let clock = clock_of(req.extensions());
            let (parts, body) = req.into_parts();
            let (etag, last_modified) = match layer.ask(RequestInfo::new(&parts)).await {
                Ok(known) => known,
                Err(error) => return Entered::Answer(error.into_response()),
            };
            let known = Known {
                is_read: parts.method == Method::GET || parts.method == Method::HEAD,
                etag,
                last_modified,
            };
            let found = verify(
                &parts.method,
                &parts.headers,
                known.validators(),
                clock.now(),
            );
            match answer(found, &HeaderMap::new()) {
                Some(mut res) => {
                    known.mark(res.headers_mut());
                    Entered::Answer(res)
                }
                None => Entered::Pass(Request::from_parts(parts, body), known),
            }
        })
    }

    fn leave(&self, known: Known, res: &mut Response) -> Leave {
        known.mark(res.headers_mut());
        Leave::Done
    }
}

/// What is known of the content before the view runs.
#[derive(Debug)]
pub struct Known {
    is_read: bool,
    etag: Option<String>,
    last_modified: Option<Timestamp>,
}

impl Known {
    fn validators(&self) -> Validators<'_> {
        Validators {
            etag: self.etag.as_deref(),
            last_modified: self.last_modified,
        }
    }

    fn mark(&self, headers: &mut HeaderMap) {
        if self.is_read {
            mark(headers, self.validators());
        }
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
