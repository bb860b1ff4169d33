//! The layer that compresses responses.

use axum_core::body::Body;
use bytes::Bytes;
use http::header::{ACCEPT_RANGES, CONTENT_ENCODING, CONTENT_LENGTH, ETAG};
use http::{HeaderMap, HeaderValue, Method, Request, Response};
use http_body::Body as _;
use http_body_util::BodyExt;

use super::body::GzipBody;
use super::encoder::Encoder;
use super::settings::GzipSettings;
use super::verify::{Decision, accepts_gzip, verify};
use crate::vary::patch_vary;
use crate::{Enter, Leave, Middleware, Wrapped, tower_layer};

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

tower_layer!(GzipLayer);

/// The service of [`GzipLayer`].
pub type Gzip<S> = Wrapped<GzipLayer, S>;

/// What a compressed response depends on.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    accepts: bool,
    is_head: bool,
}

impl Middleware for GzipLayer {
    type Kept = Asked;

    fn enter(&self, req: &mut Request<Body>) -> Enter<Asked> {
        Enter::Pass(Asked {
            accepts: accepts_gzip(req.headers()),
            is_head: req.method() == Method::HEAD,
        })
    }

    fn leave(&self, asked: Asked, res: &mut Response<Body>) -> Leave {
        let length = if asked.is_head {
            length_of_get(res)
        } else {
            res.body().size_hint().exact()
        };
        match verify(asked.accepts, res.headers(), length) {
            Decision::Leave => return Leave::Done,
            Decision::OnlyVary => {
                patch_vary(res.headers_mut(), "Accept-Encoding");
                return Leave::Done;
            }
            Decision::Compress => patch_vary(res.headers_mut(), "Accept-Encoding"),
        }
        if asked.is_head {
            // The length that a GET would have is known only when its content is compressed.
            res.headers_mut().remove(CONTENT_LENGTH);
            mark(res.headers_mut());
            return Leave::Done;
        }
        let encoder = Encoder::new(self.max_random_bytes);
        if length.is_some_and(|length| length <= AT_ONCE) {
            return Leave::wait(res, |res| pack(res, encoder));
        }
        let body = std::mem::take(res.body_mut());
        *res.body_mut() = Body::new(GzipBody::new(body, encoder));
        res.headers_mut().remove(CONTENT_LENGTH);
        mark(res.headers_mut());
        Leave::Done
    }
}

/// Compresses a short response, unless that makes it longer.
async fn pack(mut res: Response<Body>, encoder: Encoder) -> Response<Body> {
    let body = std::mem::take(res.body_mut());
    *res.body_mut() = match at_once(body, encoder).await {
        Ok((packed, true)) => {
            let headers = res.headers_mut();
            headers.insert(CONTENT_LENGTH, packed.len().into());
            mark(headers);
            Body::from(packed)
        }
        Ok((plain, false)) => Body::from(plain),
        // It has failed already: so it does for the client.
        Err(failed) => failed,
    };
    res
}

/// How long the answer to a GET would be: that of a HEAD has its headers, and mostly no content.
fn length_of_get(res: &Response<Body>) -> Option<u64> {
    let told = res.headers().get(CONTENT_LENGTH);
    let told = told.and_then(|length| length.to_str().ok()?.parse().ok());
    told.or_else(|| res.body().size_hint().exact().filter(|length| *length > 0))
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
