//! H5: a line end in a header begins another header. The answers are read as bytes, not by a client library.

use nuages::prelude::*;
use nuages::security::cookie::SetCookie;
use nuages::security::csp::Policy;
use nuages::testing::{LiveServer, TestSite};
use nuages::web::{HttpResponse, content_disposition};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use url::form_urlencoded;

use crate::attacks::wire::raw::exchange;

type Parameters = Query<std::collections::HashMap<String, String>>;

/// A site that puts what the visitor says into every place of a header.
async fn site() -> TestSite {
    let urls = Urls::new()
        .path("value/", get(value), "value")
        .path("name/", get(name), "name")
        .path("type/", get(content_type), "type")
        .path("go/", get(go), "go")
        .path("cookie/<str:place>/", get(cookie), "cookie")
        .path("file/", get(file), "file")
        .path("stream/", get(stream), "stream")
        .path("policy/", get(policy), "policy")
        .path("etag/", get(etag), "etag")
        .path("<path:rest>/", get(async || "caught"), "all");
    TestSite::new(Site::new().urls(urls)).await
}

fn text(query: &Parameters) -> &str {
    query.get("x").map_or("", String::as_str)
}

fn bad(error: impl std::fmt::Display) -> nuages::web::Error {
    nuages::web::Error::bad_request(error.to_string())
}

async fn value(query: Parameters) -> Result<HttpResponse> {
    let mut response = HttpResponse::new();
    response.set_header("X-Kind", text(&query)).map_err(bad)?;
    Ok(response)
}

async fn name(query: Parameters) -> Result<HttpResponse> {
    let mut response = HttpResponse::new();
    response.set_header(text(&query), "kind").map_err(bad)?;
    Ok(response)
}

async fn content_type(query: Parameters) -> Result<HttpResponse> {
    HttpResponse::new().content_type(text(&query)).map_err(bad)
}

async fn go(query: Parameters) -> Result<Response> {
    redirect(text(&query))
}

async fn cookie(query: Parameters, Path(place): Path<String>) -> Result<HttpHeader> {
    let x = text(&query);
    let cookie = match place.as_str() {
        "name" => SetCookie::new(x, "value"),
        "value" => SetCookie::new("name", x),
        "path" => SetCookie::new("name", "value").path(x),
        _ => SetCookie::new("name", "value").domain(x),
    };
    let now = nuages::base::Clock::default().now();
    let cookie = cookie.to_header_value(now).map_err(bad)?;
    Ok(([("set-cookie", cookie)], "cookie"))
}

