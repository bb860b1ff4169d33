//! The layer that sets `X-Frame-Options`.

use std::convert::Infallible;
use std::task::{Context, Poll};

use axum_core::body::Body;
use http::header::{HeaderValue, X_FRAME_OPTIONS};
use http::{Request, Response};
use tower_layer::Layer;
use tower_service::Service;

use crate::ResponseFuture;

/// What one route or response wants instead of the setting: put it in the extensions of the request
/// (the url resolver does) or of the response; the response's wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum XFrameOptions {
    /// In no frame.
    Deny,
    /// Only in frames of the same site.
    SameOrigin,
    /// No header: in frames of anybody.
    Exempt,
}

/// Sets `X-Frame-Options` on every response that has none.
///
/// # Security
/// `SAMEORIGIN` and `Exempt` do not lift a `frame-ancestors` of a Content-Security-Policy.
#[derive(Debug, Clone)]
pub struct FrameOptionsLayer {
    value: HeaderValue,
}

impl FrameOptionsLayer {
    /// A layer with the value of the setting `x_frame_options`; one that no header can hold is `DENY`.
    pub fn new(x_frame_options: &str) -> Self {
        Self {
            value: HeaderValue::from_str(&x_frame_options.to_uppercase())
                .unwrap_or_else(|_| HeaderValue::from_static("DENY")),
        }
    }
}

impl Default for FrameOptionsLayer {
    fn default() -> Self {
        Self::new("DENY")
    }
}

impl<S> Layer<S> for FrameOptionsLayer {
    type Service = FrameOptions<S>;

    fn layer(&self, inner: S) -> FrameOptions<S> {
        FrameOptions {
            inner,
            value: self.value.clone(),
        }
    }
}

/// The service of [`FrameOptionsLayer`].
#[derive(Debug, Clone)]
pub struct FrameOptions<S> {
    inner: S,
    value: HeaderValue,
}

impl<S> Service<Request<Body>> for FrameOptions<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, req: Request<Body>) -> ResponseFuture {
        let route = req.extensions().get::<XFrameOptions>().copied();
        let value = self.value.clone();
        let response = self.inner.call(req);
        Box::pin(async move {
            let mut res = response.await?;
            let wanted = res.extensions().get::<XFrameOptions>().copied().or(route);
            let value = match wanted {
                None => value,
                Some(XFrameOptions::Deny) => HeaderValue::from_static("DENY"),
                Some(XFrameOptions::SameOrigin) => HeaderValue::from_static("SAMEORIGIN"),
                Some(XFrameOptions::Exempt) => return Ok(res),
            };
            res.headers_mut().entry(X_FRAME_OPTIONS).or_insert(value);
            Ok(res)
        })
    }
}
