//! R9: sessions on a Redis server that is down, slow, cut off, read-only or full.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nuages::testing::Client;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::session_engines::sid;
use super::victim::{PASSWORD, Victim, log_in};

/// How long a command may take on the test's site.
const TIMEOUT: Duration = Duration::from_millis(300);

/// What the line to the server does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    Good,
    /// Every answer comes five seconds late.
    Slow,
    /// Connections are cut in the middle of the next answer.
    Cut,
    /// Nothing is accepted, and what there was is closed.
    Down,
}

/// Passes bytes on to the Redis server of the tests, as told.
async fn line_to(address: &str) -> (String, watch::Sender<Line>) {
    let rest = address.trim_start_matches("redis://");
    let target = rest.split('/').next().unwrap_or_default().to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, told) = watch::channel(Line::Good);
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            if *told.borrow() == Line::Down {
                continue;
            }
            tokio::spawn(pass(client, target.clone(), told.clone()));
        }
    });
    (format!("redis://127.0.0.1:{port}/0"), tell)
}

async fn pass(client: TcpStream, target: String, mut told: watch::Receiver<Line>) {
    let Ok(server) = TcpStream::connect(target).await else {
        return;
    };
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let now = told.clone();
    let up = async move { tokio::io::copy(&mut from_client, &mut to_server).await.ok() };
    let down = async move {
        let mut buffer = [0; 4096];
        while let Ok(size @ 1..) = from_server.read(&mut buffer).await {
            let line = *now.borrow();
            let size = match line {
                Line::Slow => {
                    tokio::time::sleep(Duration::from_secs(5)).await;
                    size
                }
                Line::Cut => size / 2,
                Line::Good | Line::Down => size,
            };
            if to_client.write_all(&buffer[..size]).await.is_err() || line == Line::Cut {
                break;
            }
        }
    };
    tokio::select! {
        _ = up => {}
        () = down => {}
        _ = told.wait_for(|line| *line == Line::Down) => {}
    }
}

fn redis(test: &str) -> Option<String> {
    let address = std::env::var_os("NUAGES_TEST_REDIS").and_then(|text| text.into_string().ok());
    if address.is_none() {
        nuages_tests::skip(test, "no Redis server (NUAGES_TEST_REDIS is not set)");
    }
    address
}

async fn site(engine: &'static str, address: &str, lenient: bool) -> Victim {
    let caches = json!({"default": {
        "backend": "redis",
        "location": address,
        "key_prefix": format!("loss-{}", std::process::id()),
        "options": {"socket_timeout": TIMEOUT.as_secs_f64(), "ignore_exceptions": lenient},
    }});
    Victim::with(
        move |settings| {
            settings.set("session_engine", engine).unwrap();
            settings.set("caches", caches).unwrap();
        },
        &[],
    )
    .await
}

/// One request, and how long it took.
async fn timed(browser: &mut Client, path: &str) -> (u16, String, Duration) {
    let began = Instant::now();
    let answer = browser.get(path).await;
    (answer.status().as_u16(), answer.text(), began.elapsed())
}

