//! H9, H10: the headers on every response, and the way to HTTPS.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::stream;
use nuages::Onion;
use nuages::prelude::*;
use nuages::testing::{TestResponse, TestSite};
use nuages::web::Error;

use super::over::Running;
use super::wire::raw::{Raw, exchange};

/// A folder with one static file, gone with the test.
struct Static(PathBuf);

impl Static {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("nuages-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("style.css"), "body {}").unwrap();
        Self(folder)
    }
}

impl Drop for Static {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn forbidden() -> Result<&'static str> {
    Err(Error::permission_denied("no"))
}

async fn bad() -> Result<&'static str> {
    Err(Error::bad_request("what?"))
}

async fn broken() -> Result<&'static str> {
    Err(Error::server("oh"))
}

async fn panics() -> &'static str {
    panic!("on purpose")
}

async fn rows() -> StreamResponse {
    let rows = (0..100).map(|n| Ok::<_, std::io::Error>(format!("row {n}\n")));
    StreamResponse::new(stream::iter(rows))
}

async fn moved() -> Result {
    redirect("/ok/")
}

async fn nonce(page: Page) -> Result {
    page.render("nonce.html", context! {}).await
}

fn urls() -> Urls {
    let tagged = get(async || "tagged").etag(async |_| Ok(Some("\"tag\"".to_owned())));
    Urls::new()
        .path("ok/", get(async || "ok").post(async || "done"), "ok")
        .path("moved/", get(moved), "moved")
        .path("tagged/", tagged, "tagged")
        .path("bad/", get(bad), "bad")
        .path("forbidden/", get(forbidden), "forbidden")
        .path("broken/", get(broken), "broken")
        .path("panics/", get(panics), "panics")
        .path("rows/", get(rows), "rows")
        .path("nonce/", get(nonce), "nonce")
}

async fn site(folder: &Static, without: &[Onion]) -> TestSite {
    let nonce = &[("nonce.html", "<script nonce=\"{{ csp_nonce }}\"></script>")];
    let mut site = Site::new()
        .install(App::new("headers").templates(nonce))
        .urls(urls());
    for layer in without {
        site = site.insecure_without(*layer);
    }
    let folder = folder.0.to_string_lossy().into_owned();
    TestSite::with(site, |settings| {
        settings.set("staticfiles_dirs", vec![folder]).unwrap();
        settings.set("secure_hsts_seconds", 31_536_000).unwrap();
        let header = vec!["HTTP_X_FORWARDED_PROTO", "https"];
        settings.set("secure_proxy_ssl_header", header).unwrap();
    })
    .await
}

/// One response of each kind, with its status.
async fn all(site: &TestSite, scheme: &str) -> Vec<(String, u16, TestResponse)> {
    let running = Running::of(site).await;
    let mut browser = running.browser();
    let mut answers = Vec::new();
    for (path, status) in [
        ("/ok/", 200),
        ("/rows/", 200),
        ("/static/style.css", 200),
        ("/moved/", 302),
        ("/ok", 301),
        ("/tagged/", 304),
        ("/bad/", 400),
        ("/forbidden/", 403),
        ("/nothing/", 404),
        ("/static/nothing.css", 404),
        ("/broken/", 500),
        ("/panics/", 500),
    ] {
        let request = browser.get(path).header("x-forwarded-proto", scheme);
        let answer = request.header("if-none-match", "\"tag\"").await;
        answers.push((path.to_owned(), status, answer));
    }
    for path in ["/ok/", "/moved/"] {
        let request = browser.post(path).header("x-forwarded-proto", scheme);
        answers.push((format!("POST {path}"), 403, request.await));
    }
    answers
}

const HEADERS: [(&str, &str); 4] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
];

#[tokio::test]
async fn h9_every_kind_of_response_has_the_headers() {
    let folder = Static::new("h9");
    let site = site(&folder, &[]).await;
    for scheme in ["http", "https"] {
        for (path, status, answer) in all(&site, scheme).await {
            assert_eq!(answer.status(), status, "{path} {}", answer.text());
            for (name, value) in HEADERS {
                assert_eq!(answer.header(name), value, "{path} {name}");
            }
            let policy = answer.header("content-security-policy");
            assert!(policy.contains("default-src 'self'"), "{path}");
            // Over HTTP the header means nothing and anyone on the way could write it.
            let hsts = answer.header("strict-transport-security");
            let expect = if scheme == "https" {
                "max-age=31536000"
            } else {
                ""
            };
            assert_eq!(hsts, expect, "{path} over {scheme}");
        }
    }
    let running = Running::of(&site).await;
    let mut browser = running.browser();
    let forged = browser.get("/ok/").header("host", "evil.example").await;
    assert_eq!(forged.status(), 400);
}

