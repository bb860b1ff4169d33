//! Files as responses.

use std::io;
use std::path::Path;
use std::time::UNIX_EPOCH;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use futures_util::stream;
use http::header::{
    ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG,
    LAST_MODIFIED, RANGE, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use jiff::Timestamp;
use nuages_security::date::http_date;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};

use super::disposition::content_disposition;
use super::mime::guess_content_type;
use super::range::{Wanted, parse};
use crate::conditional::{Precondition, Validators, allows_range, verify};
use crate::storage::StoredFile;

/// How much of a file is in memory at a time.
const PIECE: usize = 64 * 1024;

/// A file as a response, read while it is sent.
///
/// ```
/// use nuages_web::{FileResponse, Result};
///
/// async fn report() -> Result<FileResponse> {
///     Ok(FileResponse::open("reports/2026.pdf").await?.attachment("report.pdf"))
/// }
/// ```
///
/// # Security
/// The path is the site's, never the visitor's. Files that visitors uploaded are sent as attachments,
/// so that a page among them does not run as one of the site's.
///
/// # Django
/// `FileResponse`.
#[derive(Debug)]
pub struct FileResponse {
    content: Content,
    length: u64,
    modified: Option<Timestamp>,
    content_type: Option<String>,
    name: String,
    as_attachment: bool,
    headers: HeaderMap,
}

/// Where the bytes are.
#[derive(Debug)]
pub(crate) enum Content {
    Disk(File),
    Memory(Bytes),
}

