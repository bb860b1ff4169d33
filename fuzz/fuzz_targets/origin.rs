//! `Host`, `Origin`, `Referer` and `next`: nothing foreign passes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nuages_security::csrf::{CsrfSettings, Source, TrustedOrigins, verify_source};
use nuages_security::hosts::{split_domain_port, validate_host};
use nuages_security::redirect::{location, url_has_allowed_host_and_scheme};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Some((domain, _)) = split_domain_port(text)
        && validate_host(domain, &["site.com"])
    {
        let bare = domain.trim_end_matches('.').to_lowercase();
        assert_eq!(bare, "site.com");
    }
    let trusted = TrustedOrigins::new(&CsrfSettings::default(), None);
    let source = |origin: Option<&'static str>| Source {
        is_secure: true,
        host: Some("site.com"),
        port: "443".into(),
        origin: origin.map(Into::into),
        referer: Some(text.into()),
        fetch_site: None,
    };
    assert!(verify_source(&trusted, &source(Some("https://evil.example"))).is_err());
    let with_origin = Source {
        origin: Some(text.into()),
        ..source(None)
    };
    if verify_source(&trusted, &with_origin).is_ok() {
        assert_eq!(text, "https://site.com");
    }
    if verify_source(&trusted, &source(None)).is_ok() {
        // As in Python, tabs and line ends inside are skipped; a header holds no line end anyway.
        let read = text.replace(['\t', '\r', '\n'], "").to_lowercase();
        assert!(read.trim_start_matches(|c| c <= ' ').starts_with("https:"), "{text:?}");
    }
    if url_has_allowed_host_and_scheme(text, &["site.com"], true) {
        // What is sent has no line end, whatever it was made of.
        let _ = location(text.trim()).map(|value| assert!(!value.as_bytes().contains(&b'\n')));
    }
});
