//! T5: what a visitor learns of an error, over real connections; and what a hostile request can put on the pages of debug mode.

use nuages::prelude::*;
use nuages::testing::{LiveServer, TestSite};
use nuages::web::Error;

use super::wire::raw::Raw;

const EVIL: &str = "\"'><script>alert(1)</script>";

/// One of these is planted wherever something secret can be.
const CANARIES: [&str; 8] = [
    "canary-secret-key",
    "canary-database",
    "canary-session",
    "canary-auth",
    "canary-api-key",
    "canary-signature",
    "canary-password",
    "canary-token",
];

/// A site at a real address.
struct Live {
    server: LiveServer,
    _site: TestSite,
}

impl Live {
    async fn new(debug: bool) -> Self {
        let pages = App::new("pages").templates(&[
            ("broken.html", "<p>\n{% url evil %}</p>"),
            ("debug.html", "{% debug %}"),
        ]);
        let site = Site::new().install(pages).urls(urls());
        let site = TestSite::with(site, |settings| {
            settings.site.debug = debug;
            settings.site.secret_key = "canary-secret-key".repeat(4).into();
        })
        .await;
        let server = site.live().await;
        Self {
            server,
            _site: site,
        }
    }

    /// The status and the body of what is answered to a request with secrets in its head and body.
    async fn get(&self, target: &str) -> (u16, String) {
        let head = format!(
            "GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             Cookie: sessionid=canary-session; csrftoken=canary-token\r\n\
             Authorization: Basic canary-auth\r\nX-Api-Key: canary-api-key\r\n\
             X-Signature: canary-signature\r\nX-Evil: {EVIL}\r\nReferer: http://localhost/{EVIL}\r\n\
             User-Agent: {EVIL}\r\n\r\n"
        );
        let mut raw = Raw::connect(self.server.address()).await;
        assert!(raw.send(head).await);
        let answer = raw.read_all().await;
        let body = answer
            .text
            .split_once("\r\n\r\n")
            .map_or("", |(_, body)| body);
        (answer.statuses()[0], body.to_owned())
    }
}

/// An error as careless code makes it: with what the visitor sent.
fn failure() -> Error {
    let cause = std::io::Error::other(format!("the cause {EVIL}"));
    Error::server(format!("no such thing: {EVIL}"))
        .with_source(cause)
        .with_hint(format!("try {EVIL}"))
}

fn urls() -> Urls {
    Urls::new()
        .path("fails/", get(async || Err::<(), _>(failure())), "fails")
        .path(
            "panics/",
            get(async || -> () { std::panic::panic_any(EVIL.to_owned()) }),
            None,
        )
        .path(
            "gone/",
            get(async || Err::<(), _>(Error::not_found(EVIL))),
            None,
        )
        .path(
            "denied/",
            get(async || Err::<(), _>(Error::permission_denied(EVIL))),
            None,
        )
        .path(
            "bad/",
            get(async || Err::<(), _>(Error::bad_request(EVIL))),
            None,
        )
        .path(
            "broken/",
            get(async |page: Page| page.render("broken.html", context! { evil: EVIL }).await),
            None,
        )
        .path(
            "debug/",
            get(async |page: Page| page.render("debug.html", context! { evil: EVIL }).await),
            None,
        )
        .path("careless/<path:rest>", get(careless), None)
}

/// What an error page must not do.
async fn careless(
    Path(rest): Path<String>,
) -> (http::StatusCode, [(&'static str, &'static str); 1], String) {
    let page = format!("<h1>Not found: {rest}</h1>");
    (
        http::StatusCode::NOT_FOUND,
        [("content-type", "text/html; charset=utf-8")],
        page,
    )
}

const FAILING: [(&str, u16); 7] = [
    ("/fails/", 500),
    ("/panics/", 500),
    ("/broken/", 500),
    ("/gone/", 404),
    ("/denied/", 403),
    ("/bad/", 400),
    ("/nowhere/", 404),
];

const HOSTILE: &str =
    "/%22%27%3E%3Cscript%3Ealert(1)%3C/script%3E/?q=%3Cscript%3Ealert(1)%3C/script%3E";

fn assert_inert(path: &str, page: &str) {
    assert!(
        !page.contains("<script") && !page.contains("\"'>"),
        "{path}: {page}"
    );
}

