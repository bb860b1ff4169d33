//! How long a response may be kept, for caches old and new.

use http::header::{EXPIRES, HeaderMap, HeaderValue};
use jiff::{SignedDuration, Timestamp};
use nuages_security::date::http_date;

use super::cache_control::{CacheControl, InvalidMaxAge};

/// Says that a response is good for so many seconds: `Expires` where there is none yet, and `max-age`.
///
/// # Errors
/// When the response has an age that is no number.
///
/// # Django
/// `patch_response_headers(response, cache_timeout)`.
pub fn patch_response_headers(
    headers: &mut HeaderMap,
    seconds: i64,
    now: Timestamp,
) -> Result<(), InvalidMaxAge> {
    let seconds = seconds.max(0);
    if !headers.contains_key(EXPIRES) {
        let until = now
            .checked_add(SignedDuration::from_secs(seconds))
            .unwrap_or(Timestamp::MAX);
        if let Ok(value) = HeaderValue::try_from(http_date(until)) {
            headers.insert(EXPIRES, value);
        }
    }
    CacheControl::new().max_age(seconds).patch(headers)
}

/// Says that nobody may keep a response.
///
/// ```
/// use http::HeaderMap;
/// use jiff::Timestamp;
/// use nuages_web::cache_headers::add_never_cache_headers;
///
/// let mut headers = HeaderMap::new();
/// add_never_cache_headers(&mut headers, Timestamp::UNIX_EPOCH)?;
/// assert_eq!(headers["cache-control"], "max-age=0, no-cache, no-store, must-revalidate, private");
/// # Ok::<(), nuages_web::cache_headers::InvalidMaxAge>(())
/// ```
///
/// # Errors
/// When the response has an age that is no number.
///
/// # Django
/// `add_never_cache_headers`.
pub fn add_never_cache_headers(
    headers: &mut HeaderMap,
    now: Timestamp,
) -> Result<(), InvalidMaxAge> {
    patch_response_headers(headers, -1, now)?;
    CacheControl::new()
        .no_cache()
        .no_store()
        .must_revalidate()
        .private()
        .patch(headers)
}
