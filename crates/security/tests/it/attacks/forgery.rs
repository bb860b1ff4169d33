//! Requests that pages of other sites make.

use http::StatusCode;
use nuages_security::csrf::{CsrfLayer, CsrfSecret, CsrfSettings};

use super::{SECRET, cookie, field, naked, pair, post, protected, secure, send};

#[test]
fn a_forged_form_is_refused() {
    pair(|| post(&[("cookie", &cookie())], "a=1"));
    // Login CSRF: the attacker's own credentials, no cookie at all.
    pair(|| post(&[], &field(SECRET)));
    // What scripts of other sites can send does not help.
    pair(|| {
        post(
            &[
                ("cookie", &cookie()),
                ("x-requested-with", "XMLHttpRequest"),
            ],
            "",
        )
    });
    pair(|| {
        post(
            &[("cookie", &cookie()), ("content-type", "text/plain")],
            &field(SECRET),
        )
    });
    for method in ["PUT", "PATCH", "DELETE", "PROPFIND"] {
        pair(|| {
            let mut req = post(&[("cookie", &cookie())], &field(SECRET));
            *req.method_mut() = method.parse().unwrap();
            req
        });
    }
}

#[test]
fn a_genuine_form_is_accepted() {
    let token = CsrfSecret::parse(SECRET).unwrap().mask();
    let cookie = cookie();
    for req in [
        post(&[("cookie", &cookie)], &field(&token)),
        post(&[("cookie", &cookie)], &field(SECRET)),
        post(&[("cookie", &cookie), ("x-csrftoken", &token)], "a=1"),
        post(
            &[
                ("cookie", &cookie),
                ("origin", "http://site.com"),
                ("sec-fetch-site", "same-origin"),
            ],
            &field(&token),
        ),
    ] {
        assert_eq!(send(&protected(), req).status(), StatusCode::OK);
    }
}

#[test]
fn a_wrong_token_is_refused() {
    for length in [31, 33, 63, 65] {
        let token = "a".repeat(length);
        pair(|| post(&[("cookie", &cookie())], &field(&token)));
    }
    let other = CsrfSecret::new().mask();
    pair(|| post(&[("cookie", &cookie())], &field(&other)));
    pair(|| {
        post(
            &[("cookie", &cookie())],
            &field("aBcDeFgHiJkLmNoPqRsTuVwXyZ01234-"),
        )
    });
    // A right header does not make up for a wrong form.
    pair(|| {
        post(
            &[("cookie", &cookie()), ("x-csrftoken", SECRET)],
            &field(&other),
        )
    });
}

#[test]
fn a_page_of_another_origin_is_refused_even_with_a_token() {
    for origin in [
        "null",
        "https://evil.com",
        "http://site.com",
        "https://site.com:444",
        "https://site.com.evil.com",
        "https://[",
        "https://site.com, https://evil.com",
    ] {
        pair(|| secure(&[("origin", origin)]));
    }
    pair(|| {
        secure(&[
            ("origin", "https://site.com"),
            ("origin", "https://evil.com"),
        ])
    });
    for referer in [
        "",
        "http://site.com/",
        "/relative",
        "https://evil.com/https://site.com/",
        "https://[",
    ] {
        pair(|| secure(&[("referer", referer)]));
    }
    pair(|| secure(&[]));
    let app = protected();
    for own in [
        ("origin", "https://site.com"),
        ("referer", "https://site.com/form/"),
    ] {
        assert_eq!(send(&app, secure(&[own])).status(), StatusCode::OK);
    }
}

#[test]
fn trusted_origins_are_accepted_and_their_likes_are_not() {
    let settings = CsrfSettings {
        csrf_trusted_origins: vec!["https://*.x.com".into(), "https://one.org".into()],
        ..CsrfSettings::default()
    };
    let app = naked().layer(CsrfLayer::new(&settings));
    for origin in [
        "https://a.x.com",
        "https://b.a.x.com",
        "https://x.com",
        "https://one.org",
    ] {
        let req = secure(&[("origin", origin), ("sec-fetch-site", "cross-site")]);
        assert_eq!(send(&app, req).status(), StatusCode::OK, "{origin}");
    }
    for origin in [
        "https://xx.com",
        "http://a.x.com",
        "https://a.x.com:8443",
        "https://a.one.org",
    ] {
        let status = send(&app, secure(&[("origin", origin)])).status();
        assert_eq!(status, StatusCode::FORBIDDEN, "{origin}");
    }
}

#[test]
fn what_the_browser_calls_foreign_is_refused_over_http_too() {
    // No Origin and no HTTPS: Django looks at the token alone here.
    for site in ["cross-site", "same-site"] {
        pair(|| {
            post(
                &[("cookie", &cookie()), ("sec-fetch-site", site)],
                &field(SECRET),
            )
        });
    }
    for site in ["same-origin", "none"] {
        let req = post(
            &[("cookie", &cookie()), ("sec-fetch-site", site)],
            &field(SECRET),
        );
        assert_eq!(send(&protected(), req).status(), StatusCode::OK);
    }
}
