//! `HttpResponse`: a response as Django has it, with text in any encoding.

use std::borrow::Cow;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{ALLOW, CONTENT_TYPE, HeaderMap, LOCATION};
use hyper::ext::ReasonPhrase;
use nuages_security::redirect::{DisallowedRedirect, location};

use super::header_text::{BadHeader, header_name, header_value, text_of};
use super::status::reason_of;
use crate::data::Charset;
use crate::settings::WebSettings;

/// A response whose content is written bit by bit, in whatever encoding its `Content-Type` names.
///
/// A view of Nuages may return anything that axum knows as a response; this is for what comes from
/// Django, and for old clients that need another encoding than UTF-8.
///
/// ```
/// use nuages_web::HttpResponse;
///
/// let mut response = HttpResponse::new().content_type("text/plain; charset=iso-8859-15")?;
/// response.write("5 €")?;
/// response.set_header("X-Kind", "prix à payer")?;
/// assert_eq!(response.content(), b"5 \xa4");
/// assert!(response.set_header("X-Kind", "a\r\nSet-Cookie: b").is_err());
/// # Ok::<(), nuages_web::ResponseError>(())
/// ```
///
/// # Django
/// `HttpResponse` and its subclasses, each a constructor here.
#[derive(Debug, Clone)]
pub struct HttpResponse {
    status: StatusCode,
    reason: Option<String>,
    headers: HeaderMap,
    charset: Option<String>,
    default_charset: Cow<'static, str>,
    has_default_type: bool,
    /// A 304 says that the client has the content.
    is_without_content: bool,
    content: Vec<u8>,
}

