//! What must hold for any bytes.

use http::header::{COOKIE, HeaderMap, HeaderValue, LOCATION, SET_COOKIE};
use jiff::Timestamp;
use nuages_security::cookie::{SetCookie, get, parse_cookie};
use nuages_security::csrf::{
    CsrfSecret, CsrfSettings, Source, TrustedOrigins, verify_source, verify_token,
};
use nuages_security::date::{http_date, parse_http_date};
use nuages_security::hosts::{split_domain_port, validate_host};
use nuages_security::redirect::{location, url_has_allowed_host_and_scheme};
use nuages_security::vary::{has_vary_header, patch_vary_headers};
use proptest::prelude::*;
use url::Url;

/// Text of the characters that matter to URLs, and some of any other kind.
fn url_like() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "/",
        "//",
        "\\",
        ":",
        "@",
        "?",
        "#",
        "[",
        "]",
        ".",
        "..",
        "%2f",
        "%5c",
        "http:",
        "https:",
        "javascript:",
        "site.com",
        "evil.com",
        "\t",
        "\n",
        "\r",
        " ",
        "\u{a0}",
        "\u{3002}",
        "\u{ff0f}",
        "\u{200b}",
        "\u{0}",
        "::1",
        "x",
        "é",
        ":80",
        ":443",
    ]);
    prop::collection::vec(pieces, 0..9).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn a_date_is_read_back_as_it_was_written(seconds in -60_000_000_000_i64..250_000_000_000) {
        let at = Timestamp::from_second(seconds).unwrap();
        prop_assert_eq!(parse_http_date(&http_date(at), Timestamp::UNIX_EPOCH), Some(at));
    }

    #[test]
    fn any_text_can_be_asked_for_a_date(text in "[A-Za-z]{3,9},? [-0-9A-Za-z: é]{0,30}|.*") {
        let _ = parse_http_date(&text, Timestamp::UNIX_EPOCH);
    }

    #[test]
    fn any_header_can_be_patched(known in "[ -~]*", more in "[ -~]*") {
        let mut headers = HeaderMap::new();
        headers.insert(http::header::VARY, HeaderValue::try_from(known).unwrap());
        patch_vary_headers(&mut headers, &[&more]);
        prop_assert!(has_vary_header(&headers, &more) || headers["vary"] == "*" || more.contains(','));
    }

    #[test]
    fn a_safe_url_leads_nowhere_else(url in url_like(), https in any::<bool>()) {
        if url_has_allowed_host_and_scheme(&url, &["site.com"], https) {
            // What a browser on our page makes of the header we would send.
            let header = location(url.trim()).unwrap();
            let base = Url::parse("https://site.com/login/").unwrap();
            // `//\tsite.com` is sent as `//%09site.com`, which leads nowhere at all.
            if let Ok(target) = base.join(header.to_str().unwrap()) {
                prop_assert_eq!(target.host_str(), Some("site.com"), "{}", target);
                prop_assert!(matches!(target.scheme(), "http" | "https"));
            }
            // And of the text itself, were it put into a page.
            let target = base.join(&url).unwrap();
            prop_assert_eq!(target.host_str(), Some("site.com"), "{}", target);
        }
    }

    #[test]
    fn a_location_has_no_second_line(url in ".*") {
        if let Ok(value) = location(&url) {
            let mut headers = HeaderMap::new();
            headers.insert(LOCATION, value);
            prop_assert!(headers[LOCATION].as_bytes().iter().all(|byte| (0x21..0x7f).contains(byte)));
        }
    }

    #[test]
    fn a_cookie_comes_back_as_it_was_set(value in "[^\\x00-\\x1f\\x7f]*", name in "[A-Za-z0-9_.-]{1,12}") {
        let cookie = SetCookie::new(name.as_str(), value.as_str());
        let Ok(header) = cookie.to_header_value(Timestamp::UNIX_EPOCH) else {
            return Ok(());
        };
        let sent = header.as_bytes().strip_suffix(b"; Path=/").unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_bytes(sent).unwrap());
        prop_assert_eq!(get(&headers, &name).unwrap(), value.as_str());
    }

    #[test]
    fn a_cookie_is_one_line_with_the_attributes_we_gave(name in ".*", value in ".*", path in ".*", domain in ".*") {
        let cookie = SetCookie::new(name.as_str(), value.as_str())
            .path(path.as_str())
            .domain(domain.as_str());
        if let Ok(header) = cookie.to_header_value(Timestamp::UNIX_EPOCH) {
            let mut headers = HeaderMap::new();
            headers.insert(SET_COOKIE, header);
            let text = headers[SET_COOKIE].as_bytes();
            prop_assert!(text.iter().all(|byte| *byte >= 0x20 && *byte != 0x7f));
            let parts = text.split(|byte| *byte == b';').count();
            let expect = 1 + usize::from(!path.is_empty()) + usize::from(!domain.is_empty());
            prop_assert_eq!(parts, expect);
        }
    }

    #[test]
    fn any_cookie_header_can_be_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let text = String::from_utf8_lossy(&bytes);
        for (name, value) in parse_cookie(&text) {
            if let Ok(header) = HeaderValue::from_bytes(&bytes) {
                let mut headers = HeaderMap::new();
                headers.insert(COOKIE, header);
                prop_assert_eq!(get(&headers, &name), Some(value));
            }
        }
    }

    #[test]
    fn a_host_has_nothing_but_a_name_and_a_port(host in ".*", ascii in "[ -~]{0,20}", near in "site\\.com[.:@/0-9]{0,6}") {
        for host in [host, ascii, near] {
            if let Some((domain, port)) = split_domain_port(&host) {
                let url = format!("http://{host}/");
                prop_assert!(!host.contains(['/', '@', '?', '#', '\\', ' ']));
                prop_assert!(port.bytes().all(|byte| byte.is_ascii_digit()));
                if validate_host(domain, &["site.com"]) {
                    prop_assert_eq!(domain.to_ascii_lowercase(), "site.com");
                    // A port beyond 65535 is Django's to take; no browser sends it.
                    if let Ok(url) = Url::parse(&url) {
                        prop_assert_eq!(url.host_str().unwrap().trim_end_matches('.'), "site.com");
                    }
                }
            }
        }
    }

    #[test]
    fn no_foreign_origin_or_referer_passes(origin in url_like(), referer in url_like(), with_origin in any::<bool>()) {
        let trusted = TrustedOrigins::new(&CsrfSettings::default(), None);
        let source = Source {
            is_secure: true,
            host: Some("site.com"),
            port: "443".into(),
            origin: with_origin.then(|| origin.as_str().into()),
            referer: Some(referer.as_str().into()),
            fetch_site: None,
        };
        if verify_source(&trusted, &source).is_ok() {
            if with_origin {
                prop_assert_eq!(origin, "https://site.com");
            } else if let Ok(url) = Url::parse(&referer) {
                // Browsers write their own URLs: what they would write for this one is ours.
                prop_assert_eq!(url.host_str(), Some("site.com"), "{}", url);
                prop_assert_eq!(url.scheme(), "https");
            }
        }
    }

    #[test]
    fn no_token_fits_a_secret_it_was_not_made_of(token in "[a-zA-Z0-9]{32}|[a-zA-Z0-9]{64}|.*", header in prop::collection::vec(any::<u8>(), 0..70)) {
        let secret = CsrfSecret::new();
        prop_assert!(verify_token(&secret, Some(&token), Some(&header), "x-csrftoken").is_err());
        let masked = secret.mask();
        prop_assert!(verify_token(&secret, Some(&masked), None, "x-csrftoken").is_ok());
        prop_assert!(verify_token(&secret, None, Some(masked.as_bytes()), "x-csrftoken").is_ok());
    }
}
