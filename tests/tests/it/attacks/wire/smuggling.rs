//! W1 to W6: a second request hidden in the first.

use std::time::Duration;

use super::frames::{DATA, Http2};
use super::raw::{Raw, assert_lives, exchange};
use super::target::Target;

/// What an attacker wants to be executed as a request of its own.
const HIDDEN: &str = "GET /admin/ HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// A request whose head ends with `headers`, with the hidden one in or after its body.
fn post(headers: &str, body: &str) -> String {
    format!("POST /ok/ HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n\r\n{body}")
}

/// Refused with 400, the connection closed, and nothing hidden executed.
async fn assert_refused(name: &str, request: String) {
    let target = Target::new().await;
    let answer = exchange(target.server.address(), &request).await;
    assert_eq!(answer.statuses(), [400], "{name}: {}", answer.text);
    assert!(answer.closed, "{name}");
    assert_eq!(target.admin(), 0, "{name}");
    assert_lives(target.server.address()).await;
}

#[tokio::test]
async fn w1_a_length_beside_chunks_closes_the_connection_after_one_answer() {
    let chunked = "Transfer-Encoding: chunked";
    let body = format!("0\r\n\r\n{HIDDEN}");
    let length = format!("Content-Length: {}", body.len());
    for headers in [
        format!("{length}\r\n{chunked}"),
        format!("{chunked}\r\n{length}"),
        format!("{chunked}\r\nContent-Length: 3"),
    ] {
        let target = Target::new().await;
        let answer = exchange(target.server.address(), post(&headers, &body)).await;
        // RFC 9112 6.1: the chunks count, and the connection must be closed.
        assert_eq!(answer.statuses().len(), 1, "{headers}: {}", answer.text);
        assert!(answer.closed, "{headers}");
        assert_eq!(target.admin(), 0, "{headers}");
    }
}

#[tokio::test]
async fn w1_pair_two_honest_requests_in_one_packet_are_both_answered() {
    let target = Target::new().await;
    let honest = post("Content-Length: 2", "ab");
    let answer = exchange(target.server.address(), format!("{honest}{HIDDEN}")).await;
    assert_eq!(answer.statuses(), [200, 200], "{}", answer.text);
    assert_eq!(target.admin(), 1);
}

#[tokio::test]
async fn w2_two_lengths_are_refused() {
    for headers in [
        "Content-Length: 0\r\nContent-Length: 44",
        "Content-Length: 44\r\nContent-Length: 0",
    ] {
        assert_refused(headers, post(headers, HIDDEN)).await;
    }
}

#[tokio::test]
async fn w3_cve_2021_32715_lengths_that_are_no_plain_number_are_refused() {
    for length in [
        "+5",
        "0x5",
        "5, 6",
        "-1",
        "5 5",
        "5_0",
        "",
        "99999999999999999999",
        "5.0",
    ] {
        let headers = format!("Content-Length: {length}");
        assert_refused(&headers, post(&headers, HIDDEN)).await;
    }
}

#[tokio::test]
async fn w4_cve_2021_21299_codings_that_others_may_read_as_chunked_are_refused() {
    for headers in [
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding : chunked",
        " Transfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding:\x0bchunked",
        "Transfer-Encoding\r\n: chunked",
    ] {
        let body = format!("0\r\n\r\n{HIDDEN}");
        assert_refused(headers, post(headers, &body)).await;
    }
    let old = post("Transfer-Encoding: chunked", "0\r\n\r\n").replace("HTTP/1.1", "HTTP/1.0");
    assert_refused("HTTP/1.0 with chunks", old).await;
}

#[tokio::test]
async fn w5_cve_2021_32714_broken_chunks_end_the_connection() {
    for body in [
        "fffffffffffffffff\r\n",
        "5;ext\nhello\r\n0\r\n\r\n",
        "5\nhello\n0\n\n",
        "-5\r\nhello\r\n0\r\n\r\n",
        "0x5\r\nhello\r\n0\r\n\r\n",
        "5\r\nhelloX\r\n0\r\n\r\n",
    ] {
        let target = Target::new().await;
        let request = post(
            "Transfer-Encoding: chunked\r\nContent-Type: application/x-www-form-urlencoded",
            &format!("{body}{HIDDEN}"),
        )
        .replace("/ok/", "/form/");
        let answer = exchange(target.server.address(), request).await;
        assert!(answer.closed, "{body:?}: {}", answer.text);
        assert!(answer.statuses().len() <= 1, "{body:?}: {}", answer.text);
        assert_eq!(target.admin(), 0, "{body:?}");
        assert_lives(target.server.address()).await;
    }
}

