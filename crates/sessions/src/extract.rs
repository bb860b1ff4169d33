//! The session and the messages as extractors.

use axum_core::extract::FromRequestParts;
use axum_core::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;

use crate::{Messages, Session};

/// A handler asks for what no layer has put there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the handler asks for `{wanted}`, but there is no `{layer}` around it")]
pub struct MissingLayer {
    wanted: &'static str,
    layer: &'static str,
}

impl IntoResponse for MissingLayer {
    fn into_response(self) -> Response {
        tracing::error!(target: "nuages.request", "{self}");
        (StatusCode::INTERNAL_SERVER_ERROR, "Server Error").into_response()
    }
}

impl<S: Sync> FromRequestParts<S> for Session {
    type Rejection = MissingLayer;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, MissingLayer> {
        parts.extensions.get().cloned().ok_or(MissingLayer {
            wanted: "Session",
            layer: "SessionLayer",
        })
    }
}

impl<S: Sync> FromRequestParts<S> for Messages {
    type Rejection = MissingLayer;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, MissingLayer> {
        parts.extensions.get().cloned().ok_or(MissingLayer {
            wanted: "Messages",
            layer: "MessagesLayer",
        })
    }
}
