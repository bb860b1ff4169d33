//! The extractors: a handler that names [`CsrfToken`] or [`Nonce`] gets the request's.

use axum_core::extract::FromRequestParts;
use axum_core::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;

use crate::csp::Nonce;
use crate::csrf::{CsrfToken, Rejection};

/// A handler asks for what no layer has put there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the handler asks for `{wanted}`, but there is no `{layer}` around it")]
pub struct MissingLayer {
    wanted: &'static str,
    layer: &'static str,
}

impl MissingLayer {
    /// The handler asks for `wanted`, which `layer` puts there.
    pub fn new(wanted: &'static str, layer: &'static str) -> Self {
        Self { wanted, layer }
    }
}

impl IntoResponse for MissingLayer {
    fn into_response(self) -> Response {
        tracing::error!(target: "nuages.request", "{self}");
        (StatusCode::INTERNAL_SERVER_ERROR, "Server Error").into_response()
    }
}

impl<S: Sync> FromRequestParts<S> for CsrfToken {
    type Rejection = MissingLayer;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, MissingLayer> {
        let missing = MissingLayer::new("CsrfToken", "CsrfLayer");
        parts.extensions.get().cloned().ok_or(missing)
    }
}

/// Why a request was refused, for the view that answers it.
impl<S: Sync> FromRequestParts<S> for Rejection {
    type Rejection = MissingLayer;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, MissingLayer> {
        let missing = MissingLayer::new("Rejection", "CsrfLayer::with_failure_handler");
        parts.extensions.get().cloned().ok_or(missing)
    }
}

impl<S: Sync> FromRequestParts<S> for Nonce {
    type Rejection = MissingLayer;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, MissingLayer> {
        let missing = MissingLayer::new("Nonce", "CspLayer");
        parts.extensions.get().cloned().ok_or(missing)
    }
}
