//! The layer that compresses responses.

use std::convert::Infallible;
use std::task::{Context, Poll};

use axum_core::body::Body;
use bytes::Bytes;
use http::header::{ACCEPT_RANGES, CONTENT_ENCODING, CONTENT_LENGTH, ETAG};
use http::{HeaderMap, HeaderValue, Method, Request, Response};
use http_body::Body as _;
use http_body_util::BodyExt;
use tower_layer::Layer;
use tower_service::Service;

use super::body::GzipBody;
use super::encoder::Encoder;
use super::settings::GzipSettings;
use super::verify::{Decision, accepts_gzip, verify};
use crate::ResponseFuture;
use crate::vary::patch_vary;

/// A body of a known length up to this is compressed at once, and only sent so if that is shorter.
const AT_ONCE: u64 = 1024 * 1024;

/// Compresses responses for clients that understand it.
#[derive(Debug, Clone)]
pub struct GzipLayer {
    max_random_bytes: usize,
}

impl GzipLayer {
    /// A layer that makes responses longer by up to a hundred random bytes.
    pub fn new() -> Self {
        Self::with(&GzipSettings::default())
    }

    /// A layer with these settings.
    pub fn with(settings: &GzipSettings) -> Self {
        Self {
            max_random_bytes: settings.gzip_max_random_bytes,
        }
    }
}

impl Default for GzipLayer {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> Layer<S> for GzipLayer {
    type Service = Gzip<S>;

    fn layer(&self, inner: S) -> Gzip<S> {
        Gzip {
            inner,
            max_random_bytes: self.max_random_bytes,
        }
    }
}

/// The service of [`GzipLayer`].
#[derive(Debug, Clone)]
pub struct Gzip<S> {
    inner: S,
    max_random_bytes: usize,
}

impl<S> Service<Request<Body>> for Gzip<S>
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
        let accepts = accepts_gzip(req.headers());
        let is_head = req.method() == Method::HEAD;
        let max_random_bytes = self.max_random_bytes;
        let response = self.inner.call(req);
        Box::pin(async move {
            let mut res = response.await?;
            let length = res.body().size_hint().exact();
            match verify(accepts, res.headers(), length) {
                Decision::Leave => return Ok(res),
                Decision::OnlyVary => {
                    patch_vary(res.headers_mut(), "Accept-Encoding");
                    return Ok(res);
                }
                Decision::Compress => patch_vary(res.headers_mut(), "Accept-Encoding"),
            }
            if is_head {
                return Ok(res);
            }
            let (mut parts, body) = res.into_parts();
            let encoder = Encoder::new(max_random_bytes);
            let body = if length.is_some_and(|length| length <= AT_ONCE) {
                match at_once(body, encoder).await {
                    Ok((packed, true)) => {
                        parts.headers.insert(CONTENT_LENGTH, packed.len().into());
                        Body::from(packed)
                    }
                    Ok((plain, false)) => {
                        return Ok(Response::from_parts(parts, Body::from(plain)));
                    }
                    // It has failed already: so it does for the client.
                    Err(failed) => return Ok(Response::from_parts(parts, failed)),
                }
            } else {
                parts.headers.remove(CONTENT_LENGTH);
                Body::new(GzipBody::new(body, encoder))
            };
            mark(&mut parts.headers);
            Ok(Response::from_parts(parts, body))
        })
    }
}

/// The whole compressed, and true; or as it was, when that is not longer.
async fn at_once(body: Body, mut encoder: Encoder) -> Result<(Bytes, bool), Body> {
    let failed = |error: axum_core::Error| {
        Body::new(http_body_util::StreamBody::new(futures_util::stream::once(
            std::future::ready(Err::<http_body::Frame<Bytes>, _>(error)),
        )))
    };
    let plain = body.collect().await.map_err(failed)?.to_bytes();
    let packed = encoder.push(&plain).and_then(|begin| {
        let mut packed = Vec::from(begin);
        packed.extend_from_slice(&encoder.finish()?);
        Ok(Bytes::from(packed))
    });
    match packed {
        Ok(packed) if packed.len() < plain.len() => Ok((packed, true)),
        _ => Ok((plain, false)),
    }
}

/// The headers of a compressed response: its tag stands for the same content, no longer the same bytes.
fn mark(headers: &mut HeaderMap) {
    headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    // Ranges of the plain bytes mean nothing here.
    headers.remove(ACCEPT_RANGES);
    let strong = headers
        .get(ETAG)
        .filter(|tag| tag.as_bytes().starts_with(b"\""));
    let weak =
        strong.and_then(|tag| HeaderValue::from_bytes(&[b"W/", tag.as_bytes()].concat()).ok());
    if let Some(weak) = weak {
        headers.insert(ETAG, weak);
    }
}
