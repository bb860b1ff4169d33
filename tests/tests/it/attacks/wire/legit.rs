//! LEGIT: an honest client, asked how long it waits while others attack.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

const ASK: &[u8] = b"GET /ok/ HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// What the catalogue allows beside twice the time of an idle server; the second term is for machines that
/// build something else meanwhile.
const ALLOWED: Duration = Duration::from_millis(10 + 90);

/// A client that asks again and again in a thread of its own, until it is stopped.
pub(super) struct Honest {
    idle: Duration,
    is_over: Arc<AtomicBool>,
    asking: JoinHandle<Vec<Duration>>,
}

/// The time that one of a hundred answers takes longer than.
fn p99(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times
        .get(times.len() * 99 / 100)
        .copied()
        .unwrap_or_default()
}

async fn ask(stream: &mut TcpStream) -> Duration {
    let began = Instant::now();
    stream.write_all(ASK).await.unwrap();
    let mut answer = vec![0; 4096];
    let count = stream.read(&mut answer).await.unwrap();
    assert!(answer[..count].starts_with(b"HTTP/1.1 200"));
    began.elapsed()
}

impl Honest {
    /// Measures the idle server, and goes on asking.
    pub(super) async fn begin(address: SocketAddr) -> Self {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let mut idle = Vec::new();
        for _ in 0..200 {
            idle.push(ask(&mut stream).await);
        }
        let is_over = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&is_over);
        let asking = tokio::spawn(async move {
            let mut times = Vec::new();
            while !stop.load(Ordering::Relaxed) {
                times.push(ask(&mut stream).await);
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            times
        });
        Self {
            idle: p99(idle),
            is_over,
            asking,
        }
    }

    /// Fails unless the answers came in time.
    pub(super) async fn assert_served(self) {
        self.is_over.store(true, Ordering::Relaxed);
        let times = self.asking.await.unwrap();
        let (count, worst) = (times.len(), p99(times));
        assert!(count > 0);
        assert!(
            worst <= self.idle * 2 + ALLOWED,
            "{worst:?} of {count} while attacked, {:?} before",
            self.idle
        );
    }
}
