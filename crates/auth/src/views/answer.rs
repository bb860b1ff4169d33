//! Parts of the views' answers.

use std::convert::Infallible;
use std::task::{Context, Poll};

use axum::response::Response;
use axum_core::body::Body;
use futures_util::future::BoxFuture;
use http::header::{CACHE_CONTROL, EXPIRES};
use http::{HeaderValue, Request};
use jiff::Timestamp;
use nuages_base::Clock;
use nuages_security::date::http_date;
use nuages_web::{SharedService, SiteContext};
use tower_layer::Layer;
use tower_service::Service;

/// Tells browsers and proxies to keep nothing of a view, refusals of wrong methods included.
///
/// # Django
/// `never_cache`.
#[derive(Debug, Clone, Copy)]
pub(super) struct NeverCacheLayer;

impl Layer<SharedService> for NeverCacheLayer {
    type Service = NeverCache;

    fn layer(&self, inner: SharedService) -> NeverCache {
        NeverCache(inner)
    }
}

/// The service of a [`NeverCacheLayer`].
#[derive(Debug, Clone)]
pub(super) struct NeverCache(SharedService);

impl Service<Request<Body>> for NeverCache {
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, req: Request<Body>) -> Self::Future {
        let site = SiteContext::of(req.extensions());
        let clock = site.map_or_else(Clock::system, |site| site.clock().clone());
        let handled = self.0.call(req);
        Box::pin(async move {
            let mut res = handled.await?;
            never_cache(&mut res, clock.now());
            Ok(res)
        })
    }
}

fn never_cache(res: &mut Response, now: Timestamp) {
    let headers = res.headers_mut();
    let rule = "max-age=0, no-cache, no-store, must-revalidate, private";
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(rule));
    if let Ok(expires) = HeaderValue::from_str(&http_date(now)) {
        headers.insert(EXPIRES, expires);
    }
}
