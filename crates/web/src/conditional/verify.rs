//! The decision: is the client's copy good, and may the request go on?

use std::borrow::Cow;

use http::header::{
    HeaderMap, HeaderName, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE,
    IF_UNMODIFIED_SINCE,
};
use http::{Method, StatusCode};
use jiff::Timestamp;
use nuages_security::date::parse_http_date;

use super::etag::parse_etags;

/// What is known of the present state of a resource.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Validators<'v> {
    /// Its tag, with quotes.
    pub etag: Option<&'v str>,
    /// When it was changed, to the second.
    pub last_modified: Option<Timestamp>,
}

/// What the conditions of a request come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precondition {
    /// The request goes on.
    Met,
    /// 304: the client has the content already.
    NotModified,
    /// 412: the resource is not as the client believes.
    Failed,
}

impl Precondition {
    /// The status instead of the usual response, if there is one.
    pub fn status(self) -> Option<StatusCode> {
        match self {
            Self::Met => None,
            Self::NotModified => Some(StatusCode::NOT_MODIFIED),
            Self::Failed => Some(StatusCode::PRECONDITION_FAILED),
        }
    }
}

/// Weighs `If-Match`, `If-Unmodified-Since`, `If-None-Match` and `If-Modified-Since`, in the order of
/// RFC 9110.
///
/// ```
/// use http::{HeaderMap, HeaderValue, Method};
/// use jiff::Timestamp;
/// use nuages_web::conditional::{Precondition, Validators, verify};
///
/// let mut headers = HeaderMap::new();
/// headers.insert("if-none-match", HeaderValue::from_static("\"v1\""));
/// let now = Timestamp::from_second(1_780_000_000)?;
/// let known = Validators { etag: Some("\"v1\""), ..Validators::default() };
/// assert_eq!(verify(&Method::GET, &headers, known, now), Precondition::NotModified);
/// assert_eq!(verify(&Method::PUT, &headers, known, now), Precondition::Failed);
/// # Ok::<(), jiff::Error>(())
/// ```
///
/// # Django
/// `django.utils.cache.get_conditional_response`.
pub fn verify(
    method: &Method,
    headers: &HeaderMap,
    known: Validators<'_>,
    now: Timestamp,
) -> Precondition {
    let date = |name| {
        let moment = parse_http_date(&line(headers, name)?, now)?;
        seconds(Some(moment))
    };
    let match_line = line(headers, IF_MATCH).unwrap_or_default();
    let none_match_line = line(headers, IF_NONE_MATCH).unwrap_or_default();
    let wanted = parse_etags(&match_line);
    let unwanted = parse_etags(&none_match_line);
    let etag = known.etag.filter(|etag| !etag.is_empty());
    let modified = seconds(known.last_modified);
    let is_safe = *method == Method::GET || *method == Method::HEAD;

    if !wanted.is_empty() && !matches_strongly(etag, &wanted) {
        return Precondition::Failed;
    }
    if wanted.is_empty()
        && let Some(since) = date(IF_UNMODIFIED_SINCE)
        && modified.is_none_or(|modified| modified > since)
    {
        return Precondition::Failed;
    }
    if !unwanted.is_empty() && matches_weakly(etag, &unwanted) {
        return if is_safe {
            Precondition::NotModified
        } else {
            Precondition::Failed
        };
    }
    if unwanted.is_empty()
        && is_safe
        && let Some(since) = date(IF_MODIFIED_SINCE)
        && modified.is_some_and(|modified| modified <= since)
    {
        return Precondition::NotModified;
    }
    Precondition::Met
}

/// True when a part may be sent: the client's copy, of which it has another part, is of this content.
pub(crate) fn allows_range(headers: &HeaderMap, etag: &str) -> bool {
    let condition = headers.get(IF_RANGE);
    // A date is no strong validator; then the whole is sent.
    condition.is_none_or(|value| value.as_bytes() == etag.as_bytes())
}

/// The value of a header; several lines are one list.
pub(super) fn line(headers: &HeaderMap, name: HeaderName) -> Option<Cow<'_, str>> {
    let mut lines = headers.get_all(name).iter();
    let mut line = String::from_utf8_lossy(lines.next()?.as_bytes());
    for next in lines {
        let text = line.to_mut();
        text.push(',');
        text.push_str(&String::from_utf8_lossy(next.as_bytes()));
    }
    Some(line)
}

/// As in Django, the first second of 1970 is as good as no date.
fn seconds(moment: Option<Timestamp>) -> Option<i64> {
    moment.map(Timestamp::as_second).filter(|at| *at != 0)
}

fn matches_strongly(etag: Option<&str>, wanted: &[&str]) -> bool {
    etag.is_some_and(|etag| *wanted == ["*"] || (!etag.starts_with("W/") && wanted.contains(&etag)))
}

fn matches_weakly(etag: Option<&str>, unwanted: &[&str]) -> bool {
    let opaque = |tag: &str| tag.trim_matches(['W', '/']).to_owned();
    etag.is_some_and(|etag| {
        let etag = opaque(etag);
        *unwanted == ["*"] || unwanted.iter().any(|tag| opaque(tag) == etag)
    })
}
