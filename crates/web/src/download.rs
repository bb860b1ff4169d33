//! Downloads that are made while they are sent.

use std::convert::Infallible;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::error::Result;

/// What may stand unescaped in `filename*`.
const ATTRIBUTE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'/');

/// A file for the visitor to keep, made while it is sent: constant memory, first byte at once.
///
/// ```
/// use futures_util::stream;
/// use nuages_web::Download;
///
/// let rows = stream::iter((1..4).map(|n| format!("{n},{}\r\n", n * n)));
/// let response = Download::new("squares.csv").content_type("text/csv; charset=utf-8").stream(rows)?;
/// assert_eq!(response.headers()["content-disposition"], "attachment; filename=\"squares.csv\"");
/// # Ok::<(), nuages_web::Error>(())
/// ```
///
/// # Django
/// `StreamingHttpResponse` and `FileResponse(as_attachment=True)`.
#[derive(Debug, Clone)]
pub struct Download {
    disposition: String,
    content_type: String,
}

impl Download {
    /// A download under this file name.
    pub fn new(filename: &str) -> Self {
        Self {
            disposition: content_disposition(true, filename),
            content_type: "application/octet-stream".to_owned(),
        }
    }

    /// The type of its content.
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = content_type.into();
        self
    }

    /// Sends the chunks as they come.
    ///
    /// # Errors
    /// When the content type is no header value.
    pub fn stream<C: Into<Bytes>>(
        self,
        chunks: impl Stream<Item = C> + Send + 'static,
    ) -> Result<Response> {
        self.try_stream(chunks.map(|chunk| Ok::<_, Infallible>(chunk.into())))
    }

    /// Sends the chunks as they come; an error breaks the connection off, so that nobody takes half a file for whole.
    ///
    /// # Errors
    /// When the content type is no header value.
    pub fn try_stream<C, E>(
        self,
        chunks: impl Stream<Item = Result<C, E>> + Send + 'static,
    ) -> Result<Response>
    where
        C: Into<Bytes>,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let mut response =
            Response::new(Body::from_stream(chunks.map(|chunk| chunk.map(Into::into))));
        let headers = response.headers_mut();
        let header = |text: String| HeaderValue::try_from(text).map_err(crate::Error::from);
        headers.insert(CONTENT_TYPE, header(self.content_type)?);
        headers.insert(CONTENT_DISPOSITION, header(self.disposition)?);
        Ok(response)
    }
}

/// The header that names a file. Quotes are escaped; other than ASCII names travel as `filename*`.
///
/// # Django
/// `django.utils.http.content_disposition_header`.
fn content_disposition(as_attachment: bool, filename: &str) -> String {
    let disposition = if as_attachment {
        "attachment"
    } else {
        "inline"
    };
    if filename.is_ascii() && !filename.bytes().any(|byte| byte.is_ascii_control()) {
        let escaped = filename.replace('\\', "\\\\").replace('"', "\\\"");
        return format!("{disposition}; filename=\"{escaped}\"");
    }
    format!(
        "{disposition}; filename*=utf-8''{}",
        utf8_percent_encode(filename, ATTRIBUTE)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_cannot_break_out_of_its_header() {
        assert_eq!(
            content_disposition(true, "a\"b\\c.txt"),
            r#"attachment; filename="a\"b\\c.txt""#
        );
        assert_eq!(
            content_disposition(false, "é.txt"),
            "inline; filename*=utf-8''%C3%A9.txt"
        );
        assert_eq!(
            content_disposition(true, "a\r\nb"),
            "attachment; filename*=utf-8''a%0D%0Ab"
        );
    }
}
