//! W9 to W12: HTTP/2 frames by the thousand.

use nuages::ServerSettings;

use super::frames::{
    CONTINUATION, DATA, GOAWAY, HEADERS, Http2, PING, RST_STREAM, SETTINGS, WINDOW_UPDATE, block,
    frame, request,
};
use super::raw::{assert_lives, peak_memory};
use super::target::Target;

/// CANCEL.
const CANCEL: [u8; 4] = [0, 0, 0, 8];

fn lift(limits: &mut ServerSettings) {
    limits.server_http2_max_pending_resets = 0;
    limits.server_http2_max_local_resets = 0;
    limits.server_http2_max_overhead_frames = 0;
}

/// Sends what `frames` makes for each odd stream number, in packets; tells how many were taken before
/// the server hung up.
pub(super) async fn flood(http2: &mut Http2, count: u32, frames: impl Fn(u32) -> Vec<u8>) -> u32 {
    let mut packet = Vec::new();
    for number in 0..count {
        packet.extend(frames(number * 2 + 1));
        if number % 50 == 49 {
            if !http2.send(&packet).await {
                return number;
            }
            packet.clear();
            tokio::task::yield_now().await;
        }
    }
    http2.send(&packet).await;
    count
}

pub(super) fn opened_and_reset(stream: u32) -> Vec<u8> {
    let mut frames = request(stream, &block("/slow/", &[]));
    frames.extend(frame(RST_STREAM, 0, stream, &CANCEL));
    frames
}

#[tokio::test]
async fn w9_cve_2023_44487_rapid_reset_ends_the_connection() {
    let target = Target::new().await;
    let mut http2 = Http2::connect(target.server.address()).await;
    flood(&mut http2, 10_000, opened_and_reset).await;
    assert!(!http2.answers_a_ping().await);
    assert!(target.begun() <= 1100, "{}", target.begun());
    // The views of the streams that were reset do not run on.
    assert!(target.until(|target| target.running() == 0).await);
    assert_lives(target.server.address()).await;
}

#[tokio::test]
async fn w9_resets_that_wait_for_each_other_are_counted_too() {
    let target = Target::new().await;
    let mut http2 = Http2::connect(target.server.address()).await;
    let mut taken = 0;
    // A packet for each, with an answer awaited: no reset is ever pending.
    for number in 0..3000_u32 {
        http2.send(&opened_and_reset(number * 2 + 1)).await;
        if number % 10 == 9 && !http2.answers_a_ping().await {
            taken = number;
            break;
        }
    }
    assert!((1..1500).contains(&taken), "{taken}");
}

#[tokio::test]
async fn w9_pair_without_the_limits_the_flood_goes_on() {
    let target = Target::with(lift).await;
    let mut http2 = Http2::connect(target.server.address()).await;
    assert_eq!(flood(&mut http2, 10_000, opened_and_reset).await, 10_000);
    assert!(http2.answers_a_ping().await);
}

/// A stream that the server has to reset: its window grows beyond all bounds, which is an error.
fn made_to_reset(stream: u32) -> Vec<u8> {
    let mut frames = request(stream, &block("/slow/", &[]));
    frames.extend(frame(WINDOW_UPDATE, 0, stream, &[0x7f, 0xff, 0xff, 0xff]));
    frames
}

/// How many resets the server sends, and whether it says goodbye.
async fn resets_and_goodbye(target: &Target, count: u32) -> (usize, bool) {
    let mut http2 = Http2::connect(target.server.address()).await;
    flood(&mut http2, count, made_to_reset).await;
    http2.ping().await;
    let (mut resets, mut goodbye) = (0, false);
    while let Some(frame) = http2.next().await {
        match frame.kind {
            RST_STREAM => resets += 1,
            GOAWAY => goodbye = true,
            PING if frame.payload == b"are you?" => break,
            _ => {}
        }
    }
    (resets, goodbye)
}

#[tokio::test]
async fn w10_w11_cve_2025_8671_made_you_reset_ends_the_connection() {
    let target = Target::new().await;
    let before = peak_memory();
    let (resets, goodbye) = resets_and_goodbye(&target, 100_000).await;
    assert!(resets <= 1100 && goodbye, "{resets} {goodbye}");
    assert!(target.begun() <= 1100, "{}", target.begun());
    assert!(peak_memory().saturating_sub(before) < 32 * 1024);
    assert!(target.until(|target| target.running() == 0).await);
    assert_lives(target.server.address()).await;
}

#[tokio::test]
async fn w11_pair_without_the_limits_every_stream_is_reset() {
    let target = Target::with(lift).await;
    let (resets, goodbye) = resets_and_goodbye(&target, 5000).await;
    assert!(resets > 4000 && !goodbye, "{resets} {goodbye}");
}

