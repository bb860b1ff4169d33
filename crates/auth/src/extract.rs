//! The user and the means to log in as extractors.

use axum_core::body::Body;
use axum_core::extract::{FromRequestParts, OptionalFromRequestParts};
use axum_core::response::IntoResponse as _;
use http::header::ACCEPT;
use http::request::Parts;
use http::{HeaderMap, Response, StatusCode};

use crate::layer::to_login;
use crate::{Auth, AuthRequest, CurrentUser, Error};

fn missing_layer() -> nuages_web::Error {
    nuages_web::Error::server("the handler asks for the user, but there is no `CurrentUserLayer` with a session around it")
        .with_hint("put `SessionLayer` and, inside of it, `CurrentUserLayer` around the router")
}

impl<S: Sync> FromRequestParts<S> for AuthRequest {
    type Rejection = nuages_web::Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, nuages_web::Error> {
        parts.extensions.get().cloned().ok_or_else(missing_layer)
    }
}

impl<S: Sync> FromRequestParts<S> for Auth {
    type Rejection = nuages_web::Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, nuages_web::Error> {
        let req = parts.extensions.get::<AuthRequest>();
        req.map(|req| req.auth().clone()).ok_or_else(missing_layer)
    }
}

/// Refuses visitors who have not logged in: browsers are sent to the login page, programs that want no HTML get 401.
impl<S: Sync> FromRequestParts<S> for CurrentUser {
    type Rejection = Response<Body>;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response<Body>> {
        let req = parts.extensions.get::<AuthRequest>();
        let req = req.ok_or_else(|| missing_layer().into_response())?;
        let failed = |error: Error| nuages_web::Error::from(error).into_response();
        match req.user().await.map_err(failed)? {
            Some(user) => Ok(user),
            None if wants_html(&parts.headers) => Err(to_login(req, parts)),
            None => Err(StatusCode::UNAUTHORIZED.into_response()),
        }
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for CurrentUser {
    type Rejection = nuages_web::Error;

    async fn from_request_parts(
        parts: &mut Parts,
        _: &S,
    ) -> Result<Option<Self>, nuages_web::Error> {
        let req = parts.extensions.get::<AuthRequest>();
        let req = req.ok_or_else(missing_layer)?;
        Ok(req.user().await?)
    }
}

/// False for programs that name what they accept, and not HTML.
fn wants_html(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_none_or(|accept| accept.contains("text/html") || accept.contains("*/*"))
}