/// What cannot be put into a response.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResponseError {
    /// A header that cannot be sent.
    #[error(transparent)]
    BadHeader(#[from] BadHeader),
    /// A redirect that is not to be sent.
    #[error(transparent)]
    DisallowedRedirect(#[from] DisallowedRedirect),
    /// A status that is none.
    #[error("HTTP status code must be an integer from 100 to 599.")]
    Status,
    /// Content for a 304.
    #[error("You cannot set content to a 304 (Not Modified) response")]
    NoContent,
    /// An encoding that nobody knows.
    #[error("unknown encoding: {0}")]
    UnknownCharset(String),
    /// The encoding lacks a letter of the text.
    #[error("the text has letters that {0} lacks")]
    Unencodable(String),
}

impl Default for HttpResponse {
    fn default() -> Self {
        Self::with_default_charset(Cow::Borrowed("utf-8"))
    }
}

impl HttpResponse {
    /// 200, HTML, without content.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, in the encoding of the site (`default_charset`).
    pub fn of(settings: &WebSettings) -> Self {
        Self::with_default_charset(Cow::Owned(settings.default_charset.clone()))
    }

    fn with_default_charset(default_charset: Cow<'static, str>) -> Self {
        let mut response = Self {
            status: StatusCode::OK,
            reason: None,
            headers: HeaderMap::new(),
            charset: None,
            default_charset,
            has_default_type: true,
            is_without_content: false,
            content: Vec::new(),
        };
        response.put_default_type();
        response
    }

    fn put_default_type(&mut self) {
        let text = format!("text/html; charset={}", self.charset());
        if let Ok(value) = header_value(&text) {
            self.headers.insert(CONTENT_TYPE, value);
        }
    }

    fn with(status: StatusCode) -> Self {
        Self {
            status,
            ..Self::default()
        }
    }

    /// 400.
    pub fn bad_request() -> Self {
        Self::with(StatusCode::BAD_REQUEST)
    }

    /// 403.
    pub fn forbidden() -> Self {
        Self::with(StatusCode::FORBIDDEN)
    }

    /// 404.
    pub fn not_found() -> Self {
        Self::with(StatusCode::NOT_FOUND)
    }

    /// 410.
    pub fn gone() -> Self {
        Self::with(StatusCode::GONE)
    }

    /// 500.
    pub fn server_error() -> Self {
        Self::with(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// 304, which has no content and so no type.
    pub fn not_modified() -> Self {
        let mut response = Self::with(StatusCode::NOT_MODIFIED);
        response.remove_header("Content-Type");
        response.has_default_type = false;
        response.is_without_content = true;
        response
    }

    /// 405 with the methods that are served.
    ///
    /// # Errors
    /// When a method is no word.
    pub fn not_allowed(methods: &[&str]) -> Result<Self, ResponseError> {
        let mut response = Self::with(StatusCode::METHOD_NOT_ALLOWED);
        response
            .headers
            .insert(ALLOW, header_value(&methods.join(", "))?);
        Ok(response)
    }

    /// 302 to a URL.
    ///
    /// # Errors
    /// When the URL is one that must not be redirected to.
    pub fn redirect(url: &str) -> Result<Self, ResponseError> {
        let mut response = Self::with(StatusCode::FOUND);
        response.headers.insert(LOCATION, location(url)?);
        Ok(response)
    }

    /// 301 to a URL.
    ///
    /// # Errors
    /// As [`HttpResponse::redirect`].
    pub fn permanent_redirect(url: &str) -> Result<Self, ResponseError> {
        Ok(Self {
            status: StatusCode::MOVED_PERMANENTLY,
            ..Self::redirect(url)?
        })
    }

    /// A redirect for which the method and the body stay: 307 instead of 302, 308 instead of 301.
    ///
    /// # Django
    /// `preserve_request=True`.
    pub fn preserving_request(mut self) -> Self {
        self.status = match self.status {
            StatusCode::FOUND => StatusCode::TEMPORARY_REDIRECT,
            StatusCode::MOVED_PERMANENTLY => StatusCode::PERMANENT_REDIRECT,
            other => other,
        };
        self
    }

    /// Another status.
    ///
    /// # Errors
    /// When it is not from 100 to 599.
    pub fn status(mut self, status: u16) -> Result<Self, ResponseError> {
        let status = (100..600).contains(&status).then_some(status);
        let status = status.ok_or(ResponseError::Status)?;
        self.status = StatusCode::from_u16(status).map_err(|_| ResponseError::Status)?;
        Ok(self)
    }

    /// Other words after the status, which only HTTP/1 sends.
    pub fn reason(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// What the content is; `; charset=…` says in which encoding text is written from now on.
    ///
    /// # Errors
    /// When no header can have it.
    pub fn content_type(mut self, content_type: &str) -> Result<Self, ResponseError> {
        self.headers
            .insert(CONTENT_TYPE, header_value(content_type)?);
        self.has_default_type = false;
        Ok(self)
    }

    /// The encoding in which text is written from now on.
    ///
    /// # Errors
    /// When nobody knows it.
    pub fn with_charset(mut self, label: &str) -> Result<Self, ResponseError> {
        known(label)?;
        self.charset = Some(label.to_owned());
        if self.has_default_type {
            self.put_default_type();
        }
        Ok(self)
    }

    /// Adds text to the content.
    ///
    /// # Errors
    /// When the encoding is unknown or lacks a letter, or it is a 304.
    pub fn write(&mut self, text: &str) -> Result<(), ResponseError> {
        if self.is_without_content && !text.is_empty() {
            return Err(ResponseError::NoContent);
        }
        let label = self.charset();
        let bytes = known(&label)?.encode(text);
        let bytes = bytes.ok_or_else(|| ResponseError::Unencodable(label.into_owned()))?;
        self.content.extend_from_slice(&bytes);
        Ok(())
    }

    /// Adds bytes to the content.
    ///
    /// # Errors
    /// When it is a 304.
    pub fn write_bytes(&mut self, bytes: &[u8]) -> Result<(), ResponseError> {
        if self.is_without_content && !bytes.is_empty() {
            return Err(ResponseError::NoContent);
        }
        self.content.extend_from_slice(bytes);
        Ok(())
    }

    /// Takes the content away.
    pub fn clear(&mut self) {
        self.content.clear();
    }

    /// The content.
    pub fn content(&self) -> &[u8] {
        &self.content
    }

    /// The content as text.
    ///
    /// # Errors
    /// When the encoding is unknown.
    pub fn text(&self) -> Result<Cow<'_, str>, ResponseError> {
        Ok(known(&self.charset())?.decode(&self.content))
    }

    /// The name of the encoding of text.
    pub fn charset(&self) -> Cow<'_, str> {
        if let Some(label) = &self.charset {
            return Cow::Borrowed(label);
        }
        let content_type = self.header("Content-Type").unwrap_or_default();
        let named = charset_of(&content_type).map(|label| Cow::Owned(label.replace('"', "")));
        named.unwrap_or(Cow::Borrowed(&self.default_charset))
    }

    /// The status.
    pub fn status_code(&self) -> StatusCode {
        self.status
    }

    /// The words after the status.
    pub fn reason_phrase(&self) -> &str {
        self.reason
            .as_deref()
            .unwrap_or_else(|| reason_of(self.status))
    }

    /// All headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The text of a header.
    pub fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name).map(text_of)
    }

    /// Gives a header this value instead of the one it has.
    ///
    /// # Errors
    /// When no header can have the name or the value.
    pub fn set_header(&mut self, name: &str, value: &str) -> Result<(), ResponseError> {
        let name = header_name(name)?;
        self.has_default_type &= name != CONTENT_TYPE;
        self.headers.insert(name, header_value(value)?);
        Ok(())
    }

    /// Takes a header away.
    pub fn remove_header(&mut self, name: &str) -> Option<String> {
        self.headers.remove(name).as_ref().map(text_of)
    }
}

fn known(label: &str) -> Result<Charset, ResponseError> {
    Charset::of_label(label).ok_or_else(|| ResponseError::UnknownCharset(label.to_owned()))
}

/// What stands after `; charset=`.
fn charset_of(content_type: &str) -> Option<&str> {
    content_type.match_indices(';').find_map(|(at, _)| {
        let rest = content_type.get(at + 1..)?.trim_start();
        let prefix = rest
            .get(..8)
            .filter(|word| word.eq_ignore_ascii_case("charset="))?;
        let rest = &rest[prefix.len()..];
        let end = rest
            .find(|c: char| c.is_whitespace() || c == ';')
            .unwrap_or(rest.len());
        Some(&rest[..end]).filter(|label| !label.is_empty())
    })
}

impl IntoResponse for HttpResponse {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.content));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        // What no status line can have is left out.
        let reason = self.reason.map(String::into_bytes);
        if let Some(reason) = reason.and_then(|reason| ReasonPhrase::try_from(reason).ok()) {
            response.extensions_mut().insert(reason);
        }
        response
    }
}
