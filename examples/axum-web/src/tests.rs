//! The app, asked as a client would.

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use tower::ServiceExt;

use super::app;

async fn ask(path: &str, headers: &[(&str, &str)]) -> (u16, HeaderMap, Vec<u8>) {
    let mut request = Request::get(path);
    if !headers.iter().any(|(name, _)| *name == "host") {
        request = request.header("host", "localhost");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).unwrap();
    let response = app().unwrap().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    (parts.status.as_u16(), parts.headers, body.to_vec())
}

#[tokio::test]
async fn pages_have_names_and_a_missing_slash_is_put_right() {
    let (status, _, body) = ask("/", &[]).await;
    let body = String::from_utf8(body).unwrap();
    assert_eq!(status, 200);
    assert!(
        body.contains("<a href=\"/clouds/cirrus/\">Cirrus</a>"),
        "{body}"
    );
    let (status, headers, _) = ask("/clouds/cirrus?a=b", &[]).await;
    assert_eq!(
        (status, &headers["location"]),
        (301, &"/clouds/cirrus/?a=b".parse().unwrap())
    );
    assert_eq!(ask("/clouds/nimbus/", &[]).await.0, 404);
    assert_eq!(
        ask("/api/clouds/", &[]).await.2,
        b"[\"cirrus\",\"cumulus\"]"
    );
}

#[tokio::test]
async fn who_has_a_page_already_gets_304_also_from_axums_own_route() {
    for path in ["/clouds/cirrus/", "/health"] {
        let (status, headers, _) = ask(path, &[]).await;
        assert_eq!(status, 200, "{path}");
        let tag = headers["etag"].to_str().unwrap();
        let (status, headers, body) = ask(path, &[("if-none-match", tag)]).await;
        assert_eq!((status, body.len()), (304, 0), "{path}");
        assert_eq!(headers["x-content-type-options"], "nosniff");
    }
}

#[tokio::test]
async fn pages_are_compressed_and_say_how_long_they_hold() {
    let (_, headers, _) = ask("/clouds/cirrus/", &[("accept-encoding", "gzip")]).await;
    assert_eq!(headers["cache-control"], "public, max-age=300");
    assert!(
        !headers.contains_key("content-encoding"),
        "too short to be worth it"
    );
    let (_, headers, body) = ask("/", &[("accept-encoding", "gzip")]).await;
    assert_eq!(headers["content-encoding"], "gzip");
    assert!(body.starts_with(&[0x1f, 0x8b]));
    assert!(headers["etag"].to_str().unwrap().starts_with("W/"));
}

#[tokio::test]
async fn forged_hosts_and_unwanted_robots_are_turned_away() {
    for path in ["/", "/health"] {
        assert_eq!(
            ask(path, &[("host", "evil.example")]).await.0,
            400,
            "{path}"
        );
    }
    assert_eq!(ask("/", &[("user-agent", "BadBot/1.0")]).await.0, 403);
}

#[tokio::test]
async fn the_second_visitor_gets_the_page_of_the_first() {
    let app = app().unwrap();
    let ask = || {
        Request::get("/clouds/cirrus/")
            .header("host", "localhost")
            .body(Body::empty())
    };
    let first = app.clone().oneshot(ask().unwrap()).await.unwrap();
    assert!(!first.headers().contains_key("age"));
    let second = app.oneshot(ask().unwrap()).await.unwrap();
    assert!(second.headers().contains_key("age"));
    assert_eq!(first.headers()["etag"], second.headers()["etag"]);
}