type HttpHeader = ([(&'static str, http::HeaderValue); 1], &'static str);

async fn file(query: Parameters) -> Result<HttpHeader> {
    let value = content_disposition(true, text(&query)).ok_or_else(|| bad("no name"))?;
    Ok(([("content-disposition", value)], "file"))
}

async fn stream(query: Parameters) -> StreamResponse {
    let pieces = futures_util::stream::iter([Ok::<_, std::io::Error>("piece")]);
    let kind = text(&query).to_owned();
    StreamResponse::new(pieces)
        .content_type(kind)
        .attachment(text(&query))
}

async fn policy(query: Parameters) -> Result<HttpHeader> {
    let policy = Policy::new()
        .try_directive("img-src", [text(&query)])
        .map_err(bad)?;
    let value = http::HeaderValue::try_from(policy.build(None)).map_err(bad)?;
    Ok(([("content-security-policy-report-only", value)], "policy"))
}

async fn etag(query: Parameters) -> Result<HttpHeader> {
    let value = http::HeaderValue::try_from(text(&query)).map_err(bad)?;
    Ok(([("etag", value)], "etag"))
}

/// The lines of the head of an answer, as whoever splits at any line end reads them.
fn lines(answer: &str) -> Vec<&str> {
    let head = answer.split("\r\n\r\n").next().unwrap_or_default();
    head.split(['\r', '\n']).collect()
}

/// A header line that the attacker wrote.
fn is_forged(answer: &str) -> bool {
    lines(answer)
        .iter()
        .any(|line| line.trim_start().to_ascii_lowercase().starts_with("x-evil"))
}

const ATTACKS: [&str; 9] = [
    "a\r\nX-Evil: 1",
    "a\nX-Evil: 1",
    "a\rX-Evil: 1",
    "a\r\n X-Evil: 1",
    "a\0\r\nX-Evil: 1",
    "/a\r\n\r\n<script>",
    "a\u{85}X-Evil: 1",
    "a\u{2028}X-Evil: 1",
    "a\u{560d}\u{560a}X-Evil: 1",
];

async fn get_raw(server: &LiveServer, target: &str) -> String {
    let request = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    exchange(server.address(), request).await.text
}

const PLACES: [&str; 12] = [
    "value",
    "name",
    "type",
    "go",
    "cookie/name",
    "cookie/value",
    "cookie/path",
    "cookie/domain",
    "file",
    "stream",
    "policy",
    "etag",
];

#[tokio::test]
async fn h5_cve_2017_18587_no_place_of_a_header_takes_a_line_end() {
    let site = site().await;
    let server = site.live().await;
    for place in PLACES {
        for attack in ATTACKS {
            let x: String = form_urlencoded::byte_serialize(attack.as_bytes()).collect();
            let answer = get_raw(&server, &format!("/{place}/?x={x}")).await;
            assert!(
                answer.starts_with("HTTP/1.1 "),
                "{place} {attack:?}: {answer}"
            );
            assert!(!is_forged(&answer), "{place} {attack:?}: {answer}");
            let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
            assert!(!body.starts_with("<script"), "{place}: {answer}");
            // No control character gets as far as the client, wherever it was put.
            let head: String = lines(&answer).concat();
            assert!(
                !head.contains(|c: char| c.is_ascii_control()),
                "{place} {attack:?}"
            );
        }
        let plain = get_raw(&server, &format!("/{place}/?x=plain")).await;
        assert!(plain.contains("plain"), "the pair, {place}: {plain}");
    }
}

#[tokio::test]
async fn h5_x8_cookie_attributes_take_no_line_end_and_no_semicolon() {
    let now = nuages::base::Clock::default().now();
    for evil in [
        "/x\r\nY: z",
        "/x\nY: z",
        "/x; Domain=evil.com",
        "/\0",
        "/\u{7f}",
    ] {
        let cookies = [
            SetCookie::new("a", "b").path(evil),
            SetCookie::new("a", "b").domain(evil),
        ];
        for cookie in cookies {
            assert!(cookie.to_header_value(now).is_err(), "{evil:?}");
        }
        assert!(
            SetCookie::new(evil, "b").to_header_value(now).is_err(),
            "{evil:?}"
        );
    }
    let plain = SetCookie::new("a", "b; c\"d")
        .path("/x")
        .to_header_value(now)
        .unwrap();
    assert_eq!(plain, "a=\"b\\073 c\\\"d\"; Path=/x");
}

#[tokio::test]
async fn h5_line_ends_in_the_path_are_not_in_the_location() {
    let site = site().await;
    let server = site.live().await;
    for target in [
        "/a%0d%0aX-Evil:%201",
        "/a%0aX-Evil:%201",
        "/%0d%0aX-Evil:1",
        "/a%00b",
    ] {
        let answer = get_raw(&server, target).await;
        assert!(!is_forged(&answer), "{target}: {answer}");
        assert!(answer.starts_with("HTTP/1.1 301") || answer.starts_with("HTTP/1.1 404"));
        assert!(!answer.contains('\0'), "{target}");
    }
    let answer = get_raw(&server, "/a%20b").await;
    assert!(
        answer.contains("\r\nlocation: /a%20b/\r\n"),
        "the pair: {answer}"
    );
}

/// What a server does that writes its headers by hand.
async fn careless_server() -> std::net::SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = vec![0; 4096];
            let count = stream.read(&mut request).await.unwrap_or(0);
            let head = String::from_utf8_lossy(&request[..count]).into_owned();
            let x = head
                .split("x=")
                .nth(1)
                .unwrap_or("")
                .split(' ')
                .next()
                .unwrap_or("");
            let x = url::form_urlencoded::parse(format!("x={x}").as_bytes())
                .next()
                .map(|(_, x)| x.into_owned())
                .unwrap_or_default();
            let answer = format!("HTTP/1.1 200 OK\r\nX-Kind: {x}\r\nConnection: close\r\n\r\n");
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    address
}

#[tokio::test]
async fn h5_pair_a_server_that_writes_headers_by_hand_is_made_to_send_another() {
    let address = careless_server().await;
    let request = "GET /?x=a%0d%0aX-Evil:+1 HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let answer = exchange(address, request).await;
    assert!(is_forged(&answer.text), "{}", answer.text);
}
