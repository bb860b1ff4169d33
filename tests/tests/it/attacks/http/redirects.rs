//! H3, H4, H6: where a visitor may be sent, judged as a browser reads it.

use nuages::prelude::*;
use nuages::security::redirect::url_has_allowed_host_and_scheme;
use nuages::testing::{Client, TestSite};
use url::Url;

use crate::attacks::victim::PASSWORD;
use crate::attacks::wire::raw::exchange;

/// What Django's own table of bad URLs stands for, and more.
fn bad_urls() -> Vec<String> {
    let mut urls: Vec<String> = [
        "http://example.com",
        "http:///example.com",
        "https://example.com",
        "ftp://example.com",
        r"\\example.com",
        r"\\\example.com",
        r"/\\/example.com",
        r"\\//example.com",
        r"/\/example.com",
        r"\/example.com",
        r"/\example.com",
        r"http:/\//example.com",
        r"http:\/example.com",
        r"http:/\example.com",
        "javascript:alert(\"XSS\")",
        "\njavascript:alert(x)",
        "java\nscript:alert(x)",
        "\u{8}//example.com",
        r"http://otherserver\@example.com",
        r"http:\\testserver\@example.com",
        r"http://testserver\me:pass@example.com",
        r"http://testserver\@example.com",
        r"http:\\testserver\confirm\me@example.com",
        "http:999999999",
        "ftp:9999999999",
        "\n",
        "http://[2001:cdba:0000:0000:0000:0000:3257:9652/",
        "http://2001:cdba:0000:0000:0000:0000:3257:9652]/",
        "/\t/evil.com",
        "/\n/evil.com",
        "//evil\u{3002}com",
        "https:evil.com",
        "\u{2028}//evil.com",
        "\u{a0}//evil.com",
        "\u{3000}//evil.com",
        "//evil.com/..",
        "///evil.com",
        "http://testserver.evil.com/",
        "http://testserver:80@evil.com/",
        "data:text/html,x",
        "vbscript:x",
        "//testserver@evil.com",
        "//testserver\\.evil.com",
        "http://testserver\u{ff0f}.evil.com/",
    ]
    .map(str::to_owned)
    .to_vec();
    urls.push(format!("/{}", "a".repeat(2048)));
    urls
}

const GOOD: [&str; 11] = [
    "/view/?param=http://example.com",
    "/view/?param=https://example.com",
    "/view?param=ftp://example.com",
    "view/?param=//example.com",
    "http://testserver/",
    "HTTP://testserver/",
    "//testserver/",
    "http://testserver/confirm?email=me@example.com",
    "/url%20with%20spaces/",
    "path/http:2222222222",
    "/..//evil.com",
];

/// Where a browser that is at the login page goes for this `Location`.
fn host_of(location: &str) -> Option<String> {
    let here = Url::parse("http://testserver/accounts/login/").unwrap();
    let target = here.join(location).ok()?;
    assert!(matches!(target.scheme(), "http" | "https"), "{location}");
    target.host_str().map(str::to_owned)
}

async fn site() -> TestSite {
    let urls = Urls::new()
        .include("accounts/", nuages::auth::urls())
        .path("go/", get(careless), "go")
        .path("checked/", get(careful), "checked");
    let site = TestSite::new(Site::new().install(nuages::auth::app()).urls(urls)).await;
    site.create_user("alice", PASSWORD).await;
    site
}

type Parameters = Query<std::collections::HashMap<String, String>>;

/// A view that sends the visitor wherever the request says.
async fn careless(Query(query): Parameters) -> Result<Response> {
    redirect(query.get("next").map_or("/", String::as_str))
}

/// The same with the check.
async fn careful(Query(query): Parameters) -> Result<Response> {
    let next = query.get("next").map_or("/", String::as_str);
    let is_safe = url_has_allowed_host_and_scheme(next, &["testserver"], false);
    redirect(if is_safe { next } else { "/" })
}

fn query(next: &str) -> String {
    let pairs = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("next", next)
        .finish();
    format!("?{pairs}")
}

async fn after_login(client: &mut Client, next: &str) -> String {
    let fields = [
        ("username", "alice"),
        ("password", PASSWORD),
        ("next", next),
    ];
    let answer = client.post("/accounts/login/").form(&fields).await;
    assert_eq!(answer.status(), 302, "{next:?}");
    answer.location().to_owned()
}

#[tokio::test]
async fn h3_no_next_of_login_logout_or_a_careful_view_leads_elsewhere() {
    let site = site().await;
    for next in bad_urls() {
        let mut client = site.client();
        let location = after_login(&mut client, &next).await;
        assert_eq!(location, "/accounts/profile/", "{next:?}");
        let answer = client
            .post("/accounts/logout/")
            .form(&[("next", &next)])
            .await;
        // Nowhere to go: the page that says goodbye.
        assert_eq!(
            (answer.status().as_u16(), answer.location()),
            (200, ""),
            "{next:?}"
        );
        let answer = client.get(&format!("/checked/{}", query(&next))).await;
        assert_eq!(answer.location(), "/", "{next:?}");
    }
    for next in GOOD {
        let location = after_login(&mut site.client(), next).await;
        assert_ne!(location, "/accounts/profile/", "{next:?}");
        assert_eq!(
            host_of(&location).as_deref(),
            Some("testserver"),
            "{next:?}"
        );
        let answer = site
            .client()
            .get(&format!("/checked/{}", query(next)))
            .await;
        assert_eq!(
            host_of(answer.location()).as_deref(),
            Some("testserver"),
            "{next:?}"
        );
    }
}