#[tokio::test]
async fn r9_sessions_on_a_lost_server_fail_closed_and_come_back() {
    let Some(address) = redis("r9_sessions_on_a_lost_server") else {
        return;
    };
    for lenient in [false, true] {
        let (address, tell) = line_to(&address).await;
        let victim = site("cache", &address, lenient).await;
        victim.site.create_user("alice", PASSWORD).await;
        victim.site.create_user("bob", PASSWORD).await;
        let mut alice = victim.logged_in("alice").await;
        let mut bob = victim.logged_in("bob").await;
        let key = sid(&alice);
        for line in [Line::Down, Line::Slow, Line::Cut] {
            tell.send(line).unwrap();
            for round in 0..5 {
                let (status, text, took) = timed(&mut alice, "/whoami/").await;
                // Nobody or an error, never somebody else, and the visitor keeps the cookie.
                let closed = status >= 500 || text == "nobody";
                assert!(closed, "{line:?} {round}: {status} {text}");
                assert_eq!(sid(&alice), key, "{line:?}: the cookie stays");
                assert!(
                    took < TIMEOUT * 2 + Duration::from_millis(200),
                    "{line:?}: {took:?}"
                );
                let (status, _, _) = timed(&mut bob, "/remember/word/").await;
                assert!(
                    status >= 500,
                    "{line:?}: what cannot be kept is not promised: {status}"
                );
            }
            // A visitor without a session needs no server.
            assert_eq!(
                timed(&mut victim.browser(), "/form/").await.0,
                200,
                "{line:?}"
            );
            tell.send(Line::Good).unwrap();
            let began = Instant::now();
            loop {
                let (_, text, _) = timed(&mut alice, "/whoami/").await;
                if text == "alice" {
                    break;
                }
                assert!(began.elapsed() < Duration::from_secs(5), "{line:?}: {text}");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            assert_eq!(timed(&mut bob, "/whoami/").await.1, "bob", "{line:?}");
        }
    }
}

#[tokio::test]
async fn r9_sessions_with_rows_live_on_without_their_copies() {
    let Some(address) = redis("r9_sessions_with_rows") else {
        return;
    };
    let (address, tell) = line_to(&address).await;
    let victim = site("cached_db", &address, false).await;
    victim.site.create_user("alice", PASSWORD).await;
    let mut alice = victim.logged_in("alice").await;
    tell.send(Line::Down).unwrap();
    assert_eq!(alice.get("/whoami/").await.text(), "alice");
    assert_eq!(alice.get("/remember/word/").await.text(), "word");
    tell.send(Line::Good).unwrap();
    assert_eq!(alice.get("/whoami/").await.text(), "alice");
}

/// A Redis server of this test alone; ended with it.
struct Server(Child, u16);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Server {
    /// Where there is a `redis-server` to start.
    async fn start(test: &str, more: &[&str]) -> Option<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let port_text = port.to_string();
        let folder = env!("CARGO_TARGET_TMPDIR");
        let usual = [
            "--port",
            &port_text,
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--dir",
            folder,
        ];
        let child = Command::new("redis-server")
            .args(usual.iter().chain(more))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let Ok(child) = child else {
            nuages_tests::skip(test, "no redis-server on this machine");
            return None;
        };
        let server = Self(child, port);
        for _ in 0..200 {
            if server.ask("PING\r\n").await.is_some() {
                return Some(server);
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("the Redis server does not start");
    }

    /// One command by hand.
    async fn ask(&self, command: &str) -> Option<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.1)).await.ok()?;
        stream.write_all(command.as_bytes()).await.ok()?;
        let mut buffer = [0; 1024];
        let size = stream.read(&mut buffer).await.ok()?;
        Some(String::from_utf8_lossy(&buffer[..size]).into_owned())
    }
}

/// The site on this server, which is spoilt and mended by these commands.
async fn spoilt(server: &Server, spoil: &str, mend: &str) {
    let victim = site("cache", &format!("redis://127.0.0.1:{}/0", server.1), false).await;
    victim.site.create_user("alice", PASSWORD).await;
    let mut alice = victim.logged_in("alice").await;
    assert_eq!(server.ask(spoil).await.as_deref(), Some("+OK\r\n"));
    // What is there is read; what cannot be written is a 503 without a cookie, and no login.
    assert_eq!(alice.get("/whoami/").await.text(), "alice");
    let answer = alice.get("/remember/word/").await;
    assert!(answer.status().is_server_error(), "{}", answer.status());
    let mut bob = victim.browser();
    let answer = log_in(&mut bob, "alice", PASSWORD).await;
    assert!(answer.status().is_server_error(), "{}", answer.status());
    assert_eq!(sid(&bob), "");
    assert_eq!(bob.get("/whoami/").await.text(), "nobody");
    // Mended, without a restart.
    assert_eq!(server.ask(mend).await.as_deref(), Some("+OK\r\n"));
    let began = Instant::now();
    while !alice.get("/remember/word/").await.status().is_success() {
        assert!(began.elapsed() < Duration::from_secs(5));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(alice.get("/recall/").await.text(), "word");
}

#[tokio::test]
async fn r9_a_server_that_became_a_replica_takes_no_session() {
    let Some(server) = Server::start("r9_replica", &[]).await else {
        return;
    };
    // Port 1 answers nobody: the server stays a replica without a master, and says READONLY.
    spoilt(&server, "REPLICAOF 127.0.0.1 1\r\n", "REPLICAOF NO ONE\r\n").await;
}

#[tokio::test]
async fn r9_a_full_server_takes_no_session() {
    let Some(server) = Server::start("r9_full", &["--maxmemory-policy", "noeviction"]).await else {
        return;
    };
    let (spoil, mend) = ("CONFIG SET maxmemory 1\r\n", "CONFIG SET maxmemory 0\r\n");
    spoilt(&server, spoil, mend).await;
}
