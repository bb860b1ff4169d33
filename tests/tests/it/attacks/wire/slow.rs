//! W7 and W13: clients that are slow, and clients that leave.

use std::net::SocketAddr;
use std::time::Duration;

use super::frames::{DATA, GOAWAY, Http2, RST_STREAM, WINDOW_TO_ZERO, WINDOW_UPDATE, frame};
use super::raw::{Raw, assert_lives, peak_memory};
use super::target::Target;

/// Sends one byte every tenth of a second, for as long as it is allowed.
async fn drip(raw: &mut Raw, times: usize) -> bool {
    for _ in 0..times {
        if !raw.send("x").await {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    true
}

/// Whether the server hangs up on a client that sends its head drop by drop.
async fn slow_head_is_cut(address: SocketAddr, begin: &str) -> bool {
    let mut raw = Raw::connect(address).await;
    raw.send(begin).await;
    drip(&mut raw, 12).await;
    raw.closes_within(Duration::from_millis(200)).await
}

const BEGINNINGS: [&str; 5] = [
    "",
    "G",
    "PRI * HTTP/2.0\r\n",
    "GET /ok/ HTTP/1.1\r\nX: ",
    "POST /form/ HTTP/1.1\r\nHost: localhost\r\nX-",
];

#[tokio::test]
async fn w7_a_head_that_drips_in_is_cut_off() {
    let target = Target::with(|limits| limits.server_header_timeout = 0.5).await;
    for begin in BEGINNINGS {
        assert!(
            slow_head_is_cut(target.server.address(), begin).await,
            "{begin:?}"
        );
    }
}

#[tokio::test]
async fn w7_pair_without_the_limit_it_drips_on() {
    let target = Target::with(|limits| limits.server_header_timeout = 0.0).await;
    for begin in ["", "GET /ok/ HTTP/1.1\r\nX: "] {
        assert!(
            !slow_head_is_cut(target.server.address(), begin).await,
            "{begin:?}"
        );
    }
}

#[tokio::test]
async fn w7_an_idle_connection_is_closed_in_both_versions() {
    let target = Target::with(|limits| limits.server_header_timeout = 0.5).await;
    let mut raw = Raw::connect(target.server.address()).await;
    raw.send("GET /ok/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await;
    assert!(raw.closes_within(Duration::from_secs(3)).await);
    let mut http2 = Http2::connect(target.server.address()).await;
    http2.get(1, "/ok/").await;
    assert!(http2.closes_within(Duration::from_secs(3)).await);
}

#[tokio::test]
async fn w7_many_slow_clients_hinder_nobody() {
    let target = Target::new().await;
    let before = peak_memory();
    let mut slow = Vec::new();
    for _ in 0..200 {
        let mut raw = Raw::connect(target.server.address()).await;
        raw.send("GET /ok/ HTTP/1.1\r\nX: ").await;
        slow.push(raw);
    }
    assert_lives(target.server.address()).await;
    assert!(peak_memory().saturating_sub(before) < 64 * 1024);
}

const FORM: &str = "POST /form/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\
                    Content-Type: application/x-www-form-urlencoded\r\n\r\n";

/// The answer to a form of which one byte comes every tenth of a second.
async fn slow_form(rate: u32, timeout: f64) -> (bool, Vec<u16>) {
    let target = Target::with(|limits| {
        limits.server_body_timeout = timeout;
        limits.server_min_rate = rate;
    })
    .await;
    let mut raw = Raw::connect(target.server.address()).await;
    raw.send(FORM).await;
    drip(&mut raw, 15).await;
    let answer = raw.read_for(Duration::from_millis(300)).await;
    (answer.closed, answer.statuses())
}

#[tokio::test]
async fn w7_a_body_that_drips_in_is_cut_off() {
    assert_eq!(slow_form(240, 0.5).await, (true, vec![408]));
}

#[tokio::test]
async fn w7_pair_without_a_rate_or_a_limit_it_drips_on() {
    assert_eq!(slow_form(0, 0.5).await, (false, vec![]));
    assert_eq!(slow_form(240, 0.0).await, (false, vec![]));
}

/// Whether the server hangs up on a client that asks for much and reads nothing.
async fn slow_read_is_cut(timeout: f64) -> bool {
    let target = Target::with(|limits| limits.server_write_timeout = timeout).await;
    let mut raw = Raw::connect(target.server.address()).await;
    raw.send("GET /large/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    // What is in the buffers is still read, but not the whole.
    let answer = raw.read_for(Duration::from_millis(500)).await;
    answer.closed && answer.text.len() < super::target::LARGE
}

#[tokio::test]
async fn w7_a_response_that_nobody_takes_is_broken_off() {
    assert!(slow_read_is_cut(0.4).await);
}

#[tokio::test]
async fn w7_pair_without_the_limit_it_waits() {
    assert!(!slow_read_is_cut(0.0).await);
}

/// The same over HTTP/2, where the client closes its window and goes on answering pings: whether the stream
/// is reset, while another on the same connection is answered.
async fn closed_window_is_cut(timeout: f64) -> bool {
    let target = Target::with(|limits| limits.server_write_timeout = timeout).await;
    let mut http2 = Http2::connect_with(target.server.address(), &WINDOW_TO_ZERO).await;
    http2.get(1, "/large/").await;
    let mut is_reset = false;
    let deadline = tokio::time::Instant::now() + Duration::from_millis(1800);
    while tokio::time::Instant::now() < deadline {
        http2.ping().await;
        while let Some(frame) = http2.next_within(Duration::from_millis(100)).await {
            assert_ne!(frame.kind, GOAWAY, "the connection goes on");
            is_reset |= frame.kind == RST_STREAM && frame.stream == 1;
        }
    }
    // The window of this stream is open.
    http2.get(3, "/ok/").await;
    http2
        .send(&frame(WINDOW_UPDATE, 0, 3, &[0, 0, 16, 0]))
        .await;
    let mut body = Vec::new();
    while let Some(frame) = http2.next_within(Duration::from_secs(2)).await {
        if frame.kind == DATA && frame.stream == 3 {
            body = frame.payload;
            break;
        }
    }
    assert_eq!(body, b"ok");
    is_reset
}

#[tokio::test]
async fn w7_a_window_that_stays_closed_ends_its_stream_and_no_other() {
    assert!(closed_window_is_cut(0.4).await);
}

#[tokio::test]
async fn w7_pair_without_the_limit_the_window_stays_closed() {
    assert!(!closed_window_is_cut(0.0).await);
}

#[tokio::test]
async fn w7_a_window_that_opens_in_time_gets_the_whole() {
    let target = Target::with(|limits| limits.server_write_timeout = 1.0).await;
    let mut http2 = Http2::connect_with(target.server.address(), &WINDOW_TO_ZERO).await;
    http2.get(1, "/large/").await;
    let (mut came, mut waited) = (0, 0);
    while came < super::target::LARGE && waited < 400 {
        match http2.next_within(Duration::from_millis(5)).await {
            Some(frame) if frame.kind == DATA => came += frame.payload.len(),
            Some(frame) => assert!(![RST_STREAM, GOAWAY].contains(&frame.kind), "{frame:?}"),
            None => {
                // A quarter of a megabyte more, for the stream and for the connection.
                let more = [0, 4, 0, 0];
                http2.send(&frame(WINDOW_UPDATE, 0, 1, &more)).await;
                http2.send(&frame(WINDOW_UPDATE, 0, 0, &more)).await;
                waited += 1;
            }
        }
    }
    assert_eq!(came, super::target::LARGE);
}

#[tokio::test]
async fn w13_a_view_ends_when_its_client_leaves() {
    let target = Target::new().await;
    for wait in (0..500).step_by(50) {
        let mut raw = Raw::connect(target.server.address()).await;
        raw.send("GET /slow/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
            .await;
        let mut http2 = Http2::connect(target.server.address()).await;
        http2.get(1, "/slow/").await;
        tokio::time::sleep(Duration::from_millis(wait)).await;
    }
    assert!(target.until(|target| target.running() == 0).await);
    assert!(target.begun() > target.finished(), "most were cancelled");
}

#[tokio::test]
async fn w13_pair_a_view_of_a_client_that_stays_runs_to_its_end() {
    let target = Target::new().await;
    let mut raw = Raw::connect(target.server.address()).await;
    raw.send("GET /slow/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .await;
    assert_eq!(raw.read_all().await.statuses(), [200]);
    assert_eq!((target.begun(), target.finished()), (1, 1));
}

#[tokio::test]
async fn r13_a_stopping_server_finishes_open_requests_and_takes_no_new_ones() {
    let target = Target::new().await;
    let address = target.server.address();
    let mut raw = Raw::connect(address).await;
    raw.send("GET /slow/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await;
    assert!(target.until(|target| target.running() == 1).await);
    let mut idle = Raw::connect(address).await;
    let Target { server, .. } = target;
    let (stopped, answer) = tokio::join!(server.stop(), raw.read_all());
    assert!(stopped.unwrap(), "every open request was finished");
    assert_eq!(answer.statuses(), [200]);
    assert!(idle.closes_within(Duration::from_secs(1)).await);
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn r13_pair_without_grace_they_are_broken_off() {
    let target = Target::with(|limits| limits.shutdown_timeout = 0.0).await;
    let mut raw = Raw::connect(target.server.address()).await;
    raw.send("GET /slow/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await;
    assert!(target.until(|target| target.running() == 1).await);
    assert!(!target.server.stop().await.unwrap());
}
