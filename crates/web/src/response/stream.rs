//! Responses that are written while they are sent.

use std::error::Error as StdError;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::Stream;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};

use super::disposition::content_disposition;

/// A response that is written while it is sent: the whole is never in memory.
///
/// ```
/// use futures_util::stream;
/// use nuages_web::StreamResponse;
///
/// async fn export() -> StreamResponse {
///     let rows = stream::iter((0..1_000_000).map(|n| Ok::<_, std::io::Error>(format!("{n}\n"))));
///     StreamResponse::new(rows).content_type("text/csv; charset=utf-8").attachment("numbers.csv")
/// }
/// ```
///
/// When the stream fails half way, the connection is broken off, so that nobody takes the half for the
/// whole. When the client leaves, the stream is dropped.
///
/// # Django
/// `StreamingHttpResponse`.
#[derive(Debug)]
pub struct StreamResponse {
    body: Body,
    content_type: String,
    disposition: Option<HeaderValue>,
}

impl StreamResponse {
    /// A response of these pieces.
    pub fn new<S, B, E>(pieces: S) -> Self
    where
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Bytes> + 'static,
        E: Into<Box<dyn StdError + Send + Sync>> + 'static,
    {
        Self {
            body: Body::from_stream(pieces),
            content_type: "text/html; charset=utf-8".to_owned(),
            disposition: None,
        }
    }

    /// What it is.
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = content_type.into();
        self
    }

    /// The browser keeps it under this name instead of showing it.
    pub fn attachment(mut self, file_name: &str) -> Self {
        self.disposition = content_disposition(true, file_name);
        self
    }
}

impl IntoResponse for StreamResponse {
    fn into_response(self) -> Response {
        let Ok(content_type) = HeaderValue::try_from(self.content_type) else {
            let error =
                crate::Error::server("The content type of a StreamResponse is no header value.");
            return error.into_response();
        };
        let mut response = Response::new(self.body);
        *response.status_mut() = StatusCode::OK;
        response.headers_mut().insert(CONTENT_TYPE, content_type);
        if let Some(disposition) = self.disposition {
            response
                .headers_mut()
                .insert(CONTENT_DISPOSITION, disposition);
        }
        response
    }
}
