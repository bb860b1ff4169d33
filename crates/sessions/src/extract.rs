//! The session and the messages as extractors.

use axum_core::extract::FromRequestParts;
use http::request::Parts;
use nuages_security::MissingLayer;

use crate::{Messages, Session, Sessions};

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

/// The sessions of the site, to list and end those of a user.
impl<S: Sync> FromRequestParts<S> for Sessions {
    type Rejection = MissingLayer;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, MissingLayer> {
        parts
            .extensions
            .get::<Session>()
            .map(|session| session.sessions().clone())
            .ok_or(MissingLayer::new("Sessions", "SessionLayer"))
    }
}
