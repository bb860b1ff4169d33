//! The extractors: a handler that names [`Caches`] gets the site's, and one that names [`Cache`] the one called `default`.

use axum_core::extract::FromRequestParts;
use axum_core::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;
use nuages_base::Provided;

use crate::{Cache, Caches};

/// A handler asks for a cache, and nobody has put one into the request's extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the handler asks for a cache, but the request carries none: serve it through `Site` with a cache `default`, or add `Extension(caches)`"
)]
pub struct MissingCache;

impl IntoResponse for MissingCache {
    fn into_response(self) -> Response {
        tracing::error!(target: "nuages.request", "{self}");
        (StatusCode::INTERNAL_SERVER_ERROR, "Server Error").into_response()
    }
}

impl<S: Sync> FromRequestParts<S> for Caches {
    type Rejection = MissingCache;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, MissingCache> {
        let found = Provided::find(&parts.extensions);
        found.cloned().ok_or(MissingCache)
    }
}

impl<S: Sync> FromRequestParts<S> for Cache {
    type Rejection = MissingCache;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, MissingCache> {
        let caches: Option<&Caches> = Provided::find(&parts.extensions);
        caches
            .and_then(|caches| caches.get("default").ok())
            .ok_or(MissingCache)
    }
}
