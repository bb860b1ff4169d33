//! K1 to K4: which page a request gets.

use std::collections::HashSet;

use http::Method;
use nuages::testing::{Client, TestResponse};

use super::kinds;
use super::target::Target;

async fn ask(browser: &mut Client, path: &str, headers: &[(&str, &str)]) -> TestResponse {
    let mut request = browser.get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.await
}

/// Requests of which a sloppy key takes some for others.
const MATRIX: &[&[(&str, &str)]] = &[
    &[],
    &[("x-a", "")],
    &[("x-b", "")],
    &[("x-a", "-,")],
    &[("x-b", "-,")],
    &[("x-a", "-,"), ("x-b", "-,")],
    &[("x-a", "-,-,")],
    &[("x-a", "ab"), ("x-b", "c")],
    &[("x-a", "a"), ("x-b", "bc")],
    &[("x-a", "abc")],
    &[("x-b", "abc")],
    &[("x-a", "abc"), ("x-b", "")],
    &[("x-a", "ab"), ("x-a", "c")],
    &[("x-a", "ab,c")],
    &[("x-a", "AB"), ("x-b", "c")],
];

#[tokio::test]
async fn k1_cve_2026_113593_values_that_look_alike_have_pages_of_their_own() {
    for (kind, caches) in kinds("k1") {
        let target = Target::new(|settings| settings.set("caches", caches).unwrap()).await;
        let mut browser = target.site.client();
        for vary in ["X-A,X-B", "x-a,X_B", "X-B%20,%20%20x-A", "%20X-A,X-B%20"] {
            let path = format!("/echo/?vary={vary}");
            let mut pages = HashSet::new();
            for headers in MATRIX {
                let page = ask(&mut browser, &path, headers).await.text();
                assert!(pages.insert(page), "{kind} {vary} {headers:?}");
            }
            // And they are kept.
            let before = target.runs();
            for headers in MATRIX {
                let page = ask(&mut browser, &path, headers).await.text();
                assert!(pages.contains(&page), "{kind} {vary} {headers:?}");
            }
            assert_eq!(target.runs(), before, "{kind} {vary}");
        }
    }
}

#[tokio::test]
async fn k1_pair_a_cache_that_does_not_look_gives_all_of_them_one_page() {
    let target = Target::new(|_| ()).await;
    let mut browser = target.site.client();
    let mut pages = HashSet::new();
    for headers in MATRIX {
        pages.insert(
            ask(&mut browser, "/naive/?vary=X-A,X-B", headers)
                .await
                .text(),
        );
    }
    assert_eq!(pages.len(), 1);
}

#[tokio::test]
async fn k1_cve_2026_48587_cve_2026_6907_a_page_that_varies_on_all_is_made_anew() {
    for (kind, caches) in kinds("k1all") {
        let target = Target::new(|settings| settings.set("caches", caches).unwrap()).await;
        let mut browser = target.site.client();
        for vary in ["*", "%20*%20", "Cookie,%20*", "Cookie%20,%09*%20", "*,X-A"] {
            let path = format!("/echo/?vary={vary}");
            let first = browser.get(&path).await.text();
            let second = browser.get(&path).await.text();
            assert_ne!(first, second, "{kind} {vary}");
        }
        // The pair: without it, it is kept.
        let first = browser.get("/echo/?vary=X-A").await.text();
        assert_eq!(browser.get("/echo/?vary=X-A").await.text(), first, "{kind}");
    }
}

/// A request that is to leave something of its own in the page of `/p/?a=1`.
type Poison = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

const POISONS: &[Poison] = &[
    ("GET", "/p/?a=1", &[("x-forwarded-host", "evil.example")]),
    ("GET", "/p/?a=1", &[("x-forwarded-proto", "https")]),
    ("GET", "/p/?a=1", &[("x-forwarded-port", "8443")]),
    (
        "GET",
        "/p/?a=1",
        &[("forwarded", "host=evil.example;proto=https")],
    ),
    ("GET", "/p/?a=1", &[("x-original-url", "/admin/")]),
    ("GET", "/p/?a=1", &[("x-rewrite-url", "/admin/")]),
    ("GET", "/p/?a=1", &[("x-http-method-override", "POST")]),
    ("GET", "/p/?a=1", &[("host", "testserver:8080")]),
    ("GET", "/p/?a=1", &[("host", "TESTSERVER")]),
    ("GET", "/p/?a=1;b=2", &[]),
    ("GET", "/p/?a=1&a=2", &[]),
    ("GET", "/p/?a=1&", &[]),
    ("GET", "/p/?a=%31", &[]),
    ("GET", "/%70/?a=1", &[]),
    ("GET", "/%2e/p/?a=1", &[]),
    ("GET", "/./p/?a=1", &[]),
    ("GET", "//p/?a=1", &[]),
    ("GET", "/p%2f?a=1", &[]),
    ("HEAD", "/p/?a=1", &[]),
    ("POST", "/p/?a=1", &[]),
];

