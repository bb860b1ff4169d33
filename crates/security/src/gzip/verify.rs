//! Which responses are compressed.

use http::HeaderMap;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_RANGE, CONTENT_TYPE};

/// Shorter responses are not worth it.
const MIN_LENGTH: u64 = 200;

/// What to do with a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    /// Nothing.
    Leave,
    /// Say that it would be another for other clients, but send it as it is.
    OnlyVary,
    /// Compress it.
    Compress,
}

/// Decides on a response of this length, if that is known, for a client that accepts this.
pub(super) fn verify(accepts_gzip: bool, res: &HeaderMap, length: Option<u64>) -> Decision {
    let is_short = length.is_some_and(|length| length < MIN_LENGTH);
    if is_short || res.contains_key(CONTENT_ENCODING) || res.contains_key(CONTENT_RANGE) {
        return Decision::Leave;
    }
    let content_type = res
        .get(CONTENT_TYPE)
        .map_or(&b""[..], |value| value.as_bytes());
    if content_type.starts_with(b"text/event-stream") {
        return Decision::Leave;
    }
    if accepts_gzip {
        Decision::Compress
    } else {
        Decision::OnlyVary
    }
}

/// Whether a request says that gzip is understood.
pub(super) fn accepts_gzip(req: &HeaderMap) -> bool {
    let lines = req.get_all(ACCEPT_ENCODING).iter();
    lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .any(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            let name = parts.next().unwrap_or("");
            let is_refused = parts.any(|part| {
                let weight = part.strip_prefix("q=").or(part.strip_prefix("Q="));
                weight.and_then(|weight| weight.parse::<f64>().ok()) == Some(0.0)
            });
            // `x-gzip` is the same coding.
            matches!(name.to_ascii_lowercase().as_str(), "gzip" | "x-gzip") && !is_refused
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: http::HeaderName, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        headers
    }

    #[test]
    fn clients_say_what_they_understand() {
        for (value, expect) in [
            ("gzip", true),
            ("br, GZIP;q=0.5", true),
            ("x-gzip", true),
            ("deflate, gzip;q=0", false),
            ("gzip;q=0.000", false),
            ("agzip", false),
            ("identity", false),
            ("", false),
        ] {
            assert_eq!(
                accepts_gzip(&headers(ACCEPT_ENCODING, value)),
                expect,
                "{value}"
            );
        }
    }

    #[test]
    fn short_ready_and_partial_responses_are_left_alone() {
        let none = HeaderMap::new();
        assert_eq!(verify(true, &none, Some(199)), Decision::Leave);
        assert_eq!(verify(true, &none, Some(200)), Decision::Compress);
        assert_eq!(verify(true, &none, None), Decision::Compress);
        assert_eq!(verify(false, &none, None), Decision::OnlyVary);
        for (name, value) in [
            (CONTENT_ENCODING, "br"),
            (CONTENT_RANGE, "bytes 0-1/2"),
            (CONTENT_TYPE, "text/event-stream"),
        ] {
            assert_eq!(verify(true, &headers(name, value), None), Decision::Leave);
        }
    }
}
