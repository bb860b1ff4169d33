//! The extractor: a handler that names [`Signals`] gets the site's.

use axum_core::extract::FromRequestParts;
use axum_core::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;

use crate::{Provided, Signals};

/// A handler asks for `Signals`, and nobody has put any into the request's extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the handler asks for `Signals`, but the request carries none: serve it through `Site`, or add `Extension(signals)`"
)]
pub struct MissingSignals;

impl IntoResponse for MissingSignals {
    fn into_response(self) -> Response {
        tracing::error!(target: "nuages.request", "{self}");
        (StatusCode::INTERNAL_SERVER_ERROR, "Server Error").into_response()
    }
}

impl<S: Sync> FromRequestParts<S> for Signals {
    type Rejection = MissingSignals;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, MissingSignals> {
        let found = Provided::find(&parts.extensions);
        found.cloned().ok_or(MissingSignals)
    }
}
