//! W8: heads that are too large, and connections that are too many.

use std::time::Duration;

use super::frames::Http2;
use super::raw::{Raw, assert_lives, exchange, peak_memory};
use super::target::Target;

fn request(target: &str, headers: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n")
}

/// Two headers are in every request.
fn headers(count: usize) -> String {
    "a: b\r\n".repeat(count - 2)
}

#[tokio::test]
async fn w8_more_than_a_hundred_headers_are_a_431() {
    let target = Target::new().await;
    let address = target.server.address();
    for (count, status) in [(100, 200), (101, 431), (5000, 431)] {
        let answer = exchange(address, request("/ok/", &headers(count))).await;
        assert_eq!(answer.statuses(), [status], "{count}: {}", answer.text);
    }
}

#[tokio::test]
async fn w8_pair_without_the_limit_a_thousand_are_taken() {
    let target = Target::with(|limits| limits.server_max_headers = 0).await;
    let answer = exchange(target.server.address(), request("/ok/", &headers(1000))).await;
    assert_eq!(answer.statuses(), [200], "{}", answer.text);
}

#[tokio::test]
async fn w8_headers_of_64_kib_are_a_431() {
    let target = Target::new().await;
    let large = format!("a: {}\r\n", "b".repeat(64 * 1024));
    let answer = exchange(target.server.address(), request("/ok/", &large)).await;
    assert_eq!(answer.statuses(), [431], "{}", answer.text);
    let before = peak_memory();
    let endless = format!("a: {}\r\n", "b".repeat(64 * 1024 * 1024));
    let peak = peak_memory();
    let answer = exchange(target.server.address(), request("/ok/", &endless)).await;
    assert!(answer.closed);
    // The request itself is ours, twice: once as headers, once as the whole.
    assert!(
        peak_memory().saturating_sub(peak) < 72 * 1024,
        "{before} {peak} {}",
        peak_memory()
    );
    assert_lives(target.server.address()).await;
}

#[tokio::test]
async fn w8_pair_without_the_limit_they_are_taken() {
    let target = Target::with(|limits| limits.server_max_header_bytes = 0).await;
    let large = format!("a: {}\r\n", "b".repeat(200 * 1024));
    let answer = exchange(target.server.address(), request("/ok/", &large)).await;
    assert_eq!(answer.statuses(), [200], "{}", answer.text);
}

#[tokio::test]
async fn w8_a_long_url_is_a_414_and_an_endless_one_is_refused() {
    let target = Target::new().await;
    let address = target.server.address();
    let url = |length: usize| format!("/ok/?{}", "a".repeat(length - 5));
    for (length, statuses) in [
        (8192, &[200][..]),
        (8193, &[414]),
        (60_000, &[414]),
        (10_000_000, &[431]),
    ] {
        let answer = exchange(address, request(&url(length), "")).await;
        assert_eq!(answer.statuses(), statuses, "{length}: {}", answer.text);
    }
    let mut http2 = Http2::connect(address).await;
    http2.get(1, &url(9000)).await;
    assert_eq!(http2.status(1).await.as_deref(), Some("414"));
}

#[tokio::test]
async fn w8_pair_without_the_limit_a_longer_one_is_taken() {
    let target = Target::with(|limits| limits.server_max_url_length = 0).await;
    let url = format!("/ok/?{}", "a".repeat(20_000));
    let answer = exchange(target.server.address(), request(&url, "")).await;
    assert_eq!(answer.statuses(), [200], "{}", answer.text);
}

#[tokio::test]
async fn w8_cve_2025_14550_repeated_headers_over_http2_are_a_431() {
    let target = Target::new().await;
    for (count, status) in [(90, "200"), (101, "431"), (1500, "431"), (20_000, "431")] {
        let mut http2 = Http2::connect(target.server.address()).await;
        http2
            .get_with(1, "/ok/", &vec![("foo", "bar"); count])
            .await;
        let found = http2.status(1).await;
        // So many that they need continuations end the whole connection.
        let is_right = found.as_deref() == Some(status) || (count > 1500 && found.is_none());
        assert!(is_right, "{count}: {found:?}");
    }
    assert_lives(target.server.address()).await;
}

#[tokio::test]
async fn w8_pair_without_the_limit_they_are_taken_over_http2() {
    let target = Target::with(|limits| limits.server_max_headers = 0).await;
    let mut http2 = Http2::connect(target.server.address()).await;
    http2.get_with(1, "/ok/", &[("foo", "bar"); 500]).await;
    assert_eq!(http2.status(1).await.as_deref(), Some("200"));
}

/// Whether a third client is answered while two others only hold their connections.
async fn third_is_served(most: usize) -> bool {
    let target = Target::with(|limits| limits.server_max_connections = most).await;
    let address = target.server.address();
    let held = [Raw::connect(address).await, Raw::connect(address).await];
    let mut third = Raw::connect(address).await;
    third.send(request("/ok/", "")).await;
    let answer = third.read_for(Duration::from_millis(500)).await;
    if answer.statuses().is_empty() {
        // A place that becomes free is the next one's.
        drop(held);
        assert_eq!(third.read_all().await.statuses(), [200]);
        return false;
    }
    true
}

#[tokio::test]
async fn w8_more_connections_than_allowed_wait() {
    assert!(!third_is_served(2).await);
}

#[tokio::test]
async fn w8_pair_without_the_limit_nobody_waits() {
    assert!(third_is_served(0).await);
}

#[tokio::test]
async fn http2_can_be_turned_off() {
    let target = Target::with(|limits| limits.server_http2 = false).await;
    let mut http2 = Http2::connect(target.server.address()).await;
    http2.get(1, "/ok/").await;
    assert_eq!(http2.status(1).await, None);
}
