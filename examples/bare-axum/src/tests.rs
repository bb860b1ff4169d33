//! The app over a real connection.

use std::collections::BTreeMap;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::app;

/// One running app, and a browser that keeps its cookies.
struct Visit {
    address: std::net::SocketAddr,
    cookies: BTreeMap<String, String>,
}

impl Visit {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, app()).await });
        Self {
            address,
            cookies: BTreeMap::new(),
        }
    }

    /// The whole response as text.
    async fn send(&mut self, head: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = format!(
            "{head}\r\nConnection: close\r\nCookie: {}\r\nContent-Length: {}\r\n\r\n{body}",
            cookies.join("; "),
            body.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).await.unwrap();
        for line in response.lines() {
            let cookie = between(line, "set-cookie: ", ";");
            if let Some((name, value)) = cookie.and_then(|cookie| cookie.split_once('=')) {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        response
    }

    async fn get(&mut self) -> String {
        self.send("GET / HTTP/1.1\r\nHost: localhost", "").await
    }

    async fn post(&mut self, origin: &str, body: &str) -> String {
        let head = format!(
            "POST / HTTP/1.1\r\nHost: localhost\r\nOrigin: {origin}\r\n\
             Content-Type: application/x-www-form-urlencoded"
        );
        self.send(&head, body).await
    }
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(start)?;
    rest.split_once(end).map(|(found, _)| found)
}

#[tokio::test]
async fn a_guest_signs_the_book() {
    let mut visit = Visit::start().await;
    let page = visit.get().await;
    let token = between(&page, "name=\"csrfmiddlewaretoken\" value=\"", "\"").unwrap();
    let form = format!("text=%3Cb%3Ehello&csrfmiddlewaretoken={token}");
    let answer = visit.post("http://localhost", &form).await;
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert!(visit.get().await.contains("<li>&lt;b&gt;hello</li>"));
}

#[tokio::test]
async fn a_session_remembers_who_has_signed() {
    let mut visit = Visit::start().await;
    let page = visit.get().await;
    assert!(!page.contains("thank you"));
    // Looking makes no session.
    assert!(!visit.cookies.contains_key("sessionid"));
    let token = between(&page, "name=\"csrfmiddlewaretoken\" value=\"", "\"").unwrap();
    let form = format!("text=hello&csrfmiddlewaretoken={token}");
    visit.post("http://localhost", &form).await;
    assert!(visit.get().await.contains("You have signed 1 time(s)"));
    visit.cookies.remove("sessionid");
    assert!(!visit.get().await.contains("thank you"));
}

#[tokio::test]
async fn another_site_signs_nothing() {
    let mut visit = Visit::start().await;
    let page = visit.get().await;
    let token = between(&page, "name=\"csrfmiddlewaretoken\" value=\"", "\"").unwrap();
    let form = format!("text=hello&csrfmiddlewaretoken={token}");
    for (origin, form) in [
        ("http://evil.example", form.as_str()),
        ("http://localhost", "text=hello"),
    ] {
        let answer = visit.post(origin, form).await;
        assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
        assert!(answer.contains("CSRF verification failed. Request aborted."));
    }
    assert!(!visit.get().await.contains("hello"));
}

#[tokio::test]
async fn every_page_carries_the_headers() {
    let mut visit = Visit::start().await;
    let page = visit.get().await;
    let nonce = between(&page, "<style nonce=\"", "\"").unwrap();
    for header in [
        "x-content-type-options: nosniff",
        "x-frame-options: DENY",
        "referrer-policy: same-origin",
        "cross-origin-opener-policy: same-origin",
        &format!("style-src 'self' 'nonce-{nonce}'"),
    ] {
        assert!(page.contains(header), "{header}: {page}");
    }
}

#[tokio::test]
async fn a_forged_host_is_refused() {
    let mut visit = Visit::start().await;
    let answer = visit.send("GET / HTTP/1.1\r\nHost: evil.example", "").await;
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
}

#[tokio::test]
async fn a_report_of_the_policy_is_taken_and_pages_can_be_compressed() {
    let mut visit = Visit::start().await;
    let head =
        "POST /csp-report/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/csp-report";
    let report =
        r#"{"csp-report": {"document-uri": "http://localhost/", "blocked-uri": "inline"}}"#;
    let answer = visit.send(head, report).await;
    assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    assert!(visit.get().await.contains("Accept-Encoding"));
}
