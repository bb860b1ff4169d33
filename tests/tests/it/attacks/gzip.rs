//! U14, U15: compressed responses whose length tells nothing, and streams.

use std::collections::BTreeSet;
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use flate2::read::GzDecoder;
use futures_util::stream;
use nuages::prelude::*;
use nuages::testing::{TestResponse, TestSite};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A page with a secret and with words of the visitor: what BREACH wants.
async fn page(req: nuages::web::RequestInfo) -> String {
    let words = req.query().get("q").unwrap_or("").to_owned();
    format!(
        "secret=4f7a9c {words} {}",
        "the same words again and again ".repeat(40)
    )
}

async fn etag() -> ([(&'static str, &'static str); 1], String) {
    ([("etag", "\"tag\"")], "x".repeat(500))
}

async fn rows() -> StreamResponse {
    let rows = (0..5000).map(|n| Ok::<_, std::io::Error>(format!("row {n}\n")));
    StreamResponse::new(stream::iter(rows)).content_type("text/plain")
}

async fn broken() -> StreamResponse {
    StreamResponse::new(stream::unfold(0, |sent| async move {
        // What was sent before is under way when the stream breaks.
        tokio::time::sleep(Duration::from_millis(100 * sent.min(1))).await;
        let piece = match sent {
            0 => Ok("x".repeat(100_000)),
            _ => Err(std::io::Error::other("broken")),
        };
        Some((piece, sent + 1))
    }))
}

async fn site(random: usize) -> TestSite {
    let urls = Urls::new()
        .path("page/", get(page), "page")
        .path("etag/", get(etag), "etag")
        .path("short/", get(async || "short"), "short")
        .path("rows/", get(rows), "rows")
        .path("broken/", get(broken), "broken");
    TestSite::with(Site::new().urls(urls), |settings| {
        settings.set("gzip_responses", true).unwrap();
        settings.set("gzip_max_random_bytes", random).unwrap();
    })
    .await
}

async fn ask(site: &TestSite, path: &str) -> TestResponse {
    site.client()
        .get(path)
        .header("accept-encoding", "gzip, br")
        .await
}

fn unpack(answer: &TestResponse) -> String {
    assert_eq!(answer.header("content-encoding"), "gzip");
    let mut text = String::new();
    GzDecoder::new(&answer.bytes()[..])
        .read_to_string(&mut text)
        .unwrap();
    text
}

/// The lengths of a hundred identical pages.
async fn lengths(random: usize) -> BTreeSet<usize> {
    let site = site(random).await;
    let mut lengths = BTreeSet::new();
    for _ in 0..100 {
        let answer = ask(&site, "/page/?q=secret%3D4").await;
        assert!(unpack(&answer).starts_with("secret=4f7a9c secret=4 the same"));
        assert_eq!(
            answer.header("content-length"),
            answer.bytes().len().to_string()
        );
        lengths.insert(answer.bytes().len());
    }
    lengths
}

#[tokio::test]
async fn u14_identical_pages_have_many_lengths() {
    let lengths = lengths(100).await;
    assert!(lengths.len() > 30, "{lengths:?}");
    let spread = lengths.last().unwrap() - lengths.first().unwrap();
    assert!((50..=100).contains(&spread), "{lengths:?}");
}

#[tokio::test]
async fn u14_pair_without_the_padding_they_have_one() {
    assert_eq!(lengths(0).await.len(), 1);
}

#[tokio::test]
async fn responses_are_compressed_as_django_does() {
    let site = site(100).await;
    let tagged = ask(&site, "/etag/").await;
    assert_eq!(tagged.header("etag"), "W/\"tag\"");
    assert_eq!(unpack(&tagged), "x".repeat(500));
    assert!(tagged.header("vary").contains("Accept-Encoding"));
    let short = ask(&site, "/short/").await;
    assert_eq!((short.text().as_str(), short.header("vary")), ("short", ""));
    let plain = site.client().get("/etag/").await;
    assert_eq!(plain.text(), "x".repeat(500));
    assert_eq!(plain.header("etag"), "\"tag\"");
    assert_eq!(plain.header("vary"), "Accept-Encoding");
    let streamed = ask(&site, "/rows/").await;
    assert!(unpack(&streamed).ends_with("row 4999\n"));
    assert_eq!(streamed.header("content-length"), "");
}

#[tokio::test]
async fn the_answer_to_head_tells_no_length_that_get_does_not_have() {
    let site = site(100).await;
    let head = async |path: &str, coding: &str| {
        let mut client = site.client();
        let request = client.request(http::Method::HEAD, path);
        request.header("accept-encoding", coding).await
    };
    for path in ["/etag/", "/rows/"] {
        let answer = head(path, "gzip").await;
        assert_eq!(answer.header("content-length"), "", "{path}");
        assert_eq!(answer.header("content-encoding"), "gzip", "{path}");
        assert_eq!(answer.header("vary"), "Accept-Encoding", "{path}");
        assert!(answer.bytes().is_empty(), "{path}");
    }
    assert_eq!(head("/etag/", "gzip").await.header("etag"), "W/\"tag\"");
    // What GET sends as it is has the length of GET.
    let plain = head("/etag/", "br").await;
    assert_eq!(
        (plain.header("content-length"), plain.header("etag")),
        ("500", "\"tag\"")
    );
    assert_eq!(plain.header("vary"), "Accept-Encoding");
    let short = head("/short/", "gzip").await;
    assert_eq!(
        (
            short.header("content-length"),
            short.header("content-encoding")
        ),
        ("5", "")
    );
}

#[tokio::test]
async fn u15_a_stream_that_breaks_off_has_no_end() {
    let site = site(100).await;
    let server = site.live().await;
    for encoding in ["", "Accept-Encoding: gzip\r\n"] {
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        let request = format!("GET /broken/ HTTP/1.1\r\nHost: localhost\r\n{encoding}\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        assert!(answer.starts_with(b"HTTP/1.1 200"));
        assert!(!answer.ends_with(b"0\r\n\r\n"), "{encoding:?}");
    }
}

#[tokio::test]
async fn u15_a_stream_ends_when_its_client_leaves() {
    struct Running(Arc<AtomicUsize>);
    impl Drop for Running {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    let dropped = Arc::new(AtomicUsize::new(0));
    let count = dropped.clone();
    let endless = move || {
        let running = Running(count.clone());
        async move {
            StreamResponse::new(stream::unfold(running, |running| async move {
                tokio::time::sleep(Duration::from_millis(5)).await;
                Some((Ok::<_, std::io::Error>("x".repeat(1000)), running))
            }))
        }
    };
    let urls = Urls::new().path("endless/", get(endless), "endless");
    let site = TestSite::new(Site::new().urls(urls)).await;
    let server = site.live().await;
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    stream
        .write_all(b"GET /endless/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await
        .unwrap();
    let mut piece = vec![0; 5000];
    stream.read_exact(&mut piece).await.unwrap();
    assert_eq!(dropped.load(Ordering::SeqCst), 0);
    drop(stream);
    for _ in 0..50 {
        if dropped.load(Ordering::SeqCst) == 1 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the stream runs on");
}
