//! `If-None-Match` and `If-Modified-Since`: what the client has already.

use http::{HeaderMap, header};
use jiff::Timestamp;

/// True when the client's copy is still good.
pub(super) fn is_unchanged(headers: &HeaderMap, etag: &str, modified: Option<Timestamp>) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(known) = text(header::IF_NONE_MATCH) {
        let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        return known.trim() == "*" || known.split(',').any(|tag| opaque(tag) == opaque(etag));
    }
    let since = text(header::IF_MODIFIED_SINCE).and_then(parse_date);
    match (since, modified) {
        (Some(since), Some(modified)) => modified.as_second() <= since.as_second(),
        _ => false,
    }
}

/// True when a part may be sent: the part goes with the client's copy.
pub(super) fn allows_range(headers: &HeaderMap, etag: &str) -> bool {
    let condition = headers.get(header::IF_RANGE);
    // A date is no strong validator; then the whole is sent.
    condition.is_none_or(|value| value.as_bytes() == etag.as_bytes())
}

fn parse_date(text: &str) -> Option<Timestamp> {
    let text = text.split(';').next().unwrap_or("").trim();
    let moment = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text);
    moment.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_copy_is_not_sent_again() {
        let modified = Timestamp::from_second(1_780_000_000).ok();
        let check = |name: &'static str, value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(name, value.parse().unwrap());
            is_unchanged(&headers, "\"a-1\"", modified)
        };
        assert!(check("if-none-match", "\"b\", W/\"a-1\""));
        assert!(check("if-none-match", "*"));
        assert!(!check("if-none-match", "\"b\""));
        assert!(check("if-modified-since", "Thu, 28 May 2026 20:26:40 GMT"));
        assert!(!check("if-modified-since", "Thu, 28 May 2026 20:26:39 GMT"));
        assert!(!check("if-modified-since", "yesterday"));
    }
}
