//! Why the onion has the order it has: each pair that matters is swapped, and something breaks.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Body;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use nuages_app::{BuiltSite, Onion, STACK, Settings, Site, rooms};
use nuages_migrations::Target;
use nuages_security::csrf::CsrfToken;
use nuages_sessions::{Messages, Session};
use nuages_web::{SharedService, Urls, get, post};

const SETTINGS: &str = r#"
secret_key = "a key for tests only, never for a site that anybody can reach"
database_url = "sqlite::memory:"
allowed_hosts = ["testserver"]
csrf_use_sessions = true
"#;

async fn token(csrf: CsrfToken) -> String {
    csrf.get()
}

async fn remember(session: Session) -> &'static str {
    session.set("word", "x").await.unwrap();
    "kept"
}

async fn recall(session: Session) -> String {
    let known: Option<String> = session.get("first").await.unwrap();
    if let Some(known) = known {
        return known;
    }
    let number = VISITORS.fetch_add(1, Ordering::SeqCst).to_string();
    session.set("first", &number).await.unwrap();
    number
}

static VISITORS: AtomicUsize = AtomicUsize::new(0);

async fn count() -> String {
    VISITORS.fetch_add(1, Ordering::SeqCst).to_string()
}

async fn long_message(messages: Messages) -> &'static str {
    // Numbers, so that it stays too long for a cookie when it is compressed.
    messages.success(
        (0..4000)
            .map(|n: u32| (n * 7919 % 10_007).to_string())
            .collect::<String>(),
    );
    "said"
}

fn built(more: &str) -> BuiltSite {
    let urls = Urls::new()
        .path("token/", get(token), "token")
        .path("remember/", get(remember), "remember")
        .path(
            "visitor/",
            get(recall).cache_page(Duration::from_mins(5)),
            "visitor",
        )
        .path(
            "count/",
            get(count).cache_page(Duration::from_mins(5)),
            "count",
        )
        .path(
            "long/",
            get(async || "words and words ".repeat(100)),
            "long",
        )
        .path("message/", get(long_message), "message")
        .path("bump/", post(async || "bumped"), "bump")
        .path(
            "private/",
            post(async || "private").login_required(),
            "private",
        );
    let settings = Settings::from_toml("test.toml", &format!("{SETTINGS}{more}")).unwrap();
    Site::new()
        .with_settings(settings)
        .install(rooms::auth())
        .urls(urls)
        .build()
        .unwrap()
}

/// The right order with two layers swapped.
fn swapped(a: Onion, b: Onion) -> Vec<Onion> {
    let swap = |layer: &Onion| match *layer {
        layer if layer == a => b,
        layer if layer == b => a,
        layer => layer,
    };
    STACK.iter().map(swap).collect()
}

struct Answer {
    status: StatusCode,
    headers: http::HeaderMap,
    body: String,
}

impl Answer {
    fn cookie(&self, name: &str) -> Option<String> {
        let lines = self
            .headers
            .get_all("set-cookie")
            .iter()
            .filter_map(|line| line.to_str().ok());
        let pair = lines
            .filter_map(|line| line.split(';').next())
            .find(|pair| pair.starts_with(&format!("{name}=")));
        pair.map(str::to_owned)
    }
}

async fn send(
    service: &SharedService,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    if !headers.iter().any(|(name, _)| *name == "host") {
        request = request.header("host", "testserver");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let Ok(response) = service.respond(request.body(Body::empty()).unwrap()).await;
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let body = String::from_utf8_lossy(&body).into_owned();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body,
    }
}

/// Asserts that `holds` is true in the right order, and false with the two layers swapped.
async fn order_matters(
    more: &str,
    outer: Onion,
    inner: Onion,
    holds: impl AsyncFn(&SharedService) -> bool,
) {
    let site = built(more);
    let db = site.connect().await.unwrap();
    site.migrate(&db, &Target::All).await.unwrap();
    assert!(
        holds(&site.service(&db).unwrap()).await,
        "{outer} outside of {inner} is right"
    );
    let wrong = site
        .insecure_service_in_order(&db, &swapped(outer, inner))
        .unwrap();
    assert!(
        !holds(&wrong).await,
        "{inner} outside of {outer} should break something"
    );
}

#[tokio::test]
async fn the_redirect_to_https_knows_the_validated_host() {
    order_matters(
        "secure_ssl_redirect = true",
        Onion::Hosts,
        Onion::SecurityHeaders,
        async |site| {
            let answer = send(site, "GET", "/token/", &[]).await;
            let forged = send(site, "GET", "/token/", &[("host", "evil.example")]).await;
            answer.status == 301
                && answer.headers["location"] == "https://testserver/token/"
                && forged.status == 400
        },
    )
    .await;
}

