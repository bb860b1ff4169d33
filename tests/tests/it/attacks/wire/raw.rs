//! A client that sends whatever bytes it likes, and reads what comes back.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long an answer may take that is expected to come.
const PATIENCE: Duration = Duration::from_secs(10);

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) text: String,
    /// The server closed the connection.
    pub(crate) closed: bool,
}

impl Answer {
    /// The statuses of all responses.
    pub(crate) fn statuses(&self) -> Vec<u16> {
        let heads = self.text.split("HTTP/1.1 ").skip(1);
        heads
            .filter_map(|head| head.get(..3)?.parse().ok())
            .collect()
    }
}

/// A connection.
pub(crate) struct Raw(pub(crate) TcpStream);

impl Raw {
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self(stream)
    }

    /// Sends; a server that has hung up is no error here.
    pub(crate) async fn send(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        let sent = timeout(PATIENCE, self.0.write_all(bytes.as_ref())).await;
        matches!(sent, Ok(Ok(())))
    }

    /// Reads until the server closes, or nothing comes for `quiet`.
    pub(crate) async fn read_for(&mut self, quiet: Duration) -> Answer {
        let mut bytes = Vec::new();
        let mut piece = vec![0; 16 * 1024];
        let closed = loop {
            match timeout(quiet, self.0.read(&mut piece)).await {
                Ok(Ok(0) | Err(_)) => break true,
                Ok(Ok(count)) => bytes.extend_from_slice(&piece[..count]),
                Err(_) => break false,
            }
        };
        Answer {
            text: String::from_utf8_lossy(&bytes).into_owned(),
            closed,
        }
    }

    /// Reads until the server closes.
    pub(crate) async fn read_all(&mut self) -> Answer {
        self.read_for(PATIENCE).await
    }

    /// Whether the server closes within this time, whatever it sends before.
    pub(crate) async fn closes_within(&mut self, time: Duration) -> bool {
        let mut piece = vec![0; 64 * 1024];
        let closing =
            async { while matches!(self.0.read(&mut piece).await, Ok(count) if count > 0) {} };
        timeout(time, closing).await.is_ok()
    }
}

/// Sends these bytes on a new connection, and reads until the server is quiet.
pub(crate) async fn exchange(address: SocketAddr, bytes: impl AsRef<[u8]>) -> Answer {
    let mut raw = Raw::connect(address).await;
    raw.send(bytes).await;
    raw.read_for(Duration::from_millis(300)).await
}

/// The site still answers others, and soon.
pub(crate) async fn assert_lives(address: SocketAddr) {
    let began = std::time::Instant::now();
    let mut raw = Raw::connect(address).await;
    raw.send("GET /ok/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .await;
    let answer = raw.read_all().await;
    assert_eq!(answer.statuses(), [200], "{}", answer.text);
    assert!(began.elapsed() < Duration::from_secs(2));
}

/// The most memory that this process has had, in KiB; 0 where the system does not tell.
pub(crate) fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}
