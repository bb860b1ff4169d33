//! Request bodies with an end.

use axum::body::Body;
use http_body_util::Limited;

/// The body, which fails once more than `max` bytes have come.
///
/// The length that the client announced is no proof: a chunked body has none.
pub(crate) fn limit(body: Body, max: u64) -> Body {
    let max = usize::try_from(max).unwrap_or(usize::MAX);
    if http_body::Body::is_end_stream(&body) {
        return body;
    }
    Body::new(Limited::new(body, max))
}

/// True when reading failed because of [`limit`].
pub(crate) fn is_over_limit(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<http_body_util::LengthLimitError>() {
            return true;
        }
        next = error.source();
    }
    false
}
