//! The token in a form's body, which is handed on unchanged.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum_core::body::Body;
use bytes::{Bytes, BytesMut};
use futures_util::stream::{Stream, poll_fn};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Method};
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::BodyExt;

use super::Rejection;
use crate::Refusal;

/// The name of the form field.
pub(super) const FIELD: &str = "csrfmiddlewaretoken";

/// How a body has to be read to find the token.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Not a form: the token has to be in the header.
    None,
    UrlEncoded,
    Multipart(String),
}

/// What kind of form a request carries.
///
/// # Errors
/// When a form says that it is in another encoding than UTF-8, by a name that somebody knows.
pub(super) fn kind(
    method: &Method,
    headers: &HeaderMap,
    is_charset: fn(&str) -> bool,
) -> Result<Form, Rejection> {
    if !method.as_str().eq_ignore_ascii_case("POST") {
        return Ok(Form::None);
    }
    let Some(value) = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
    else {
        return Ok(Form::None);
    };
    let essence = value.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        let other_charset = value.split(';').skip(1).any(|parameter| {
            parameter.split_once('=').is_some_and(|(name, charset)| {
                let charset = charset.trim().trim_matches('"');
                name.trim().eq_ignore_ascii_case("charset")
                    && !charset.eq_ignore_ascii_case("utf-8")
                    && is_charset(charset)
            })
        });
        if other_charset {
            return Err(Rejection::new(Refusal::MalformedBody));
        }
        return Ok(Form::UrlEncoded);
    }
    if essence.eq_ignore_ascii_case("multipart/form-data") {
        return multer::parse_boundary(value)
            .map(Form::Multipart)
            .map_err(|_| Rejection::new(Refusal::MalformedBody));
    }
    Ok(Form::None)
}

/// Reads as much of the body as it takes to find the token; gives the whole body back.
///
/// Of several fields the last counts, of a multipart form the last before the first file: an upload is not held up.
/// Only where there is no token before it, and none in the header, is looked behind files.
///
/// # Errors
/// When a form that has to be read as a whole is larger than `limit`.
pub(super) async fn find_token(
    form: Form,
    body: Body,
    limit: usize,
    has_header: bool,
) -> Result<(Option<String>, Body), Rejection> {
    match form {
        Form::None => Ok((None, body)),
        Form::UrlEncoded => in_urlencoded(body, limit).await,
        Form::Multipart(boundary) => Ok(in_multipart(&boundary, body, limit, has_header).await),
    }
}

async fn in_urlencoded(mut body: Body, limit: usize) -> Result<(Option<String>, Body), Rejection> {
    let too_large = || Rejection::new(Refusal::BodyTooLarge);
    if body.size_hint().lower() > limit as u64 {
        return Err(too_large());
    }
    let mut first = Bytes::new();
    let mut more = BytesMut::new();
    let mut size = 0;
    while let Some(frame) = body.frame().await {
        // Half a form is not handed on as if it were whole; nobody waits for the answer either.
        let Ok(frame) = frame else {
            return Err(Rejection::new(Refusal::MalformedBody));
        };
        let Ok(data) = frame.into_data() else {
            continue;
        };
        size += data.len();
        if size > limit {
            return Err(too_large());
        }
        // Most forms come in one piece, which is kept as it is.
        if first.is_empty() && more.is_empty() {
            first = data;
        } else {
            if more.is_empty() {
                more.extend_from_slice(&first);
            }
            more.extend_from_slice(&data);
        }
    }
    let whole = if more.is_empty() {
        first
    } else {
        more.freeze()
    };
    Ok((last_value(&whole), Body::from(whole)))
}

/// The token of an urlencoded form; of several fields the last counts, as everywhere in Django.
fn last_value(form: &[u8]) -> Option<String> {
    form_urlencoded::parse(form)
        .filter(|(name, _)| name == FIELD)
        .last()
        .map(|(_, value)| value.into_owned())
}

