//! The extractor: a handler that names [`Mail`] gets the site's.

use axum_core::extract::FromRequestParts;
use axum_core::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;
use nuages_base::Provided;

use crate::Mail;

/// A handler asks for `Mail`, and nobody has put one into the request's extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the handler asks for `Mail`, but the request carries none: serve it through `Site`, or add `Extension(mail)`"
)]
pub struct MissingMail;

impl IntoResponse for MissingMail {
    fn into_response(self) -> Response {
        tracing::error!(target: "nuages.request", "{self}");
        (StatusCode::INTERNAL_SERVER_ERROR, "Server Error").into_response()
    }
}

impl<S: Sync> FromRequestParts<S> for Mail {
    type Rejection = MissingMail;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, MissingMail> {
        let found = Provided::find(&parts.extensions);
        found.cloned().ok_or(MissingMail)
    }
}