impl FileResponse {
    /// Opens a file of the disk.
    ///
    /// # Errors
    /// When it is not there, is no plain file, or cannot be read.
    pub async fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let file = File::open(path).await?;
        let metadata = file.metadata().await?;
        if !metadata.is_file() {
            return Err(io::Error::new(io::ErrorKind::NotFound, "not a plain file"));
        }
        let modified = metadata.modified().ok();
        let seconds = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let seconds = seconds.and_then(|since| i64::try_from(since.as_secs()).ok());
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        Ok(Self {
            modified: seconds.and_then(|seconds| Timestamp::from_second(seconds).ok()),
            ..Self::new(
                Content::Disk(file),
                metadata.len(),
                name.unwrap_or_default(),
            )
        })
    }

    /// The rest of an open file, from where it stands.
    ///
    /// # Errors
    /// When its length cannot be found out.
    pub async fn of_file(mut file: File, name: &str) -> io::Result<Self> {
        let length = file.metadata().await?.len();
        let length = length.saturating_sub(file.stream_position().await?);
        Ok(Self::new(Content::Disk(file), length, name.to_owned()))
    }

    fn new(content: Content, length: u64, name: String) -> Self {
        Self {
            content,
            length,
            modified: None,
            content_type: None,
            name,
            as_attachment: false,
            headers: HeaderMap::new(),
        }
    }

    /// A file of this name whose bytes are in memory.
    pub fn of_bytes(name: &str, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let length = bytes.len() as u64;
        Self::new(Content::Memory(bytes), length, name.to_owned())
    }

    /// A file of a storage.
    pub(crate) fn of_stored(stored: StoredFile, name: &str) -> Self {
        Self {
            modified: stored.modified,
            ..Self::new(stored.content, stored.size, name.to_owned())
        }
    }

    /// The browser keeps it under this name instead of showing it; under its own without one.
    pub fn attachment(mut self, file_name: impl Into<String>) -> Self {
        self.as_attachment = true;
        self.named(file_name)
    }

    /// The browser calls it so when it keeps it. The name also tells what it is.
    pub fn named(mut self, file_name: impl Into<String>) -> Self {
        let name = file_name.into();
        if !name.is_empty() {
            self.name = name;
        }
        self
    }

    /// What it is, when the name does not tell.
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// Another header. What the file itself says, such as its length, counts more.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// The last part of the name: folders are nobody else's matter.
    fn base_name(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(&self.name)
    }

    fn etag(&self) -> String {
        let modified = self.modified.map_or(0, Timestamp::as_second);
        match &self.content {
            // Embedded files have no time: their length and a cheap sum of their bytes stand for it.
            Content::Memory(bytes) => {
                let sum = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| {
                    (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
                });
                format!("\"{sum:x}-{:x}\"", self.length)
            }
            Content::Disk(_) => format!("\"{modified:x}-{:x}\"", self.length),
        }
    }

    fn headers(&self, is_static: bool) -> Result<HeaderMap, http::header::InvalidHeaderValue> {
        let mut headers = self.headers.clone();
        let guessed = guess_content_type(self.base_name());
        let content_type = match &self.content_type {
            Some(content_type) => HeaderValue::try_from(content_type)?,
            // The site's own texts are UTF-8; of a download nobody knows.
            None if is_static && is_text(guessed) => {
                HeaderValue::try_from(format!("{guessed}; charset=utf-8"))?
            }
            None => HeaderValue::from_static(guessed),
        };
        headers.insert(CONTENT_TYPE, content_type);
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if is_static {
            if let Some(modified) = self.modified {
                headers.insert(LAST_MODIFIED, HeaderValue::try_from(http_date(modified))?);
            }
            headers.insert(ETAG, HeaderValue::try_from(self.etag())?);
            headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        } else if let Some(value) = content_disposition(self.as_attachment, self.base_name()) {
            headers.insert(CONTENT_DISPOSITION, value);
        }
        Ok(headers)
    }

    /// Answers a request for a static file: 304 when the client has it, 206 for a part of it.
    pub(crate) async fn answer(
        self,
        method: &Method,
        asked: &HeaderMap,
        now: Timestamp,
    ) -> io::Result<Response> {
        let etag = self.etag();
        let mut headers = self.headers(true).map_err(io::Error::other)?;
        let mut status = StatusCode::OK;
        let mut first = 0;
        let mut length = self.length;
        let known = Validators {
            etag: Some(&etag),
            last_modified: self.modified,
        };
        let found = verify(method, asked, known, now);
        if let Some(status) = found.status() {
            if found == Precondition::NotModified {
                headers.remove(CONTENT_TYPE);
            }
            return Ok(respond(status, headers, Body::empty()));
        }
        let range = asked.get(RANGE).and_then(|value| value.to_str().ok());
        let range = range.filter(|_| *method == Method::GET && allows_range(asked, &etag));
        match parse(range, self.length) {
            Wanted::Whole => {}
            Wanted::Part(part) => {
                status = StatusCode::PARTIAL_CONTENT;
                first = *part.start();
                length = part.end() - part.start() + 1;
                let shown = format!("bytes {first}-{}/{}", part.end(), self.length);
                headers.insert(
                    CONTENT_RANGE,
                    HeaderValue::try_from(shown).map_err(io::Error::other)?,
                );
            }
            Wanted::Nothing => {
                let shown = format!("bytes */{}", self.length);
                headers.insert(
                    CONTENT_RANGE,
                    HeaderValue::try_from(shown).map_err(io::Error::other)?,
                );
                return Ok(respond(
                    StatusCode::RANGE_NOT_SATISFIABLE,
                    headers,
                    Body::empty(),
                ));
            }
        }
        headers.insert(CONTENT_LENGTH, length.into());
        if *method == Method::HEAD {
            return Ok(respond(status, headers, Body::empty()));
        }
        let body = match self.content {
            Content::Memory(bytes) => {
                let first = usize::try_from(first)
                    .unwrap_or(usize::MAX)
                    .min(bytes.len());
                let length = usize::try_from(length).unwrap_or(usize::MAX);
                Body::from(bytes.slice(first..first.saturating_add(length).min(bytes.len())))
            }
            Content::Disk(mut file) => {
                file.seek(io::SeekFrom::Start(first)).await?;
                body_of(file, length)
            }
        };
        Ok(respond(status, headers, body))
    }
}

/// Types of which a browser has to know the encoding.
fn is_text(content_type: &str) -> bool {
    content_type.starts_with("text/")
}

fn respond(status: StatusCode, headers: HeaderMap, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// The next `length` bytes of a file, a piece at a time.
fn body_of(file: File, length: u64) -> Body {
    Body::from_stream(stream::try_unfold(
        (file, length),
        |(mut file, left)| async move {
            if left == 0 {
                return Ok(None);
            }
            let wanted = usize::try_from(left).map_or(PIECE, |left| left.min(PIECE));
            let mut piece = BytesMut::with_capacity(wanted);
            let mut limited = (&mut file).take(wanted as u64);
            let read = limited.read_buf(&mut piece).await?;
            if read == 0 {
                // Shorter than it was: the client must not take this for the whole.
                return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
            }
            Ok(Some((piece.freeze(), (file, left - read as u64))))
        },
    ))
}

impl IntoResponse for FileResponse {
    fn into_response(self) -> Response {
        let headers = match self.headers(false) {
            Ok(mut headers) => {
                headers.insert(CONTENT_LENGTH, self.length.into());
                headers
            }
            Err(error) => return crate::Error::from(error).into_response(),
        };
        let body = match self.content {
            Content::Memory(bytes) => Body::from(bytes),
            Content::Disk(file) => body_of(file, self.length),
        };
        respond(StatusCode::OK, headers, body)
    }
}
