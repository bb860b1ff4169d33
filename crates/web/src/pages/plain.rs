//! The plain error pages: the status in words, and nothing else.

use axum::body::Body;
use axum::response::Response;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};

pub(crate) const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

/// The page of a status in Django's own fixed words.
pub(crate) fn plain_page(status: StatusCode) -> Response {
    let (title, details) = match status {
        StatusCode::BAD_REQUEST => ("Bad Request (400)", ""),
        StatusCode::FORBIDDEN => ("403 Forbidden", ""),
        StatusCode::NOT_FOUND => (
            "Not Found",
            "The requested resource was not found on this server.",
        ),
        StatusCode::INTERNAL_SERVER_ERROR => ("Server Error (500)", ""),
        other => (other.canonical_reason().unwrap_or("Error"), ""),
    };
    html_page(status, simple_html(title, details))
}

pub(crate) fn simple_html(title: &str, details: &str) -> String {
    format!(
        "\n<!doctype html>\n<html lang=\"en\">\n<head>\n  <title>{title}</title>\n</head>\n<body>\n  \
         <h1>{title}</h1><p>{details}</p>\n</body>\n</html>\n"
    )
}

pub(crate) fn html_page(status: StatusCode, html: String) -> Response {
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HTML);
    response
}
