//! C2: the right token, from a page of somebody else.

use nuages::testing::{Client, TestResponse};

use super::{PLACES, alice, open, protected, token};

type Headers = &'static [(&'static str, &'static str)];

/// What a browser says of the pages of others; the request is for `https://testserver/`.
const FOREIGN: &[Headers] = &[
    &[("origin", "null")],
    &[("origin", "https://evil.example")],
    &[("origin", "http://testserver")],
    &[("origin", "https://testserver:444")],
    &[("origin", "https://testserver.evil.example")],
    &[("origin", "https://[")],
    &[("origin", "")],
    &[
        ("origin", "https://testserver"),
        ("origin", "https://evil.example"),
    ],
    &[
        ("origin", "https://evil.example"),
        ("referer", "https://testserver/"),
    ],
    &[],
    &[("referer", "")],
    &[("referer", "http://testserver/")],
    &[("referer", "/form/")],
    &[("referer", "//testserver/")],
    &[("referer", "https:///form/")],
    &[("referer", "https://[")],
    &[("referer", "https://testserver:444/")],
    &[("referer", "https://evil.example/https://testserver/")],
    &[("referer", "https://testserver@evil.example/")],
    &[("origin", "https://xx.com")],
    &[("origin", "http://a.x.com")],
    &[("origin", "https://a.x.com:444")],
    &[("origin", "https://a.x.com.evil.example")],
    &[("referer", "https://xx.com/")],
    &[("referer", "http://a.x.com/")],
    &[("referer", "https://a.x.com:444/")],
    &[
        ("origin", "https://testserver"),
        ("sec-fetch-site", "cross-site"),
    ],
    &[
        ("referer", "https://testserver/"),
        ("sec-fetch-site", "same-site"),
    ],
];

/// What it says of the site's own pages, and of those it trusts.
const OWN: &[Headers] = &[
    &[("origin", "https://testserver")],
    &[
        ("origin", "https://testserver"),
        ("sec-fetch-site", "same-origin"),
    ],
    &[("referer", "https://testserver/form/")],
    &[
        ("origin", "https://a.x.com"),
        ("sec-fetch-site", "cross-site"),
    ],
    &[("origin", "https://b.a.x.com")],
    // A wildcard also means the domain itself, as in Django.
    &[("origin", "https://x.com")],
    &[("referer", "https://a.x.com/page")],
    &[("referer", "https://x.com/")],
];

async fn post(browser: &mut Client, token: &str, headers: Headers) -> TestResponse {
    let mut request = browser
        .post("/change/")
        .header("x-forwarded-proto", "https");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.form(&[("csrfmiddlewaretoken", token)]).await
}

#[tokio::test]
async fn c2_a_page_of_another_origin_is_refused_even_with_the_right_token() {
    for place in PLACES {
        let victim = protected(place).await;
        let mut alice = alice(&victim).await;
        let token = token(&mut alice).await;
        for headers in FOREIGN {
            let answer = post(&mut alice, &token, headers).await;
            assert_eq!(answer.status(), 403, "{headers:?}");
        }
        assert_eq!(victim.bumps(), 0);
        for headers in OWN {
            let answer = post(&mut alice, &token, headers).await;
            assert_eq!(answer.status(), 200, "{headers:?} {}", answer.text());
        }
        assert_eq!(victim.bumps(), OWN.len());
    }
}

#[tokio::test]
async fn c2_pair_without_the_layer_every_page_may_post() {
    let victim = open().await;
    let mut browser = victim.browser();
    for headers in FOREIGN {
        let answer = post(&mut browser, "", headers).await;
        assert_eq!(answer.status(), 200, "{headers:?}");
    }
    assert_eq!(victim.bumps(), FOREIGN.len());
}

/// No HTTPS and no Origin: Django looks at the token alone here.
#[tokio::test]
async fn c2_over_http_a_browser_that_says_cross_site_is_refused() {
    for place in PLACES {
        let victim = protected(place).await;
        let mut alice = alice(&victim).await;
        let token = token(&mut alice).await;
        for (site, status) in [
            ("cross-site", 403),
            ("same-site", 403),
            ("same-origin", 200),
            ("none", 200),
        ] {
            let request = alice.post("/change/").header("sec-fetch-site", site);
            let answer = request.form(&[("csrfmiddlewaretoken", &token)]).await;
            assert_eq!(answer.status(), status, "{site}");
        }
    }
}