#[tokio::test]
async fn h3_pair_without_the_check_many_of_them_lead_elsewhere() {
    let site = site().await;
    let mut elsewhere = 0;
    for next in bad_urls() {
        let answer = site.client().get(&format!("/go/{}", query(&next))).await;
        if answer.status() == 302
            && let Ok(target) = Url::parse("http://testserver/go/")
                .unwrap()
                .join(answer.location())
            && target.host_str() != Some("testserver")
        {
            elsewhere += 1;
        }
    }
    assert!(elsewhere >= 10, "{elsewhere}");
}

#[tokio::test]
async fn h4_a_redirect_of_another_scheme_or_without_end_is_a_400() {
    let site = site().await;
    let long = "é".repeat(16_385);
    for next in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "\u{1}javascript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "mailto:a@b.c",
        "vbscript:x",
        "http://[::1",
    ] {
        let answer = site.client().get(&format!("/go/{}", query(next))).await;
        assert_eq!(
            (answer.status().as_u16(), answer.location()),
            (400, ""),
            "{next:?}"
        );
    }
    assert!(redirect(&long).is_err());
    // The pair: one letter less, and the web's own schemes.
    assert_eq!(redirect(&long[2..]).unwrap().status(), 302);
    for next in ["https://example.com/", "ftp://example.com/", "/here/"] {
        let answer = site.client().get(&format!("/go/{}", query(next))).await;
        assert_eq!((answer.status().as_u16(), answer.location()), (302, next));
    }
}

/// Targets that a browser could read as the name of a host, once a slash is added.
const SLASHED: [&str; 9] = [
    "//evil.com",
    "//evil.com/x",
    "////evil.com/x",
    "/\\evil.com",
    "/\\\\evil.com",
    "/%5Cevil.com",
    "/%2f%2fevil.com",
    "/%2fevil.com",
    "/%09/evil.com",
];

#[tokio::test]
async fn h6_the_slash_that_is_added_leads_to_this_site_only() {
    let urls = Urls::new().path("<path:rest>/", get(async || "caught"), "all");
    let site = TestSite::new(Site::new().urls(urls)).await;
    let server = site.live().await;
    let mut redirected = 0;
    for target in SLASHED {
        let request =
            format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        let answer = exchange(server.address(), request).await;
        assert_eq!(answer.statuses().len(), 1, "{target}: {}", answer.text);
        let location = answer
            .text
            .lines()
            .find_map(|line| line.strip_prefix("location: "));
        let Some(location) = location else {
            assert!(matches!(answer.statuses()[0], 200 | 400 | 404), "{target}");
            continue;
        };
        redirected += 1;
        let mut signs = location.chars();
        assert_eq!(signs.next(), Some('/'), "{target} → {location}");
        assert!(
            signs
                .next()
                .is_some_and(|next| !matches!(next, '/' | '\\' | '\t')),
            "{target} → {location}"
        );
        let here = Url::parse("http://localhost/").unwrap();
        let host = here.join(location).unwrap();
        assert_eq!(host.host_str(), Some("localhost"), "{target} → {location}");
    }
    assert!(redirected >= 6, "{redirected}");
}

#[tokio::test]
async fn h6_pair_the_target_with_a_slash_behind_it_would_lead_elsewhere() {
    let here = Url::parse("http://localhost/").unwrap();
    for target in ["//evil.com", "/\\evil.com"] {
        let careless = here.join(&format!("{target}/")).unwrap();
        assert_eq!(careless.host_str(), Some("evil.com"), "{target}");
    }
}

#[tokio::test]
async fn h6_cve_2017_7234_and_rustsec_2022_0072_files_are_served_or_not_but_never_elsewhere() {
    let folder = std::env::temp_dir().join(format!("nuages-static-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("evil.com")).unwrap();
    std::fs::write(folder.join("site.css"), "body {}").unwrap();
    let site = TestSite::with(Site::new(), |settings| {
        settings.set("debug", true).unwrap();
        let folders = vec![folder.display().to_string()];
        settings.set("staticfiles_dirs", folders).unwrap();
    })
    .await;
    let mut client = site.client();
    assert_eq!(
        client.get("/static/site.css").await.text(),
        "body {}",
        "the pair"
    );
    for target in [
        "/static//evil.com/..",
        "/static//evil.com//..",
        "/static/%2f%2fevil.com",
        "/static/%2fevil.com",
        "/static//evil.com",
        "/static/evil.com",
        "/static/evil.com/",
        "/static//site.css",
        "/static/./site.css",
        "/static/x/../site.css",
        "/static/\\\\evil.com",
        "/static/",
    ] {
        let answer = client.get(target).await;
        assert_eq!(
            (answer.status().as_u16(), answer.location()),
            (404, ""),
            "{target}"
        );
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
