//! A6 and A7 over real sockets: a whole site in its own settings.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use nuages::Settings;
use nuages::testing::LiveServer;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

use super::victim::{PASSWORD, Victim, log_in};

/// One request on a connection of its own, from an address of this machine.
async fn exchange(from: [u8; 4], to: SocketAddr, request: &str) -> String {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from((from, 0))).unwrap();
    let mut stream: TcpStream = socket.connect(to).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// A login from an address, with more headers: the whole answer.
async fn login(from: [u8; 4], to: SocketAddr, headers: &str, name: &str, word: &str) -> String {
    let page = format!("GET /form/ HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\n\r\n");
    let page = exchange(from, to, &page).await;
    let cookie = page.split_once("csrftoken=").unwrap().1;
    let cookie = cookie.split_once(';').unwrap().0;
    let body = format!("username={name}&password={word}");
    let length = body.len();
    let request = format!(
        "POST /accounts/login/ HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\n{headers}\
         Cookie: csrftoken={cookie}\r\nX-CSRFToken: {cookie}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    exchange(from, to, &request).await
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a6_ten_guesses_from_a_socket_then_429_whatever_the_headers_say() {
    let victim = Victim::protected().await;
    victim.site.create_user("alice", PASSWORD).await;
    let word = PASSWORD.replace(' ', "+");
    let attempt = async |live: &LiveServer| {
        let mut seen = Vec::new();
        for number in 0..15 {
            let headers = format!(
                "X-Forwarded-For: 192.0.2.{number}\r\nForwarded: for=192.0.2.{number}\r\nX-Real-IP: 192.0.2.{number}\r\n"
            );
            let answer = login([127, 0, 0, 1], live.address(), &headers, "alice", "wrong").await;
            seen.push(status(&answer).to_owned());
        }
        seen
    };
    let live = victim.site.live().await;
    let seen = attempt(&live).await;
    assert!(seen[..10].iter().all(|status| status == "200"), "{seen:?}");
    assert!(seen[10..].iter().all(|status| status == "429"), "{seen:?}");
    let answer = login([127, 0, 0, 1], live.address(), "", "alice", &word).await;
    assert_eq!(status(&answer), "429");
    assert!(
        answer.to_lowercase().contains("\r\nretry-after: "),
        "{answer}"
    );
    // The site stops and starts: its service is made anew on the same database.
    live.stop().await.unwrap();
    let service = victim.site.site().service(victim.site.db()).unwrap();
    let live = LiveServer::start(service).await.unwrap();
    let answer = login([127, 0, 0, 1], live.address(), "", "alice", &word).await;
    assert_eq!(status(&answer), "429");
    // The owner is at another address.
    let answer = login([127, 0, 0, 2], live.address(), "", "alice", &word).await;
    assert_eq!(status(&answer), "302");
}

#[tokio::test]
async fn a6_pair_with_the_limits_lifted_every_guess_is_looked_at() {
    let change = |settings: &mut Settings| {
        settings.set("login_failure_limit", 0).unwrap();
        settings.set("login_failure_limit_per_account", 0).unwrap();
    };
    let victim = Victim::with(change, &[]).await;
    victim.site.create_user("alice", PASSWORD).await;
    for _ in 0..30 {
        let answer = log_in(&mut victim.browser(), "alice", "wrong").await;
        assert_eq!(answer.status(), 200);
    }
    let answer = log_in(&mut victim.browser(), "alice", PASSWORD).await;
    assert_eq!(answer.status(), 302);
    // And `check --deploy` says that it is so.
    let checks = victim.site.site().checks(true);
    assert!(checks.iter().any(|check| check.id == "auth.W102"));
    let safe = Victim::protected().await.site.site().checks(true);
    assert!(safe.iter().all(|check| check.id != "auth.W102"));
}

#[tokio::test]
async fn a6_behind_a_proxy_of_ones_own_each_client_has_its_own_count() {
    let change = |settings: &mut Settings| settings.set("num_proxies", 1).unwrap();
    let victim = Victim::with(change, &[]).await;
    victim.site.create_user("alice", PASSWORD).await;
    let post = async |forwarded: String, word: &str| {
        let mut browser = victim.site.client();
        let fields = [("username", "alice"), ("password", word)];
        let request = browser.post("/accounts/login/").form(&fields);
        request.header("x-forwarded-for", forwarded).await.status()
    };
    for number in 0..20 {
        // What the client writes stands before what the proxy adds.
        let status = post(format!("10.1.1.{number}, 203.0.113.7"), "wrong").await;
        assert_eq!(status, if number < 10 { 200 } else { 429 });
    }
    assert_eq!(post("198.51.100.1".to_owned(), PASSWORD).await, 302);
}

/// How long the slowest but ten in a hundred take.
async fn p90(live: &LiveServer) -> Duration {
    let to = live.address();
    let request = format!("GET /whoami/ HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\n\r\n");
    let mut times = Vec::new();
    for _ in 0..100 {
        let start = Instant::now();
        let answer = exchange([127, 0, 0, 1], to, &request).await;
        times.push(start.elapsed());
        assert_eq!(status(&answer), "200");
    }
    times.sort_unstable();
    times[90]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a7_two_hundred_logins_at_full_cost_leave_other_requests_alone_and_overflow_with_503() {
    let change = |settings: &mut Settings| {
        let hashers = vec!["pbkdf2_sha256".to_owned()];
        settings.set("password_hashers", hashers).unwrap();
        settings.set("password_hashing_threads", 1).unwrap();
        settings.set("password_hashing_queue", 9).unwrap();
    };
    let victim = Victim::with(change, &[]).await;
    let live = victim.site.live().await;
    let idle = p90(&live).await;
    let to = live.address();
    let start = Instant::now();
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    for number in 0..200 {
        let tell = tell.clone();
        tokio::spawn(async move {
            let name = format!("user{number}");
            let answer = login([127, 0, 0, 1], to, "", &name, "wrong").await;
            tell.send(answer).unwrap();
        });
    }
    drop(tell);
    // Those that the queue has no room for are told so at once …
    let mut hashed = 0;
    let mut look = |answer: String| match status(&answer) {
        "200" => hashed += 1,
        "503" => assert!(answer.to_lowercase().contains("\r\nretry-after: 5")),
        other => panic!("{other}"),
    };
    for _ in 0..180 {
        look(told.recv().await.unwrap());
    }
    // … and the others wait, nobody for half a minute, while the site goes on.
    let busy = p90(&live).await;
    while let Some(answer) = told.recv().await {
        look(answer);
    }
    assert!(
        start.elapsed() < Duration::from_secs(30),
        "{:?}",
        start.elapsed()
    );
    assert!((10..100).contains(&hashed), "{hashed}");
    // A machine that does other things too has its bad moments.
    let limit = idle * 2 + Duration::from_millis(50);
    assert!(busy <= limit, "{idle:?} {busy:?}");
}
