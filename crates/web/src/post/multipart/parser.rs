//! The parser: bytes in, parts and their content out. It waits for nobody and writes nothing.

use bytes::{Bytes, BytesMut};
use memchr::memmem;

use crate::accept::HeaderParams;

/// The headers of a part must end within so many bytes.
const MAX_HEADER_BYTES: usize = 1024;

/// What the parser has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Event {
    /// A part begins, and the one before is complete.
    Part(Part),
    /// Some of the content of the current part.
    Content(Bytes),
}

/// The head of a part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Part {
    /// `Content-Disposition`; without it the part is neither a field nor a file.
    pub(super) disposition: Option<HeaderParams>,
    pub(super) content_type: Option<HeaderParams>,
    pub(super) transfer_encoding: Option<String>,
}

impl Part {
    /// The name of the field, if it has one.
    pub(super) fn name(&self) -> Option<&str> {
        Some(self.disposition.as_ref()?.get("name")?.trim())
    }

    /// The name of the file; a part with one is a file.
    pub(super) fn file_name(&self) -> Option<&str> {
        self.disposition
            .as_ref()?
            .get("filename")
            .filter(|name| !name.is_empty())
    }
}

/// Headers that never end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct HeaderTooLong;

/// As lenient as Django's: the boundary is found anywhere, and broken parts are parts without a name.
#[derive(Debug)]
pub(super) struct MultipartParser {
    delimiter: Vec<u8>,
    buffer: BytesMut,
    state: State,
    has_ended: bool,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    Head,
    Content,
    Done,
}

impl MultipartParser {
    pub(super) fn new(boundary: &str) -> Self {
        Self {
            delimiter: format!("--{boundary}").into_bytes(),
            buffer: BytesMut::new(),
            state: State::Head,
            has_ended: false,
        }
    }

    /// More of the body.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The body has ended.
    pub(super) fn end(&mut self) {
        self.has_ended = true;
    }

    /// True when all events have been given out.
    pub(super) fn is_done(&self) -> bool {
        self.state == State::Done
    }

    /// The next event; `None` until more of the body is there.
    pub(super) fn next(&mut self) -> Result<Option<Event>, HeaderTooLong> {
        loop {
            match self.state {
                State::Done => return Ok(None),
                State::Head => return self.head(),
                State::Content => {
                    let content = self.content();
                    match content {
                        Some(content) if content.is_empty() => {}
                        Some(content) => return Ok(Some(Event::Content(content))),
                        None => return Ok(None),
                    }
                }
            }
        }
    }

    fn head(&mut self) -> Result<Option<Event>, HeaderTooLong> {
        if self.buffer.is_empty() {
            if self.has_ended {
                self.state = State::Done;
            }
            return Ok(None);
        }
        // A delimiter may begin in the first bytes and end after them, with a line end before it.
        let window = MAX_HEADER_BYTES + self.delimiter.len() + 2;
        let seen = &self.buffer[..self.buffer.len().min(window)];
        let end = match memmem::find(seen, &self.delimiter) {
            Some(at) => without_line_end(seen, at),
            None if self.has_ended || seen.len() == window => seen.len(),
            None => return Ok(None),
        };
        let head = &seen[..end.min(MAX_HEADER_BYTES)];
        let part = match memmem::find(head, b"\r\n\r\n") {
            Some(header_end) => {
                let part = parse_headers(&head[..header_end]);
                let _ = self.buffer.split_to(header_end + 4);
                part
            }
            None if head.len() < MAX_HEADER_BYTES => Part::default(),
            None => return Err(HeaderTooLong),
        };
        self.state = State::Content;
        Ok(Some(Event::Part(part)))
    }

    /// Content up to the next delimiter, or as much as cannot be the beginning of one.
    fn content(&mut self) -> Option<Bytes> {
        if let Some(at) = memmem::find(&self.buffer, &self.delimiter) {
            let end = without_line_end(&self.buffer, at);
            let mut content = self.buffer.split_to(at + self.delimiter.len());
            content.truncate(end);
            self.state = State::Head;
            return Some(content.freeze());
        }
        if self.has_ended {
            self.state = State::Done;
            return Some(self.buffer.split().freeze());
        }
        let keep = self.delimiter.len() + 1;
        let sure = self
            .buffer
            .len()
            .checked_sub(keep)
            .filter(|sure| *sure > 0)?;
        Some(self.buffer.split_to(sure).freeze())
    }
}

/// The line end before a delimiter belongs to it.
fn without_line_end(bytes: &[u8], end: usize) -> usize {
    let bytes = &bytes[..end];
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    bytes.strip_suffix(b"\r").unwrap_or(bytes).len()
}

fn parse_headers(head: &[u8]) -> Part {
    let mut part = Part::default();
    let mut rest = head;
    loop {
        let end = memmem::find(rest, b"\r\n");
        let line = &rest[..end.unwrap_or(rest.len())];
        if let Some((name, value)) = std::str::from_utf8(line)
            .ok()
            .and_then(|line| line.split_once(':'))
        {
            let name = name.to_lowercase();
            if let Some(value) = HeaderParams::parse(value.trim_start_matches(' ')) {
                match name.trim_end_matches(' ') {
                    "content-disposition" => part.disposition = Some(value),
                    "content-type" => part.content_type = Some(value),
                    "content-transfer-encoding" => {
                        part.transfer_encoding = Some(value.value.trim().to_owned());
                    }
                    _ => {}
                }
            }
        }
        match end {
            Some(end) => rest = &rest[end + 2..],
            None => return part,
        }
    }
}
