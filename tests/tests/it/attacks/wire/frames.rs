//! A client of HTTP/2 that writes its frames by hand.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::time::timeout;

use super::raw::Raw;

pub(crate) const DATA: u8 = 0;
pub(crate) const HEADERS: u8 = 1;
pub(crate) const RST_STREAM: u8 = 3;
pub(crate) const SETTINGS: u8 = 4;
pub(crate) const PING: u8 = 6;
pub(crate) const GOAWAY: u8 = 7;
pub(crate) const WINDOW_UPDATE: u8 = 8;
pub(crate) const CONTINUATION: u8 = 9;

const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const ACK: u8 = 1;
/// Frames hold no more.
const MAX_FRAME: usize = 16 * 1024;

/// SETTINGS_INITIAL_WINDOW_SIZE = 0: nothing of a body may be sent.
pub(crate) const WINDOW_TO_ZERO: [u8; 6] = [0, 4, 0, 0, 0, 0];

/// One frame.
pub(crate) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = vec![length[1], length[2], length[3], kind, flags];
    frame.extend(stream.to_be_bytes());
    frame.extend_from_slice(payload);
    frame
}

/// A header as a literal that no table keeps.
fn literal(name: &str, value: &str) -> Vec<u8> {
    let mut out = vec![0];
    for text in [name, value] {
        integer(&mut out, text.len());
        out.extend_from_slice(text.as_bytes());
    }
    out
}

/// An integer of HPACK in seven bits.
fn integer(out: &mut Vec<u8>, mut number: usize) {
    if number < 127 {
        out.push(u8::try_from(number).unwrap());
        return;
    }
    out.push(127);
    number -= 127;
    while number >= 128 {
        out.push(u8::try_from(number % 128 + 128).unwrap());
        number /= 128;
    }
    out.push(u8::try_from(number).unwrap());
}

/// The header block of a GET.
pub(crate) fn block(path: &str, headers: &[(&str, &str)]) -> Vec<u8> {
    let mut block = vec![0x82, 0x86];
    block.extend(literal(":path", path));
    block.extend(literal(":authority", "localhost"));
    for (name, value) in headers {
        block.extend(literal(name, value));
    }
    block
}

/// A GET, in as many frames as it needs.
pub(crate) fn request(stream: u32, block: &[u8]) -> Vec<u8> {
    let pieces: Vec<&[u8]> = block.chunks(MAX_FRAME).collect();
    let mut out = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        let last = if index + 1 == pieces.len() {
            END_HEADERS
        } else {
            0
        };
        let (kind, flags) = match index {
            0 => (HEADERS, last | END_STREAM),
            _ => (CONTINUATION, last),
        };
        out.extend(frame(kind, flags, stream, piece));
    }
    out
}

/// A frame that came back.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) kind: u8,
    pub(crate) flags: u8,
    pub(crate) stream: u32,
    pub(crate) payload: Vec<u8>,
}

/// A connection.
pub(crate) struct Http2 {
    pub(crate) raw: Raw,
    read: Vec<u8>,
}

impl Http2 {
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        Self::connect_with(address, &[]).await
    }

    pub(crate) async fn connect_with(address: SocketAddr, settings: &[u8]) -> Self {
        let mut raw = Raw::connect(address).await;
        let mut hello = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
        hello.extend(frame(SETTINGS, 0, 0, settings));
        raw.send(hello).await;
        Self {
            raw,
            read: Vec::new(),
        }
    }

    pub(crate) async fn send(&mut self, frames: &[u8]) -> bool {
        self.raw.send(frames).await
    }

    pub(crate) async fn get(&mut self, stream: u32, path: &str) {
        self.get_with(stream, path, &[]).await;
    }

    pub(crate) async fn get_with(&mut self, stream: u32, path: &str, headers: &[(&str, &str)]) {
        let request = request(stream, &block(path, headers));
        self.send(&request).await;
    }

    pub(crate) async fn ping(&mut self) -> bool {
        self.send(&frame(PING, 0, 0, b"are you?")).await
    }

    /// The next frame; `None` when the server has closed, or nothing came for long.
    pub(crate) async fn next(&mut self) -> Option<Frame> {
        self.next_within(Duration::from_secs(10)).await
    }

    pub(crate) async fn next_within(&mut self, time: Duration) -> Option<Frame> {
        loop {
            if let Some(frame) = self.parse() {
                return Some(frame);
            }
            let mut piece = vec![0; 16 * 1024];
            let read = timeout(time, self.raw.0.read(&mut piece)).await.ok()?;
            let count = read.ok().filter(|count| *count > 0)?;
            self.read.extend_from_slice(&piece[..count]);
        }
    }

    fn parse(&mut self) -> Option<Frame> {
        let head = self.read.get(..9)?;
        let length = usize::from(head[0]) << 16 | usize::from(head[1]) << 8 | usize::from(head[2]);
        let frame = Frame {
            kind: head[3],
            flags: head[4],
            stream: u32::from_be_bytes(head[5..9].try_into().unwrap()),
            payload: self.read.get(9..9 + length)?.to_vec(),
        };
        self.read.drain(..9 + length);
        Some(frame)
    }

    /// The status of the response on a stream, which is the first header of its block.
    pub(crate) async fn status(&mut self, stream: u32) -> Option<String> {
        loop {
            let frame = self.next().await?;
            if frame.kind == HEADERS && frame.stream == stream {
                return Some(self.status_of(&frame));
            }
        }
    }

    /// The status of a response by its first frame of headers.
    #[expect(clippy::unused_self, reason = "reads as a question to the connection")]
    pub(crate) fn status_of(&self, frame: &Frame) -> String {
        match frame.payload[0] {
            0x88 => "200".to_owned(),
            0x8c => "400".to_owned(),
            0x8d => "404".to_owned(),
            0x8e => "500".to_owned(),
            // A literal; three digits in Huffman's code take two bytes.
            _ => digits(&frame.payload),
        }
    }

    /// Whether a ping is still answered.
    pub(crate) async fn answers_a_ping(&mut self) -> bool {
        if !self.ping().await {
            return false;
        }
        while let Some(frame) = self.next().await {
            match frame.kind {
                PING if frame.flags & ACK != 0 && frame.payload == b"are you?" => return true,
                GOAWAY => return false,
                _ => {}
            }
        }
        false
    }

    /// Whether the server says goodbye or hangs up within this time.
    pub(crate) async fn closes_within(&mut self, time: Duration) -> bool {
        let closing = async {
            while let Some(frame) = self.next_within(time * 2).await {
                if frame.kind == GOAWAY {
                    return;
                }
            }
        };
        timeout(time, closing).await.is_ok()
    }
}

/// The digits of a `:status` literal: five bits for 0, 1 and 2, six for the others.
fn digits(payload: &[u8]) -> String {
    let length = usize::from(payload[1] & 0x7f);
    let value = &payload[2..2 + length];
    if payload[1] & 0x80 == 0 {
        return String::from_utf8_lossy(value).into_owned();
    }
    let bits: Vec<u8> = value
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1))
        .collect();
    let number = |bits: &[u8]| bits.iter().fold(0, |sum, bit| sum * 2 + bit);
    let mut at = 0;
    let mut text = String::new();
    while text.len() < 3 && at + 5 <= bits.len() {
        let five = number(&bits[at..at + 5]);
        if five <= 2 {
            text.push(char::from(b'0' + five));
            at += 5;
        } else {
            let six = number(&bits[at..(at + 6).min(bits.len())]);
            text.push(char::from(b'3' + six.saturating_sub(0x19)));
            at += 6;
        }
    }
    text
}