/// Whether the connection is still there after so many of this frame on a stream that is open.
async fn survives(limits: impl FnOnce(&mut ServerSettings), one: &[u8]) -> bool {
    let target = Target::with(limits).await;
    let mut http2 = Http2::connect(target.server.address()).await;
    // A request whose body never ends.
    let open = frame(HEADERS, 4, 1, &block("/ok/", &[]));
    http2.send(&open).await;
    let before = peak_memory();
    flood(&mut http2, 5000, |_| one.to_vec()).await;
    let lives = http2.answers_a_ping().await;
    assert!(peak_memory().saturating_sub(before) < 16 * 1024);
    assert_lives(target.server.address()).await;
    lives
}

pub(super) fn nothings() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("ping", frame(PING, 0, 0, b"flooding")),
        ("settings", frame(SETTINGS, 0, 0, &[])),
        ("window update", frame(WINDOW_UPDATE, 0, 0, &[0, 0, 0, 1])),
        ("priority", frame(2, 0, 1, &[0, 0, 0, 3, 0])),
        ("unknown", frame(99, 0, 0, b"?")),
    ]
}

#[tokio::test]
async fn w12_floods_of_frames_without_content_end_the_connection() {
    for (name, one) in nothings() {
        assert!(!survives(|_| (), &one).await, "{name}");
    }
    let empty = frame(DATA, 0, 1, &[]);
    assert!(!survives(|_| (), &empty).await, "empty data");
    let padded = frame(DATA, 8, 1, &[2, 0, 0]);
    assert!(!survives(|_| (), &padded).await, "padded data");
}

#[tokio::test]
async fn w12_pair_without_the_limit_they_go_on() {
    for (name, one) in nothings() {
        assert!(survives(lift, &one).await, "{name}");
    }
}

#[tokio::test]
async fn w12_rustsec_2024_0332_continuations_without_end_end_the_connection() {
    for piece in [&[][..], &[0x82_u8; 1][..]] {
        let target = Target::new().await;
        let mut http2 = Http2::connect(target.server.address()).await;
        http2.send(&frame(HEADERS, 1, 1, &block("/ok/", &[]))).await;
        let before = peak_memory();
        flood(&mut http2, 5000, |_| frame(CONTINUATION, 0, 1, piece)).await;
        assert!(!http2.answers_a_ping().await);
        assert!(peak_memory().saturating_sub(before) < 16 * 1024);
        assert_lives(target.server.address()).await;
    }
}

#[tokio::test]
async fn w12_pair_a_few_continuations_are_a_request() {
    let target = Target::new().await;
    let mut http2 = Http2::connect(target.server.address()).await;
    http2.send(&frame(HEADERS, 1, 1, &block("/ok/", &[]))).await;
    http2.send(&frame(CONTINUATION, 0, 1, &[])).await;
    http2.send(&frame(CONTINUATION, 4, 1, &[])).await;
    assert_eq!(http2.status(1).await.as_deref(), Some("200"));
}

#[tokio::test]
async fn w12_a_small_block_that_unpacks_to_much_is_refused() {
    let target = Target::new().await;
    let before = peak_memory();
    for stream in (1..200).step_by(2) {
        let mut http2 = Http2::connect(target.server.address()).await;
        // One header of 4000 bytes, kept in the table, and then named 4000 times by one byte each.
        let mut bomb = block("/ok/", &[]);
        bomb.extend([0x40, 1, b'a', 127, 0xa1, 0x1e]);
        bomb.extend(vec![b'b'; 4000]);
        bomb.extend(vec![0xbe; 4000]);
        http2.send(&request(stream, &bomb)).await;
        let status = http2.status(stream).await;
        assert!(
            status.as_deref().is_none_or(|status| status == "431"),
            "{status:?}"
        );
    }
    assert!(peak_memory().saturating_sub(before) < 16 * 1024);
    assert_lives(target.server.address()).await;
}

#[tokio::test]
async fn streams_beyond_the_limit_are_refused_one_by_one() {
    let target = Target::with(|limits| limits.server_http2_max_streams = 3).await;
    let mut http2 = Http2::connect(target.server.address()).await;
    // The server's settings are known only after they were acknowledged.
    http2.send(&frame(SETTINGS, 1, 0, &[])).await;
    for number in 0..6 {
        http2.get(number * 2 + 1, "/slow/").await;
    }
    let (mut refused, mut answered) = (0, 0);
    while refused + answered < 6 {
        match http2.next().await {
            Some(frame) if frame.kind == RST_STREAM => refused += 1,
            Some(frame) if frame.kind == HEADERS => answered += 1,
            Some(_) => {}
            None => break,
        }
    }
    assert_eq!((refused, answered), (3, 3));
}
