//! The session and the messages as extractors.

use axum_core::extract::FromRequestParts;
use http::request::Parts;
use nuages_security::MissingLayer;

use crate::{Messages, Session};

impl<S: Sync> FromRequestParts<S> for Session {
    type Rejection = MissingLayer;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, MissingLayer> {
        parts
            .extensions
            .get()
            .cloned()
            .ok_or(MissingLayer::new("Session", "SessionLayer"))
    }
}

impl<S: Sync> FromRequestParts<S> for Messages {
    type Rejection = MissingLayer;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, MissingLayer> {
        parts
            .extensions
            .get()
            .cloned()
            .ok_or(MissingLayer::new("Messages", "MessagesLayer"))
    }
}
