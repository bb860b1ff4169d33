//! What a view may fail with, and the response it becomes.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};

use crate::pages::plain_page;
use crate::storage::StorageError;

/// What views return: a response, or an error that becomes one.
pub type Result<T = Response, E = Error> = std::result::Result<T, E>;

/// What kind of answer an error is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// 400: the request cannot be understood, or is larger than allowed.
    BadRequest,
    /// 403: the visitor may not do this.
    PermissionDenied,
    /// 404: there is no such page.
    NotFound,
    /// 408: the body did not come in time.
    TimedOut,
    /// 413: the body is larger than any that is taken.
    TooLarge,
    /// 415: the body is of a kind or coding that is not taken.
    UnsupportedMedia,
    /// 429: too often.
    TooManyRequests,
    /// 503: not now.
    Unavailable,
    /// 500: a mistake of the site.
    Server,
}

impl ErrorKind {
    /// The status of the response.
    pub fn status(self) -> StatusCode {
        match self {
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::PermissionDenied => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::TimedOut => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMedia => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Server => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// An error of a view: any error may be turned into one with `?`, and is then a 500.
///
/// The visitor sees the status and fixed words. The log sees the message and its causes, and so does
/// the error page of debug mode.
///
/// ```
/// use axum::response::IntoResponse;
/// use nuages_web::{Error, Result};
///
/// async fn view() -> Result {
///     let number: u32 = "seven".parse()?;          // 500
///     if number == 0 {
///         return Err(Error::not_found("no post 0")); // 404
///     }
///     Ok("found".into_response())
/// }
///
/// # futures_util::FutureExt::now_or_never(async {
/// assert_eq!(view().await.into_response().status(), 500);
/// # }).unwrap();
/// ```
///
/// # Django
/// `Http404`, `PermissionDenied`, `SuspiciousOperation`, and every other exception.
///
/// # Security
/// Nothing of the message or the causes is in the response outside debug mode.
pub struct Error(Box<Repr>);

pub(crate) struct Repr {
    pub(crate) kind: ErrorKind,
    pub(crate) message: Cow<'static, str>,
    pub(crate) hint: Option<Cow<'static, str>>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What went wrong, in the extensions of the response of an [`Error`], for the layers that log and
/// that write error pages.
#[derive(Clone)]
pub struct ErrorReport(pub(crate) Arc<Repr>);

impl Error {
    /// An error of this kind; the message is for the log.
    #[cold]
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Repr {
            kind,
            message: message.into(),
            hint: None,
            retry_after: None,
            source: None,
        }))
    }

    /// 400.
    ///
    /// # Django
    /// `BadRequest`, `SuspiciousOperation`.
    pub fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::BadRequest, message)
    }

    /// 403.
    ///
    /// # Django
    /// `PermissionDenied`.
    pub fn permission_denied(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::PermissionDenied, message)
    }

    /// 404.
    ///
    /// # Django
    /// `Http404`.
    pub fn not_found(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::NotFound, message)
    }

    /// 500.
    pub fn server(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Server, message)
    }

    /// Adds the error behind this one.
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Adds what to try.
    pub fn with_hint(mut self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Says when to try again: the header `Retry-After` of the response, in whole seconds.
    ///
    /// ```
    /// use std::time::Duration;
    /// use axum::response::IntoResponse;
    /// use nuages_web::{Error, ErrorKind};
    ///
    /// let error = Error::new(ErrorKind::TooManyRequests, "eleven guesses")
    ///     .with_retry_after(Duration::from_millis(1500));
    /// let response = error.into_response();
    /// assert_eq!(response.status(), 429);
    /// assert_eq!(response.headers()["retry-after"], "2");
    /// ```
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    /// What kind of answer it is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The status of the response.
    pub fn status(&self) -> StatusCode {
        self.0.kind.status()
    }

    /// What went wrong.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What to try.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// The error behind this one.
    pub fn source(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        self.0.source.as_deref()
    }

    /// True for 404.
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }

    /// True for 403.
    pub fn is_permission_denied(&self) -> bool {
        self.kind() == ErrorKind::PermissionDenied
    }
}

impl<E: StdError + Send + Sync + 'static> From<E> for Error {
    #[cold]
    fn from(error: E) -> Self {
        Self(Box::new(Repr {
            kind: kind_of(&error).unwrap_or(ErrorKind::Server),
            message: Cow::Owned(error.to_string()),
            hint: None,
            retry_after: None,
            source: Some(Box::new(error)),
        }))
    }
}

/// The errors of this room that are not always the site's mistake.
fn kind_of(error: &(dyn StdError + 'static)) -> Option<ErrorKind> {
    if let Some(error) = error.downcast_ref::<StorageError>() {
        return Some(error.kind());
    }
    #[cfg(feature = "archives")]
    if let Some(error) = error.downcast_ref::<crate::ArchiveError>() {
        return Some(error.kind());
    }
    None
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = plain_page(self.status());
        if let Some(wait) = self.0.retry_after {
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
            .extensions_mut()
            .insert(ErrorReport(Arc::from(self.0)));
        response
    }
}

impl ErrorReport {
    /// What kind of answer it is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What went wrong.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What to try.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// The template error behind it, if there is one.
    pub(crate) fn template_error(&self) -> Option<&nuages_template::Error> {
        let mut next: Option<&dyn StdError> = self.0.source.as_deref().map(|source| source as _);
        while let Some(error) = next {
            if let Some(error) = error.downcast_ref() {
                return Some(error);
            }
            next = error.source();
        }
        None
    }

    /// The message and the messages of the errors behind it, each different one once.
    pub fn chain(&self) -> Vec<String> {
        let mut chain = vec![self.0.message.to_string()];
        let mut next: Option<&dyn StdError> = self.0.source.as_deref().map(|source| source as _);
        while let Some(error) = next {
            let text = error.to_string();
            if chain.last() != Some(&text) {
                chain.push(text);
            }
            next = error.source();
        }
        chain
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for ErrorReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Repr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.kind)
            .field("message", &self.message)
            .field("hint", &self.hint)
            .field("source", &self.source)
            .finish()
    }
}

/// Turns "nothing there" into a 404.
///
/// ```
/// use nuages_web::{OrNotFound, Result};
///
/// fn title(found: Option<&'static str>) -> Result<&'static str> {
///     found.or_not_found()
/// }
/// assert!(title(None).unwrap_err().is_not_found());
/// ```
///
/// # Django
/// `get_object_or_404`, `get_list_or_404`.
pub trait OrNotFound {
    /// What is there.
    type Found;

    /// The value, or a 404.
    ///
    /// # Errors
    /// 404 when there is nothing.
    fn or_not_found(self) -> Result<Self::Found>;
}

impl<T> OrNotFound for Option<T> {
    type Found = T;

    fn or_not_found(self) -> Result<T> {
        self.ok_or_else(|| Error::not_found("No object matches the given query."))
    }
}

impl<T> OrNotFound for Vec<T> {
    type Found = Self;

    fn or_not_found(self) -> Result<Self> {
        if self.is_empty() {
            return Err(Error::not_found("No object matches the given query."));
        }
        Ok(self)
    }
}
