//! JSON in and out.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue};
use http_body_util::{BodyExt, Limited};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::body_limit::{is_over_limit, refuse_coding, unreadable};
use crate::error::{Error, Result};
use crate::site_context::SiteContext;

const DEFAULT_MAX_BYTES: usize = 2_621_440;

/// A JSON body, as an extractor and as a response.
///
/// ```
/// use nuages_web::Json;
///
/// async fn double(Json(n): Json<i64>) -> Json<i64> {
///     Json(n * 2)
/// }
/// ```
///
/// # Security
/// The content type must be JSON: a form of another site cannot send that without asking first.
///
/// # Django
/// `json.loads(request.body)` and `JsonResponse`; a body that is no JSON is a 400.
#[derive(Debug, Clone, Copy, Default)]
pub struct Json<T>(pub T);

impl<T, S> FromRequest<S> for Json<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Error;

    async fn from_request(req: Request, _: &S) -> Result<Self> {
        if !is_json(req.headers()) {
            return Err(Error::bad_request(
                "The request has no JSON body: its Content-Type must be application/json.",
            ));
        }
        refuse_coding(req.headers())?;
        let max = max_bytes(&req);
        let bytes = read_whole(req.into_body(), max).await?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            // The position helps, the text would quote what the client sent.
            Error::bad_request(format!(
                "Malformed JSON at line {} column {}.",
                error.line(),
                error.column()
            ))
            .with_source(error)
        })
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
    else {
        return false;
    };
    let essence = value
        .split(';')
        .next()
        .unwrap_or("")
        .trim()
        .to_ascii_lowercase();
    essence == "application/json"
        || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// How many bytes of a body are read into memory.
pub(crate) fn max_bytes(req: &Request) -> usize {
    SiteContext::of(req.extensions()).map_or(DEFAULT_MAX_BYTES, |site| {
        site.settings().data_upload_max_memory_size
    })
}

/// The whole body in memory.
pub(crate) async fn read_whole(body: Body, max: usize) -> Result<bytes::Bytes> {
    let too_big =
        || Error::bad_request("Request body exceeded settings.DATA_UPLOAD_MAX_MEMORY_SIZE.");
    if http_body::Body::size_hint(&body).lower() > max as u64 {
        return Err(too_big());
    }
    match Limited::new(body, max).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if is_over_limit(&*error) => Err(too_big()),
        Err(error) => Err(unreadable(error)),
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(bytes) => {
                let mut response = Response::new(Body::from(bytes));
                let json = HeaderValue::from_static("application/json");
                response.headers_mut().insert(CONTENT_TYPE, json);
                response
            }
            Err(error) => Error::from(error).into_response(),
        }
    }
}
