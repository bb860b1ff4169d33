//! The body as it is.

use std::ops::Deref;
use std::sync::Arc;

use axum::extract::{FromRequest, Request};
use bytes::Bytes;

use super::json::read_whole;
use crate::error::{Error, Result};
use crate::settings::WebSettings;
use crate::site_context::SiteContext;

/// The bytes of a request's body, for signed webhooks and formats of one's own.
///
/// More than `data_upload_max_memory_size` is a 400. A body of any length is read bit by bit from
/// axum's own `Body`.
///
/// ```
/// use nuages_web::RawBody;
///
/// async fn webhook(body: RawBody) -> String {
///     format!("{} bytes", body.len())
/// }
/// ```
///
/// # Django
/// `request.body`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RawBody(pub Bytes);

impl RawBody {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 400, in Django's words, when it is longer than the limit or breaks off.
    pub async fn read(req: Request, settings: &WebSettings) -> Result<Self> {
        read_whole(req.into_body(), settings.data_upload_max_memory_size)
            .await
            .map(Self)
    }
}

impl Deref for RawBody {
    type Target = Bytes;

    fn deref(&self) -> &Bytes {
        &self.0
    }
}

impl<S: Send + Sync> FromRequest<S> for RawBody {
    type Rejection = Error;

    async fn from_request(req: Request, _: &S) -> Result<Self> {
        let settings = SiteContext::of(req.extensions())
            .map_or_else(Arc::default, |site| Arc::clone(site.settings()));
        Self::read(req, &settings).await
    }
}
