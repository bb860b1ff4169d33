//! The CVEs of Django that were open redirects, each beside a check that would have let it pass.

use nuages::security::redirect::{location, url_has_allowed_host_and_scheme};
use nuages::security::uri::escape_leading_slashes;
use nuages::testing::TestSite;
use nuages::web::redirect;
use nuages::{Site, prelude::*};

/// The check of the site under attack, over HTTP.
fn is_safe(url: &str) -> bool {
    url_has_allowed_host_and_scheme(url, &["testserver"], false)
}

/// What a careless site asks: does it begin with a path, or with our own host?
fn looks_safe(url: &str) -> bool {
    let ours = ["/", "http:/", "http:\\", "testserver"];
    ours.iter().any(|begin| url.trim().starts_with(begin))
        || (!url.contains("http") && !url.starts_with("//"))
}

/// Each URL is refused by us, and passes a careless check.
fn refused(urls: &[&str]) {
    for url in urls {
        assert!(looks_safe(url), "no attack on anybody: {url:?}");
        assert!(!is_safe(url), "{url:?}");
    }
    for url in [
        "/",
        "/view/?param=http://example.com",
        "/view?param=//a",
        "//testserver/",
    ] {
        assert!(is_safe(url), "{url:?}");
    }
}

#[test]
fn h3_cve_2012_3442_a_redirect_runs_no_script() {
    for url in [
        "data:text/html,<script>window.alert('xss')</script>",
        "javascript:alert(1)",
        "mailto:test@example.com",
        "file:///etc/passwd",
    ] {
        assert!(redirect(url).is_err(), "{url}");
    }
    // The pair: what is no script goes where the view says, elsewhere too.
    for url in ["/", "https://evil.example/", "ftp://ftp.example.com/"] {
        assert_eq!(redirect(url).unwrap().headers()["location"], url);
    }
}

#[test]
fn h3_cve_2013_6044_only_the_web_s_schemes_are_safe() {
    refused(&[
        "javascript:alert(\"XSS\")",
        "ftp://testserver/",
        "data:text/html,x",
    ]);
}

#[test]
fn h3_cve_2014_3730_malformed_urls_are_not_here() {
    refused(&[
        "http:\\\\\\djangoproject.com",
        "http:///example.com",
        "///example.com",
        "/\\/example.com",
        "\\\\\\example.com",
        "/\\\\/example.com",
        "\\/example.com",
        "http:/\\example.com",
        "http:\\/example.com",
    ]);
}

#[test]
fn h3_cve_2015_0220_white_space_hides_no_scheme() {
    refused(&["\njavascript:alert(x)", "java\nscript:alert(x)"]);
}

#[test]
fn h3_cve_2015_2317_a_control_character_hides_no_scheme_and_no_host() {
    refused(&[
        "\u{8}//example.com",
        "\u{8}javascript:alert(1)",
        "\u{b}//example.com",
    ]);
}

#[test]
fn h3_cve_2016_2512_a_user_name_is_not_the_host() {
    refused(&[
        "http:\\\\testserver\\@example.com",
        "http:\\\\testserver\\confirm\\me@example.com",
        "http://testserver\\@example.com",
        "http://testserver\\me:pass@example.com",
        "http://testserver@example.com",
    ]);
}

#[test]
fn h3_cve_2017_7233_a_number_is_a_host_to_browsers() {
    refused(&["http:/999999999", "http:/\\999999999", "ftp:9999999999"]);
    assert!(!is_safe("http:999999999") && !is_safe("https:999999999"));
}

#[test]
fn h3_cve_2025_27556_a_url_beyond_2048_characters_is_not_judged_at_all() {
    assert!(is_safe(&format!("/{}", "é".repeat(2047))));
    assert!(!is_safe(&format!("/{}", "é".repeat(2048))));
    assert!(!is_safe(&"é".repeat(1_000_000)));
}

#[test]
fn h4_cve_2025_64458_a_redirect_beyond_16384_characters_is_refused() {
    assert!(location(&"é".repeat(16_384)).is_ok());
    let refused = location(&"é".repeat(16_385)).unwrap_err();
    assert!(refused.to_string().contains("16384"), "{refused}");
}

#[tokio::test]
async fn h6_cve_2018_14574_the_slash_that_is_added_leads_to_no_other_host() {
    let urls = Urls::new().path("<path:rest>/", get(|| async { "caught" }), "all");
    let site = TestSite::new(Site::new().urls(urls)).await;
    for target in [
        "//evil.example/security",
        "////evil.example/security",
        "//evil.example",
    ] {
        let answer = site.client().get(target).await;
        let to = answer.location();
        assert!(
            !to.starts_with("//") && !to.contains("://"),
            "{target} → {to}"
        );
        // The pair: the path with a slash behind it, as it stands, names another host.
        assert!(format!("{target}/").starts_with("//"));
    }
    assert_eq!(
        escape_leading_slashes("//evil.example/"),
        "/%2Fevil.example/"
    );
}

#[tokio::test]
async fn h7_cve_2014_0480_a_reversed_url_begins_with_one_slash() {
    let urls = Urls::new().path("<path:rest>", get(|| async { "caught" }), "all");
    let site = TestSite::new(Site::new().urls(urls)).await;
    let url = site
        .site()
        .context()
        .reverse("all", &["/evil.example".into()], &[])
        .unwrap();
    assert_eq!(url, "/%2Fevil.example");
}
