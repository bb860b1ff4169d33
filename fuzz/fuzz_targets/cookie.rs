//! The `Cookie` header.
#![no_main]

use std::collections::HashSet;

use http::header::{COOKIE, HeaderMap, HeaderValue};
use libfuzzer_sys::fuzz_target;
use nuages_security::cookie::{get, parse_cookie};

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let cookies = parse_cookie(&text);
    let names: HashSet<_> = cookies.iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), cookies.len(), "each name once");
    let Ok(value) = HeaderValue::from_bytes(data) else {
        return;
    };
    let mut headers = HeaderMap::new();
    headers.insert(COOKIE, value);
    for (name, value) in &cookies {
        assert_eq!(get(&headers, name).as_deref(), Some(&**value), "{name:?}");
    }
});