/// The body as far as it was read, and the rest of it.
struct Tee {
    body: Body,
    seen: VecDeque<Bytes>,
    trailers: Option<HeaderMap>,
    failed: Option<axum_core::Error>,
    size: usize,
    limit: usize,
}

impl Tee {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, axum_core::Error>>> {
        loop {
            if self.size > self.limit || self.failed.is_some() {
                return Poll::Ready(None);
            }
            let frame = match Pin::new(&mut self.body).poll_frame(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Ready(Some(Err(error))) => {
                    self.failed = Some(error);
                    return Poll::Ready(None);
                }
                Poll::Ready(Some(Ok(frame))) => frame,
            };
            match frame.into_data() {
                Ok(data) => {
                    self.size += data.len();
                    self.seen.push_back(data.clone());
                    return Poll::Ready(Some(Ok(data)));
                }
                Err(frame) => self.trailers = frame.into_trailers().ok(),
            }
        }
    }
}

async fn in_multipart(
    boundary: &str,
    body: Body,
    limit: usize,
    has_header: bool,
) -> (Option<String>, Body) {
    let tee = Arc::new(Mutex::new(Tee {
        body,
        seen: VecDeque::new(),
        trailers: None,
        failed: None,
        size: 0,
        limit,
    }));
    let token = value_before_files(boundary, stream(tee.clone()), has_header).await;
    // The parser is gone, so nobody else holds the body.
    let body = Arc::into_inner(tee).map_or_else(Body::empty, |tee| {
        let tee = tee.into_inner().unwrap_or_else(PoisonError::into_inner);
        Body::new(Replay {
            prefix: tee.seen,
            rest: tee.body,
            trailers: tee.trailers,
            failed: tee.failed,
        })
    });
    (token, body)
}

fn stream(
    tee: Arc<Mutex<Tee>>,
) -> impl Stream<Item = Result<Bytes, axum_core::Error>> + Send + 'static {
    poll_fn(move |cx| tee.lock().unwrap_or_else(PoisonError::into_inner).poll(cx))
}

/// The last token field before the first file; or, unless `only_before`, the first one behind files.
async fn value_before_files(
    boundary: &str,
    stream: impl Stream<Item = Result<Bytes, axum_core::Error>> + Send + 'static,
    only_before: bool,
) -> Option<String> {
    let mut form = multer::Multipart::new(stream, boundary);
    let (mut token, mut is_behind) = (None, false);
    // A form that breaks off is for its reader to refuse.
    while let Ok(Some(field)) = form.next_field().await {
        if field.file_name().is_some() {
            if only_before || token.is_some() {
                break;
            }
            is_behind = true;
        } else if field.name() == Some(FIELD) {
            token = field.text().await.ok();
            if is_behind {
                break;
            }
        }
    }
    token
}

/// What was read, and then the rest.
struct Replay {
    prefix: VecDeque<Bytes>,
    rest: Body,
    trailers: Option<HeaderMap>,
    /// What went wrong after the prefix, for whoever reads on.
    failed: Option<axum_core::Error>,
}

impl HttpBody for Replay {
    type Data = Bytes;
    type Error = axum_core::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if let Some(data) = self.prefix.pop_front() {
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
        if let Some(error) = self.failed.take() {
            return Poll::Ready(Some(Err(error)));
        }
        if let Some(trailers) = self.trailers.take() {
            return Poll::Ready(Some(Ok(Frame::trailers(trailers))));
        }
        Pin::new(&mut self.rest).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.prefix.is_empty()
            && self.failed.is_none()
            && self.trailers.is_none()
            && self.rest.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let read: u64 = self.prefix.iter().map(|data| data.len() as u64).sum();
        let rest = self.rest.size_hint();
        let mut hint = SizeHint::new();
        hint.set_lower(rest.lower().saturating_add(read));
        if let Some(upper) = rest.upper() {
            hint.set_upper(upper.saturating_add(read));
        }
        hint
    }
}