#[tokio::test]
async fn refusals_carry_the_security_headers_too() {
    let layers = [
        (Onion::SecurityHeaders, "x-content-type-options"),
        (Onion::FrameOptions, "x-frame-options"),
        (Onion::Csp, "content-security-policy"),
    ];
    for (layer, header) in layers {
        order_matters("", layer, Onion::Csrf, async |site| {
            let answer = send(site, "POST", "/bump/", &[]).await;
            answer.headers.contains_key(header)
        })
        .await;
    }
}

#[tokio::test]
async fn csrf_finds_its_secret_in_the_session() {
    order_matters("", Onion::Sessions, Onion::Csrf, async |site| {
        let page = send(site, "GET", "/token/", &[]).await;
        let Some(cookie) = page.cookie("sessionid") else {
            return false;
        };
        let headers = [
            ("cookie", cookie.as_str()),
            ("x-csrftoken", page.body.as_str()),
        ];
        send(site, "POST", "/bump/", &headers).await.status == 200
    })
    .await;
}

#[tokio::test]
async fn a_forged_request_is_refused_before_anybody_acts_on_it() {
    order_matters("", Onion::Csrf, Onion::CurrentUser, async |site| {
        send(site, "POST", "/private/", &[]).await.status == 403
    })
    .await;
}

#[tokio::test]
async fn a_slash_is_appended_before_the_session_is_touched() {
    order_matters(
        "session_save_every_request = true",
        Onion::Common,
        Onion::Sessions,
        async |site| {
            let kept = send(site, "GET", "/remember/", &[]).await;
            let Some(cookie) = kept.cookie("sessionid") else {
                return false;
            };
            let answer = send(site, "GET", "/remember", &[("cookie", &cookie)]).await;
            answer.status == 301 && answer.cookie("sessionid").is_none()
        },
    )
    .await;
}

#[tokio::test]
async fn long_messages_find_the_session() {
    order_matters("", Onion::Sessions, Onion::Messages, async |site| {
        let answer = send(site, "GET", "/message/", &[]).await;
        answer.status == 200 && answer.cookie("sessionid").is_some()
    })
    .await;
}

#[tokio::test]
async fn a_page_has_one_tag_however_it_was_compressed() {
    let more = "gzip_responses = true\nconditional_get = true";
    order_matters(more, Onion::Gzip, Onion::ConditionalGet, async |site| {
        // Compression is padded, so a tag of what was compressed is never the same.
        let ask = [("accept-encoding", "gzip")];
        let first = send(site, "GET", "/long/", &ask).await;
        let Some(tag) = first.headers.get("etag").map(|tag| tag.to_str().unwrap()) else {
            return false;
        };
        let again = [("accept-encoding", "gzip"), ("if-none-match", tag)];
        send(site, "GET", "/long/", &again).await.status == 304
    })
    .await;
}

#[tokio::test]
async fn a_page_that_is_not_sent_again_carries_the_security_headers() {
    let layers = [
        (Onion::SecurityHeaders, "x-content-type-options"),
        (Onion::FrameOptions, "x-frame-options"),
        (Onion::Csp, "content-security-policy"),
    ];
    for (layer, header) in layers {
        let more = "conditional_get = true";
        order_matters(more, layer, Onion::ConditionalGet, async |site| {
            let first = send(site, "GET", "/long/", &[]).await;
            let tag = first.headers["etag"].to_str().unwrap();
            let second = send(site, "GET", "/long/", &[("if-none-match", tag)]).await;
            second.status == 304 && second.headers.contains_key(header)
        })
        .await;
    }
}

#[tokio::test]
async fn every_layer_stands_in_the_stack_once() {
    let all = "gzip_responses = true\nconditional_get = true\nbroken_link_emails = true";
    assert_eq!(built(all).stack(), STACK);
    for layer in [Onion::Gzip, Onion::ConditionalGet, Onion::BrokenLinks] {
        let stack = built("").stack();
        assert!(!stack.contains(&layer), "{layer} only when it is asked for");
    }
    let without = Site::new()
        .with_settings(Settings::from_toml("t", SETTINGS).unwrap())
        .insecure_without(Onion::Csp)
        .build()
        .unwrap();
    assert!(!without.stack().contains(&Onion::Csp));
    assert!(
        without
            .checks(true)
            .iter()
            .any(|check| check.message.contains("content security policy"))
    );
}

#[tokio::test]
async fn a_page_that_starts_a_session_is_kept_for_nobody() {
    order_matters("", Onion::UpdateCache, Onion::Sessions, async |site| {
        let first = send(site, "GET", "/visitor/", &[]).await;
        let second = send(site, "GET", "/visitor/", &[]).await;
        first.body != second.body
    })
    .await;
}

#[tokio::test]
async fn the_half_that_keeps_pages_sees_what_the_other_did_not_find() {
    order_matters(
        "",
        Onion::UpdateCache,
        Onion::FetchFromCache,
        async |site| {
            let first = send(site, "GET", "/count/", &[]).await;
            let second = send(site, "GET", "/count/", &[]).await;
            first.body == second.body
        },
    )
    .await;
}
