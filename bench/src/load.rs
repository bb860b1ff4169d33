//! Load: keep-alive connections that each ask again as soon as the answer is there.

use std::io;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// An answer, as far as a check needs it.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The head, in lower case.
    pub head: String,
    /// The body.
    pub body: Vec<u8>,
}

/// One connection, which stays open.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// The text of a GET, with or without a session.
pub fn get(path: &str, session: Option<&str>) -> String {
    let cookie = session.map_or_else(String::new, |key| format!("Cookie: sessionid={key}\r\n"));
    format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{cookie}\r\n")
}

/// Asks once.
///
/// # Errors
///
/// When the server does not answer in HTTP.
pub async fn ask(port: u16, request: &str) -> io::Result<Answer> {
    let mut connection = Connection::open(port).await?;
    connection.exchange(request.as_bytes()).await
}

/// Asks on `connections` connections for this long; returns the number of answers, all with status 200.
///
/// # Errors
///
/// When an answer has another status, or none comes.
pub async fn run(port: u16, request: &str, connections: usize, time: Duration) -> io::Result<u64> {
    let end = Instant::now() + time;
    let mut tasks = Vec::new();
    for _ in 0..connections {
        let request = request.as_bytes().to_vec();
        tasks.push(tokio::spawn(async move {
            let mut connection = Connection::open(port).await?;
            let mut answers = 0_u64;
            while Instant::now() < end {
                let status = connection.exchange_status(&request).await?;
                if status != 200 {
                    return Err(io::Error::other(format!("status {status} under load")));
                }
                answers += 1;
            }
            Ok(answers)
        }));
    }
    let mut total = 0;
    for task in tasks {
        total += task.await.map_err(io::Error::other)??;
    }
    Ok(total)
}

impl Connection {
    /// Opens one to a server on this machine.
    ///
    /// # Errors
    ///
    /// When nobody listens.
    pub async fn open(port: u16) -> io::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(4096),
        })
    }

    /// Sends a request, and waits for the whole answer.
    ///
    /// # Errors
    ///
    /// When the server does not answer in HTTP.
    pub async fn exchange(&mut self, request: &[u8]) -> io::Result<Answer> {
        let (status, head) = self.send(request).await?;
        Ok(Answer {
            status,
            head: String::from_utf8_lossy(&self.buffer[..head]).to_lowercase(),
            body: self.buffer[head..].to_vec(),
        })
    }

    async fn exchange_status(&mut self, request: &[u8]) -> io::Result<u16> {
        Ok(self.send(request).await?.0)
    }

    /// Sends, and reads the whole answer into the buffer; returns the status and where the body begins.
    async fn send(&mut self, request: &[u8]) -> io::Result<(u16, usize)> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head = loop {
            if let Some(at) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
            self.read().await?;
        };
        let (status, length) = parse(&self.buffer[..head])
            .ok_or_else(|| io::Error::other("the answer has no status or no length"))?;
        while self.buffer.len() < head + length {
            self.read().await?;
        }
        Ok((status, head))
    }

    async fn read(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::Error::other("the server closed the connection")),
            _ => Ok(()),
        }
    }
}

/// Status and Content-Length of a head; no length means no body.
fn parse(head: &[u8]) -> Option<(u16, usize)> {
    let head = std::str::from_utf8(head).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let length = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length = match length {
        Some((_, value)) => value.trim().parse().ok()?,
        None => 0,
    };
    Some((status, length))
}

#[cfg(test)]
mod tests {
    use super::{get, parse};

    #[test]
    fn heads_are_read() {
        let head = b"HTTP/1.1 302 Found\r\nContent-length: 17\r\nlocation: /\r\n\r\n";
        assert_eq!(parse(head), Some((302, 17)));
        assert_eq!(parse(b"HTTP/1.1 204 No Content\r\n\r\n"), Some((204, 0)));
        assert_eq!(parse(b"nonsense"), None);
    }

    #[test]
    fn a_session_is_a_cookie() {
        assert!(get("/", Some("k")).contains("\r\nCookie: sessionid=k\r\n\r\n"));
        assert!(!get("/", None).contains("Cookie"));
    }
}
