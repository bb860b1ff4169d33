//! Parts of the views' answers.

use axum::response::{IntoResponse as _, Response};
use http::HeaderValue;
use http::header::{CACHE_CONTROL, EXPIRES, RETRY_AFTER};
use jiff::Timestamp;
use nuages_security::date::http_date;

use crate::Error;

/// Tells browsers and proxies to keep nothing of it.
///
/// # Django
/// `never_cache`.
pub(super) fn never_cache(mut res: Response, now: Timestamp) -> Response {
    let headers = res.headers_mut();
    let rule = "max-age=0, no-cache, no-store, must-revalidate, private";
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(rule));
    if let Ok(expires) = HeaderValue::from_str(&http_date(now)) {
        headers.insert(EXPIRES, expires);
    }
    res
}

/// The answer to an error; where there are too many logins, with the time to wait.
pub(super) fn failed(error: Error) -> Response {
    let retry_after = error.retry_after();
    let mut res = nuages_web::Error::from(error).into_response();
    if let Some(retry_after) = retry_after {
        let seconds = HeaderValue::from(retry_after.as_secs());
        res.headers_mut().insert(RETRY_AFTER, seconds);
    }
    res
}
