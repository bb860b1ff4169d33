//! The responses 304 and 412.

use axum::body::Body;
use axum::response::Response;
use http::header::{
    CACHE_CONTROL, CONTENT_LOCATION, CONTENT_TYPE, DATE, ETAG, EXPIRES, LAST_MODIFIED, SET_COOKIE,
    VARY,
};
use http::{Extensions, HeaderMap, HeaderName, StatusCode};
use nuages_base::Clock;

use super::verify::Precondition;
use crate::pages::HTML;
use crate::site_context::SiteContext;

/// What a 304 keeps of the response that is not sent.
const KEPT: [HeaderName; 8] = [
    CACHE_CONTROL,
    CONTENT_LOCATION,
    DATE,
    ETAG,
    EXPIRES,
    LAST_MODIFIED,
    VARY,
    SET_COOKIE,
];

/// The clock of the site, or the machine's where there is no site.
pub(crate) fn clock_of(extensions: &Extensions) -> Clock {
    let site = SiteContext::of(extensions);
    site.map_or_else(Clock::system, |site| site.clock().clone())
}

/// The response instead of one with these headers; `None` when nothing speaks against that one.
pub(super) fn answer(found: Precondition, instead_of: &HeaderMap) -> Option<Response> {
    let status = found.status()?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    if status == StatusCode::NOT_MODIFIED {
        for name in KEPT {
            for value in instead_of.get_all(&name) {
                headers.append(&name, value.clone());
            }
        }
    } else {
        headers.insert(CONTENT_TYPE, HTML);
    }
    Some(response)
}
