//! The answer to a request for a static file.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::ALLOW;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use jiff::Timestamp;

use super::source::StaticFiles;
use crate::error::Error;

/// Answers a request for a static file of this name.
pub(crate) async fn serve_static(
    files: StaticFiles,
    name: String,
    method: Method,
    headers: HeaderMap,
    now: Timestamp,
) -> Response {
    if method != Method::GET && method != Method::HEAD {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
        response
            .headers_mut()
            .insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    let answer = match files.open(&name).await {
        Ok(Some(file)) => file.answer(&method, &headers, now).await,
        Ok(None) => return Error::not_found("There is no such static file.").into_response(),
        Err(error) => Err(error),
    };
    answer.unwrap_or_else(|error| Error::from(error).into_response())
}