#[tokio::test]
async fn w5_cve_2020_35863_the_body_of_a_get_is_a_body() {
    let target = Target::new().await;
    let request = format!(
        "GET /ok/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{HIDDEN}",
        HIDDEN.len()
    );
    let answer = exchange(target.server.address(), request).await;
    assert_eq!(answer.statuses(), [200], "{}", answer.text);
    assert_eq!(target.admin(), 0);
}

#[tokio::test]
async fn w5_cve_2020_26281_a_body_that_the_view_ignores_is_never_the_next_request() {
    let target = Target::new().await;
    let mut raw = Raw::connect(target.server.address()).await;
    raw.send(post("Content-Length: 10000000", "")).await;
    // Ten megabytes of hidden requests.
    let many = HIDDEN.repeat(10_000_000 / HIDDEN.len() + 1);
    raw.send(&many.as_bytes()[..10_000_000]).await;
    raw.send(HIDDEN).await;
    let answer = raw.read_all().await;
    assert_eq!(answer.statuses().first(), Some(&200), "{}", answer.text);
    assert_eq!(target.admin(), answer.statuses().len() - 1);
    assert!(target.admin() <= 1, "only what came after the body may run");
}

#[tokio::test]
async fn w6_cve_2026_2833_bytes_after_a_wish_to_upgrade_are_no_request() {
    let target = Target::new().await;
    let wish =
        "GET /ok/ HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    let answer = exchange(target.server.address(), format!("{wish}{HIDDEN}")).await;
    assert_eq!(answer.statuses(), [200], "{}", answer.text);
    assert!(answer.closed);
    assert_eq!(target.admin(), 0);
}

#[tokio::test]
async fn w6_pair_without_the_wish_they_are_one() {
    let target = Target::new().await;
    let plain = "GET /ok/ HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let answer = exchange(target.server.address(), format!("{plain}{HIDDEN}")).await;
    assert_eq!(answer.statuses(), [200, 200], "{}", answer.text);
    assert_eq!(target.admin(), 1);
}

/// A form that is announced and never sent.
const NEVER_SENT: &str =
    "Expect: 100-continue\r\nContent-Length: 10\r\nContent-Type: application/x-www-form-urlencoded";

#[tokio::test]
async fn w6_a_body_that_is_announced_and_never_sent_times_out() {
    let target = Target::with(|limits| limits.server_body_timeout = 0.3).await;
    let mut raw = Raw::connect(target.server.address()).await;
    raw.send(post(NEVER_SENT, "").replace("/ok/", "/form/"))
        .await;
    let answer = raw.read_all().await;
    assert!(answer.closed);
    assert_eq!(answer.statuses(), [100, 408], "{}", answer.text);
}

#[tokio::test]
async fn w6_pair_without_the_limit_it_is_waited_for() {
    let target = Target::with(|limits| limits.server_body_timeout = 0.0).await;
    let mut raw = Raw::connect(target.server.address()).await;
    raw.send(post(NEVER_SENT, "").replace("/ok/", "/form/"))
        .await;
    let answer = raw.read_for(Duration::from_secs(1)).await;
    assert!(!answer.closed);
    assert_eq!(answer.statuses(), [100], "{}", answer.text);
}

#[tokio::test]
async fn cve_2026_3902_an_underscore_is_no_hyphen_in_http2_either() {
    let target = Target::new().await;
    let ask = async |headers: &[(&str, &str)]| {
        let mut http2 = Http2::connect(target.server.address()).await;
        http2.get_with(1, "/user/", headers).await;
        let mut text = Vec::new();
        while let Some(frame) = http2.next().await {
            if frame.kind == DATA && frame.stream == 1 {
                text.extend(frame.payload);
                break;
            }
        }
        String::from_utf8(text).unwrap()
    };
    let forged = [("remote_user", "admin"), ("x_forwarded_proto", "https")];
    assert_eq!(ask(&forged).await, "nobody");
    let both = [("remote_user", "admin"), ("remote-user", "alice")];
    assert_eq!(ask(&both).await, "alice", "the pair");
}

#[tokio::test]
async fn cve_2015_0219_headers_with_an_underscore_are_dropped() {
    let target = Target::new().await;
    let ask = async |headers: &str| {
        let request = format!(
            "GET /user/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n\r\n"
        );
        exchange(target.server.address(), request).await.text
    };
    let forged = ask("Remote_User: admin\r\nX_Forwarded_Proto: https").await;
    assert!(forged.ends_with("nobody"), "{forged}");
    let both = ask("Remote_User: admin\r\nRemote-User: alice").await;
    assert!(both.ends_with("alice"), "{both}");
}