#[tokio::test]
async fn t5_outside_debug_mode_pages_are_fixed_words() {
    let live = Live::new(false).await;
    let mut seen = std::collections::BTreeMap::new();
    let hostile = (HOSTILE, 404);
    for (path, status) in FAILING.into_iter().chain([hostile]) {
        let (found, page) = live.get(path).await;
        assert_eq!(found, status, "{path}: {page}");
        assert_inert(path, &page);
        let told = [
            "such thing",
            "cause",
            "try",
            "broken.html",
            "panicked",
            "src/",
            "alert",
        ];
        for word in told.into_iter().chain(CANARIES) {
            assert!(!page.contains(word), "{path} tells {word}: {page}");
        }
        assert!(!page.contains(path.trim_matches('/')), "{path}: {page}");
        // All pages of one status are the same, byte for byte.
        assert_eq!(seen.entry(status).or_insert_with(|| page.clone()), &page);
    }
}

#[tokio::test]
async fn t5_pair_debug_mode_tells_what_went_wrong_and_escapes_it() {
    let live = Live::new(true).await;
    for (path, told) in [
        ("/fails/", "no such thing: &quot;&#x27;&gt;&lt;script&gt;"),
        ("/fails/", "the cause &quot;&#x27;&gt;&lt;script&gt;"),
        ("/fails/", "try &quot;&#x27;&gt;&lt;script&gt;"),
        ("/panics/", "panicked: &quot;&#x27;&gt;&lt;script&gt;"),
        ("/broken/", "error at line 2"),
        ("/broken/", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("/gone/", "&quot;&#x27;&gt;&lt;script&gt;"),
        ("/nowhere/", "fails/"),
        (
            HOSTILE,
            "The current path, <code>&quot;&#x27;&gt;&lt;script&gt;",
        ),
    ] {
        let (_, page) = live.get(path).await;
        assert!(page.contains(told), "{path} does not tell {told}: {page}");
        assert_inert(path, &page);
    }
}

#[tokio::test]
async fn t5_not_even_debug_mode_shows_settings_headers_or_cookies() {
    let live = Live::new(true).await;
    let hostile = (HOSTILE, 404);
    for (path, status) in FAILING.into_iter().chain([hostile]) {
        let (found, page) = live.get(path).await;
        assert_eq!(found, status, "{path}: {page}");
        for canary in CANARIES {
            assert!(!page.contains(canary), "{path} shows {canary}: {page}");
        }
    }
}

#[tokio::test]
async fn cve_2019_3498_the_404_page_has_no_text_of_the_visitor() {
    let path = "/Please%20call%20+1-555-0100%20now/";
    let (status, page) = Live::new(false).await.get(path).await;
    assert_eq!(status, 404);
    assert!(!page.contains("555") && !page.contains("call"), "{page}");
    // The site's own page is told the path with its quotes.
    let own = App::new("own").templates(&[("404.html", "lost: {{ request_path }}")]);
    let site = TestSite::new(Site::new().install(own)).await;
    let page = site.client().get(path).await.text();
    assert_eq!(page, "lost: /Please%20call%20+1-555-0100%20now/");
}

#[tokio::test]
async fn cve_2019_3498_pair_a_page_that_repeats_the_path_says_what_the_visitor_wants() {
    let live = Live::new(false).await;
    let (status, page) = live
        .get("/careless/Please%20call%20+1-555-0100%3Cscript%3E")
        .await;
    assert_eq!(status, 404);
    assert_eq!(page, "<h1>Not found: Please call +1-555-0100<script></h1>");
}

#[tokio::test]
async fn cve_2017_12794_text_of_an_error_is_escaped_everywhere_and_absent_outside_debug_mode() {
    let (_, page) = Live::new(true).await.get("/fails/").await;
    assert!(page.matches("&lt;script&gt;").count() >= 3, "{page}");
    assert_inert("/fails/", &page);
    let (_, page) = Live::new(false).await.get("/fails/").await;
    assert!(page.contains("<h1>Server Error (500)</h1>"), "{page}");
    assert!(!page.contains("lt;") && !page.contains("thing"), "{page}");
}

#[tokio::test]
async fn cve_2022_22818_the_tag_debug_escapes_and_is_silent_outside_debug_mode() {
    let (status, page) = Live::new(false).await.get("/debug/").await;
    assert_eq!((status, page.as_str()), (200, ""));
    let (status, page) = Live::new(true).await.get("/debug/").await;
    assert_eq!(status, 200);
    assert!(page.contains("&lt;script&gt;alert(1)"), "{page}");
    assert_inert("/debug/", &page);
    for canary in ["canary-secret-key", "canary-database"] {
        assert!(!page.contains(canary), "{page}");
    }
}
