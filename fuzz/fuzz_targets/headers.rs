//! Headers with parameters, media types, tags and dates: they are read within their limits, and alike again.
#![no_main]

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use nuages_security::date::{http_date, parse_http_date};
use nuages_web::conditional::parse_etags;
use nuages_web::{AcceptedTypes, HeaderParams, content_disposition};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Some(header) = HeaderParams::parse(text) {
        let mut names: Vec<_> = header.params.iter().map(|(name, _)| name).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), header.params.len(), "each name once");
    }
    let accepted = AcceptedTypes::parse(text);
    if let Some(wanted) = accepted.preferred(&["text/html", "application/json"]) {
        assert!(accepted.accepts(wanted));
    }
    for tag in parse_etags(text) {
        assert!(tag == "*" || tag.ends_with('"'), "{tag:?}");
    }
    let now = Timestamp::UNIX_EPOCH;
    if let Some(moment) = parse_http_date(text, now) {
        assert_eq!(parse_http_date(&http_date(moment), now), Some(moment));
    }
    // The name of a download is one parameter, and is read as it was written.
    if let Some(value) = content_disposition(true, text) {
        let line = value.to_str().unwrap();
        if let Some(header) = HeaderParams::parse(line).filter(|_| !text.is_empty()) {
            assert_eq!(header.value, "attachment");
            assert_eq!(header.params.len(), 1, "{line:?}");
        }
    }
});
