//! Request bodies with an end.

use std::error::Error as StdError;
use std::io;

use axum::body::Body;
use http::HeaderMap;
use http::header::CONTENT_ENCODING;
use http_body_util::Limited;

use crate::error::{Error, ErrorKind, Result};

/// Lets the body fail once more than `max` bytes have come.
///
/// The length that the client announced is no proof: a chunked body has none.
pub(crate) fn limit(body: &mut Body, max: u64) {
    if http_body::Body::is_end_stream(body) {
        return;
    }
    let max = usize::try_from(max).unwrap_or(usize::MAX);
    *body = Body::new(Limited::new(std::mem::take(body), max));
}

/// Refuses a body that is compressed: it would have to be unpacked, to a size that only its end tells.
pub(crate) fn refuse_coding(headers: &HeaderMap) -> Result<()> {
    let mut codings = headers.get_all(CONTENT_ENCODING).iter();
    if codings.all(|coding| coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::UnsupportedMedia,
        "The request body is compressed, which is not taken.",
    ))
}

/// True when reading failed because of [`limit`].
pub(crate) fn is_over_limit(error: &(dyn StdError + 'static)) -> bool {
    causes(error).any(<dyn StdError>::is::<http_body_util::LengthLimitError>)
}

/// What to answer when a body could not be read to its end.
pub(crate) fn unreadable(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Error {
    let error = error.into();
    let timed_out = causes(&*error)
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::TimedOut);
    if timed_out {
        let words = "The request body did not come in time.";
        return Error::new(ErrorKind::TimedOut, words).with_source(error);
    }
    Error::bad_request("The request body could not be read.").with_source(error)
}

fn causes<'e>(
    error: &'e (dyn StdError + 'static),
) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error: &&'e (dyn StdError + 'static)| {
        (*error).source()
    })
}