#[tokio::test]
async fn h9_pair_without_the_layers_no_response_has_any() {
    let folder = Static::new("h9-pair");
    let without = [Onion::SecurityHeaders, Onion::FrameOptions, Onion::Csp];
    let site = site(&folder, &without).await;
    for (path, _, answer) in all(&site, "https").await {
        for (name, _) in HEADERS {
            // A file says itself that it is what it says.
            if name == "x-content-type-options" && path.starts_with("/static/") {
                continue;
            }
            assert_eq!(answer.header(name), "", "{path} {name}");
        }
        assert_eq!(answer.header("content-security-policy"), "");
        assert_eq!(answer.header("strict-transport-security"), "");
    }
}

#[tokio::test]
async fn h9_ten_thousand_nonces_are_all_different() {
    let folder = Static::new("h9-nonce");
    let site = site(&folder, &[]).await;
    let running = Running::of(&site).await;
    let mut browser = running.browser();
    let mut seen = HashSet::new();
    for _ in 0..10_000 {
        let answer = browser.get("/nonce/").await;
        let page = answer.text();
        let nonce = page.split('"').nth(1).unwrap().to_owned();
        // 22 characters of base64 are 128 bits.
        assert_eq!(nonce.len(), 22);
        let policy = answer.header("content-security-policy");
        assert!(policy.contains(&format!("'nonce-{nonce}'")));
        assert!(seen.insert(nonce));
    }
    // A page that did not ask for one says none.
    let answer = browser.get("/ok/").await;
    assert!(!answer.header("content-security-policy").contains("nonce"));
}

/// A site that wants HTTPS, and how often its view has run.
async fn https_only(without: &[Onion]) -> (TestSite, Arc<AtomicUsize>) {
    let runs = Arc::new(AtomicUsize::new(0));
    let count = runs.clone();
    let view = move |_: String| {
        count.fetch_add(1, Ordering::SeqCst);
        async { "done" }
    };
    let urls = Urls::new()
        .path("pay/", post(view).csrf_exempt(), "pay")
        .path("health/", get(async || "well"), "health");
    let mut site = Site::new().urls(urls);
    for layer in without {
        site = site.insecure_without(*layer);
    }
    let site = TestSite::with(site, |settings| {
        settings.set("secure_ssl_redirect", true).unwrap();
        let exempt = vec!["^health/$"];
        settings.set("secure_redirect_exempt", exempt).unwrap();
    });
    (site.await, runs)
}

/// A post whose body is announced but only begun.
fn begun(host: &str) -> String {
    format!("POST /pay/?a=b HTTP/1.1\r\nHost: {host}\r\nContent-Length: 100000\r\n\r\namount=")
}

#[tokio::test]
async fn h10_over_http_a_post_is_sent_to_https_before_its_body_is_read() {
    let (site, runs) = https_only(&[]).await;
    let server = site.live().await;
    let answer = exchange(server.address(), begun("localhost")).await;
    assert_eq!(answer.statuses(), [301], "{}", answer.text);
    let text = answer.text.to_lowercase();
    assert!(
        text.contains("location: https://localhost/pay/?a=b\r\n"),
        "{text}"
    );
    // The host is looked at first, and never sent anywhere else.
    let answer = exchange(server.address(), begun("evil.example")).await;
    assert_eq!(answer.statuses(), [400], "{}", answer.text);
    assert!(!answer.text.to_lowercase().contains("location"));
    let health = "GET /health/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let answer = exchange(server.address(), health).await;
    assert_eq!(answer.statuses(), [200], "an exempt path");
    let almost = "GET /health/x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let answer = exchange(server.address(), almost).await;
    assert_eq!(answer.statuses(), [301]);
    assert_eq!(runs.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn h10_pair_without_the_layer_the_post_is_taken_over_http() {
    let (site, runs) = https_only(&[Onion::SecurityHeaders]).await;
    let server = site.live().await;
    let mut raw = Raw::connect(server.address()).await;
    raw.send("POST /pay/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8\r\nConnection: close\r\n\r\namount=1")
        .await;
    assert_eq!(raw.read_all().await.statuses(), [200]);
    assert_eq!(runs.load(Ordering::SeqCst), 1);
}
