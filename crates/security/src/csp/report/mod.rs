//! Where browsers report violations of the policy, without trusting a word of it.
//!
//! Anybody can send such a report, and a real one holds URLs with secrets in them. So it is short, read as
//! data, and what is logged of it is where and what, never a query, a fragment or a sample of code.
//!
//! ```
//! use axum::{Router, routing::post};
//! use nuages_security::csp::csp_report;
//!
//! let app: Router = Router::new().route("/csp-report/", post(csp_report));
//! ```
//!
//! Name it in the policy: `report-uri /csp-report/`, or `report-to csp` with the header
//! `Reporting-Endpoints: csp="/csp-report/"`.

mod parse;

use axum_core::body::Body;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Limited};

pub use parse::{Violation, parse_reports};

/// No browser sends longer ones.
const MAX_BYTES: usize = 64 * 1024;

/// Takes a report and logs it, as a warning of `nuages.security.csp`: 204.
///
/// Longer than 64 KiB is 413, another type 415, what is no report 400. The route must be exempt from CSRF
/// protection: browsers send reports without a token.
pub async fn csp_report(req: Request<Body>) -> Response<Body> {
    let status = match read_reports(req).await {
        Ok(violations) => {
            for violation in &violations {
                tracing::warn!(target: "nuages.security.csp", "{violation}");
            }
            StatusCode::NO_CONTENT
        }
        Err(status) => status,
    };
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// Reads the violations of a report, for a site that does something else with them.
///
/// # Errors
/// The status to answer with: 405, 413, 415 or 400.
pub async fn read_reports(req: Request<Body>) -> Result<Vec<Violation>, StatusCode> {
    if req.method() != Method::POST {
        return Err(StatusCode::METHOD_NOT_ALLOWED);
    }
    if req.headers().contains_key(CONTENT_ENCODING) {
        return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    let content_type = req.headers().get(CONTENT_TYPE).cloned();
    if http_body::Body::size_hint(req.body()).lower() > MAX_BYTES as u64 {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    let body = Limited::new(req.into_body(), MAX_BYTES).collect().await;
    let bytes = body
        .map_err(|error| {
            if error.is::<http_body_util::LengthLimitError>() {
                StatusCode::PAYLOAD_TOO_LARGE
            } else {
                StatusCode::BAD_REQUEST
            }
        })?
        .to_bytes();
    let content_type = content_type.as_ref().and_then(|value| value.to_str().ok());
    parse_reports(content_type.unwrap_or(""), &bytes)
}
