//! W3, W7, W8, W9, W12, W13 in the numbers of the catalogue, beside an honest client.
//!
//! Client and server share this process: what is measured of memory and files is that of both.

use std::time::Duration;

use nuages::ServerSettings;
use nuages::prelude::*;
use nuages::testing::{LiveServer, TestSite};
use tokio::net::TcpStream;

use super::floods::{flood, nothings, opened_and_reset};
use super::frames::{CONTINUATION, DATA, HEADERS, Http2, block, frame};
use super::legit::Honest;
use super::raw::{Raw, assert_lives, exchange, peak_memory};
use super::target::Target;

/// How many files and sockets this process has open; 0 where the system does not tell.
fn open_files() -> usize {
    std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count)
}

/// Waits for at most five seconds until no more files are open than before.
async fn assert_closed(before: usize) {
    for _ in 0..250 {
        if open_files() <= before {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{} files are open, {before} were before", open_files());
}

#[test]
fn w7_the_limits_of_a_site_that_sets_nothing_are_those_of_the_catalogue() {
    let limits = ServerSettings::default();
    // The watch looks twice a second.
    assert!(limits.server_header_timeout > 0.0 && limits.server_header_timeout <= 30.0);
    assert!(limits.server_body_timeout > 0.0 && limits.server_body_timeout <= 60.0);
    assert!(limits.server_write_timeout > 0.0 && limits.server_write_timeout <= 60.0);
    assert!(limits.server_min_rate > 1, "a byte a second is too slow");
}

#[tokio::test(flavor = "multi_thread")]
async fn w7_a_thousand_slow_heads_hinder_nobody_and_are_closed_in_time() {
    let target = Target::with(|limits| limits.server_header_timeout = 3.0).await;
    let address = target.server.address();
    let (memory, files) = (peak_memory(), open_files());
    let honest = Honest::begin(address).await;
    let mut slow = Vec::new();
    for _ in 0..1000 {
        let mut raw = Raw::connect(address).await;
        raw.send("GET /ok/ HTTP/1.1\r\nX: ").await;
        slow.push(raw);
    }
    // Each is still there, and sends on.
    for raw in &mut slow {
        raw.send("x").await;
    }
    honest.assert_served().await;
    assert!(peak_memory().saturating_sub(memory) < 64 * 1024);
    for raw in &mut slow {
        assert!(raw.closes_within(Duration::from_secs(5)).await);
    }
    drop(slow);
    assert_closed(files + 1).await;
    assert_lives(address).await;
}

#[tokio::test]
async fn w3_lengths_with_spaces_or_twice_are_one_length() {
    let hidden = "GET /admin/ HTTP/1.1\r\nHost: localhost\r\n\r\n";
    // OWS around a value is no part of it; a list of one length may be read as that, or refused.
    for (length, may_be_refused) in [(" 5", false), ("5 ", false), ("\t5", false), ("5, 5", true)] {
        let target = Target::new().await;
        let request = format!(
            "POST /ok/ HTTP/1.1\r\nHost: localhost\r\nContent-Length:{length}\r\n\r\nhello{hidden}"
        );
        let answer = exchange(target.server.address(), request).await;
        let statuses = answer.statuses();
        let is_read = statuses == [200, 200] && target.admin() == 1;
        let is_refused = statuses == [400] && answer.closed && target.admin() == 0;
        assert!(
            is_read || (may_be_refused && is_refused),
            "{length:?}: {}",
            answer.text
        );
    }
}

#[tokio::test]
async fn w8_two_hundred_thousand_headers_over_http2_cost_no_memory() {
    let target = Target::new().await;
    let mut many = block("/ok/", &[]);
    // Each a byte or two: the name and the value are in the table.
    for _ in 0..200_000 {
        many.extend([0x90]);
    }
    let before = peak_memory();
    let mut http2 = Http2::connect(target.server.address()).await;
    let mut sent = 0;
    let pieces: Vec<&[u8]> = many.chunks(16 * 1024).collect();
    for (index, piece) in pieces.iter().enumerate() {
        let last = if index + 1 == pieces.len() { 4 } else { 0 };
        let bytes = match index {
            0 => frame(HEADERS, 1 | last, 1, piece),
            _ => frame(CONTINUATION, last, 1, piece),
        };
        if !http2.send(&bytes).await {
            break;
        }
        sent += 1;
    }
    let status = http2.status(1).await;
    assert!(
        status.as_deref().is_none_or(|status| status == "431"),
        "{sent} {status:?}"
    );
    assert!(peak_memory().saturating_sub(before) < 8 * 1024);
    assert_lives(target.server.address()).await;
}

/// A site with a view that holds a connection of the database for long.
async fn with_database() -> (TestSite, LiveServer) {
    async fn holds(db: Db) -> Result<&'static str> {
        db.atomic(async |_| {
            tokio::time::sleep(Duration::from_mins(10)).await;
            Ok("held")
        })
        .await
    }
    async fn asks(db: Db) -> Result<String> {
        let users = nuages::auth::User::objects().count(&db).await?;
        Ok(users.to_string())
    }
    let urls = Urls::new()
        .path("ok/", get(async || "ok"), "ok")
        .path("slow/", get(holds), "slow")
        .path("users/", get(asks), "users");
    let site = TestSite::new(Site::new().install(nuages::auth::app()).urls(urls)).await;
    let server = site.live().await;
    (site, server)
}

#[tokio::test(flavor = "multi_thread")]
async fn w9_a_hundred_thousand_resets_hinder_nobody() {
    let target = Target::new().await;
    let honest = Honest::begin(target.server.address()).await;
    let mut http2 = Http2::connect(target.server.address()).await;
    let taken = flood(&mut http2, 100_000, opened_and_reset).await;
    assert!(!http2.answers_a_ping().await);
    assert!(taken < 10_000, "{taken}");
    honest.assert_served().await;
    assert!(target.until(|target| target.running() == 0).await);
    assert_lives(target.server.address()).await;
}

#[tokio::test]
async fn w9_streams_that_were_reset_give_their_database_back() {
    let (_site, server) = with_database().await;
    let mut http2 = Http2::connect(server.address()).await;
    flood(&mut http2, 500, opened_and_reset).await;
    drop(http2);
    let mut raw = Raw::connect(server.address()).await;
    raw.send("GET /users/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .await;
    let answer = raw.read_all().await;
    assert_eq!(answer.statuses(), [200], "{}", answer.text);
}

#[tokio::test]
async fn w13_clients_that_leave_give_their_database_back() {
    let (_site, server) = with_database().await;
    let files = open_files();
    for wait in 0..30 {
        let mut raw = Raw::connect(server.address()).await;
        raw.send("GET /slow/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
            .await;
        tokio::time::sleep(Duration::from_millis(wait)).await;
    }
    let mut raw = Raw::connect(server.address()).await;
    raw.send("GET /users/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .await;
    assert_eq!(raw.read_all().await.statuses(), [200]);
    drop(raw);
    assert_closed(files).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn w12_a_hundred_thousand_frames_of_each_kind_hinder_nobody() {
    for (name, one) in nothings() {
        let target = Target::new().await;
        let honest = Honest::begin(target.server.address()).await;
        let before = peak_memory();
        let mut http2 = Http2::connect(target.server.address()).await;
        let taken = flood(&mut http2, 100_000, |_| one.clone()).await;
        assert!(taken < 100_000 || !http2.answers_a_ping().await, "{name}");
        assert!(peak_memory().saturating_sub(before) < 16 * 1024, "{name}");
        honest.assert_served().await;
        assert_lives(target.server.address()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn w12_a_hundred_thousand_pieces_of_a_head_or_of_an_empty_body_hinder_nobody() {
    // A head that has begun and not ended, and a body of which nothing comes.
    for (name, flags, one) in [
        ("continuation", 1, frame(CONTINUATION, 0, 1, &[])),
        ("empty data", 4, frame(DATA, 0, 1, &[])),
    ] {
        let target = Target::new().await;
        let honest = Honest::begin(target.server.address()).await;
        let before = peak_memory();
        let mut http2 = Http2::connect(target.server.address()).await;
        let begun = frame(HEADERS, flags, 1, &block("/ok/", &[]));
        assert!(http2.send(&begun).await, "{name}");
        flood(&mut http2, 100_000, |_| one.clone()).await;
        assert!(!http2.answers_a_ping().await, "{name}");
        assert!(peak_memory().saturating_sub(before) < 16 * 1024, "{name}");
        honest.assert_served().await;
        assert_lives(target.server.address()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn w13_a_thousand_clients_that_leave_leave_nothing() {
    let target = Target::new().await;
    let address = target.server.address();
    let files = open_files();
    for _ in 0..20 {
        let clients = (0..50).map(|step| async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            let request = b"GET /slow/ HTTP/1.1\r\nHost: localhost\r\n\r\n";
            tokio::io::AsyncWriteExt::write_all(&mut stream, request)
                .await
                .unwrap();
            tokio::time::sleep(Duration::from_millis(step * 10)).await;
        });
        futures_util::future::join_all(clients).await;
    }
    assert!(target.until(|target| target.running() == 0).await);
    assert!(target.begun() >= 900, "{}", target.begun());
    assert!(
        target.finished() < target.begun() / 2,
        "{}",
        target.finished()
    );
    assert_closed(files).await;
    assert_lives(address).await;
}