/// A page without the number of its run.
fn without_run(page: &str) -> String {
    page.split_once(" of ").unwrap().1.to_owned()
}

#[tokio::test]
async fn k3_a_request_leaves_nothing_of_its_own_in_the_page_of_another() {
    for (kind, caches) in kinds("k3") {
        // Each site has the cache for itself.
        let site = async |number: usize| {
            let mut caches = caches.clone();
            let own = caches["default"]["key_prefix"].as_str();
            let prefix = format!("{}-{number}", own.unwrap_or("k3"));
            caches["default"]["key_prefix"] = prefix.into();
            Target::new(|settings| settings.set("caches", caches).unwrap()).await
        };
        let clean = site(POISONS.len()).await;
        let control = without_run(&clean.site.client().get("/p/?a=1").await.text());
        for (number, (method, path, headers)) in POISONS.iter().enumerate() {
            let target = site(number).await;
            let mut attacker = target.site.client();
            let method: Method = method.parse().unwrap();
            let mut request = attacker.request(method.clone(), path);
            for (name, value) in *headers {
                request = request.header(*name, *value);
            }
            request.await;
            let page = target.site.client().get("/p/?a=1").await.text();
            assert_eq!(
                without_run(&page),
                control,
                "{kind} {method} {path} {headers:?}"
            );
        }
    }
}

#[tokio::test]
async fn k3_a_get_with_a_body_fills_no_cache() {
    let target = Target::new(|_| ()).await;
    let mut attacker = target.site.client();
    attacker.get("/p/?a=1").body("text/plain", "a=evil").await;
    let first = target.runs();
    target.site.client().get("/p/?a=1").await;
    assert_eq!(target.runs(), first + 1);
    // The pair: without a body it does.
    target.site.client().get("/p/?a=1").await;
    assert_eq!(target.runs(), first + 1);
}

#[tokio::test]
async fn k3_pair_a_cache_that_keys_by_the_path_alone_keeps_the_forged_host() {
    let target = Target::new(|settings| settings.set("use_x_forwarded_host", true).unwrap()).await;
    let forged = [("x-forwarded-host", "testserver:6666")];
    let mut attacker = target.site.client();
    ask(&mut attacker, "/naive/", &forged).await;
    ask(&mut attacker, "/p/", &forged).await;
    let mut victim = target.site.client();
    assert!(
        victim
            .get("/naive/")
            .await
            .text()
            .contains("testserver:6666")
    );
    assert!(!victim.get("/p/").await.text().contains("testserver:6666"));
}

#[tokio::test]
async fn k3_cve_2021_23336_a_semicolon_separates_nothing() {
    let target = Target::new(|_| ()).await;
    let page = target.site.client().get("/p/?a=1;b=2&a=3").await.text();
    assert!(page.contains(r#""a=[\"1;b=2\", \"3\"]""#), "{page}");
    assert!(!page.contains(r#""b="#), "{page}");
    // What a proxy takes for `a=1` has a page of its own.
    let other = target.site.client().get("/p/?a=1").await.text();
    assert_ne!(page, other);
}

#[tokio::test]
async fn k4_the_pages_of_two_languages_do_not_mix() {
    let target = Target::new(|settings| {
        settings.set("language_from_request", true).unwrap();
        settings
            .set("languages", vec!["en".to_owned(), "de".to_owned()])
            .unwrap();
        settings.set("language_code", "en").unwrap();
    })
    .await;
    for _ in 0..2 {
        for (asked, code) in [
            ("de", "de"),
            ("en", "en"),
            ("de-AT, en;q=0.1", "de"),
            ("it", "en"),
        ] {
            let mut browser = target.site.client();
            let answer = ask(&mut browser, "/language/", &[("accept-language", asked)]).await;
            assert_eq!(answer.text(), code, "{asked}");
            let cookie = ask(
                &mut browser,
                "/language/",
                &[("cookie", "django_language=de")],
            )
            .await;
            assert_eq!(cookie.text(), "de");
        }
    }
}

#[tokio::test]
async fn k4_pair_a_site_that_translates_nothing_keeps_one_page() {
    let target = Target::new(|settings| {
        settings.set("language_from_request", true).unwrap();
        settings.set("use_i18n", false).unwrap();
    })
    .await;
    for asked in ["de", "en"] {
        let mut browser = target.site.client();
        let answer = ask(&mut browser, "/p/", &[("accept-language", asked)]).await;
        assert!(answer.text().starts_with("run 0 "), "{asked}");
    }
}
