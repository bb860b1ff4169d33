//! The layer that knows the user and keeps others out.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum_core::body::Body;
use axum_core::response::IntoResponse as _;
use futures_util::future::BoxFuture;
use http::request::Parts;
use http::{Request, Response};
use nuages_security::csrf::CsrfToken;
use nuages_sessions::Session;
use nuages_web::{Access, Redirect, RouteFlags, SiteContext};
use tower_layer::Layer;
use tower_service::Service;

use crate::redirect::{login_redirect, resolve_url};
use crate::verify::{Decision, verify};
use crate::{Auth, AuthRequest, Permissions};

/// Puts an [`AuthRequest`] into each request, and keeps out of a route whom it is not for.
///
/// It stands inside of the session layer and, so that login can replace the CSRF secret, of the CSRF layer.
/// A route without flags is for everybody, and costs no query unless it asks for the user.
///
/// # Django
/// `AuthenticationMiddleware`, and what `login_required` and `permission_required` do.
#[derive(Debug, Clone)]
pub struct CurrentUserLayer {
    auth: Auth,
}

impl CurrentUserLayer {
    /// The users of this site.
    pub fn new(auth: Auth) -> Self {
        Self { auth }
    }
}

impl<S> Layer<S> for CurrentUserLayer {
    type Service = CurrentUserService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        CurrentUserService {
            inner,
            auth: self.auth.clone(),
        }
    }
}

/// The service of a [`CurrentUserLayer`].
#[derive(Clone)]
pub struct CurrentUserService<S> {
    inner: S,
    auth: Auth,
}

impl<S> fmt::Debug for CurrentUserService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CurrentUserService").finish_non_exhaustive()
    }
}

impl<S> Service<Request<Body>> for CurrentUserService<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>
        + Clone
        + Send
        + 'static,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut req: Request<Body>) -> Self::Future {
        let extensions = req.extensions();
        let access = extensions
            .get::<RouteFlags>()
            .map_or(Access::Public, |flags| flags.access.clone());
        let Some(session) = extensions.get::<Session>().cloned() else {
            return match access {
                // Whoever asks for the user is told what is missing.
                Access::Public => nuages_security::boxed(self.inner.call(req)),
                _ => Box::pin(async { Ok(no_sessions()) }),
            };
        };
        let csrf = extensions.get::<CsrfToken>().cloned();
        let auth_request = AuthRequest::new(self.auth.clone(), session, csrf);
        req.extensions_mut().insert(auth_request.clone());
        if access == Access::Public {
            return nuages_security::boxed(self.inner.call(req));
        }
        // The service that was made ready is the one to call.
        let ready = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, ready);
        Box::pin(async move {
            let (parts, body) = req.into_parts();
            match refuse(&access, &auth_request, &parts).await {
                Some(refusal) => Ok(refusal),
                None => inner.call(Request::from_parts(parts, body)).await,
            }
        })
    }
}

/// The response to a visitor for whom the route is not.
async fn refuse(access: &Access, req: &AuthRequest, parts: &Parts) -> Option<Response<Body>> {
    match decide(access, req).await {
        Ok(Decision::Pass) => None,
        Ok(Decision::Login) => Some(to_login(req, parts)),
        Ok(Decision::Forbidden) => {
            let error =
                nuages_web::Error::permission_denied("the user lacks a permission of the route");
            Some(error.into_response())
        }
        Err(error) => Some(nuages_web::Error::from(error).into_response()),
    }
}

async fn decide(access: &Access, req: &AuthRequest) -> Result<Decision, crate::Error> {
    let user = req.user().await?;
    let none = Permissions::none();
    let permissions = match (&user, access) {
        (Some(user), Access::Permission { .. }) => Some(user.permissions().await?),
        (Some(_), _) => Some(&none),
        (None, _) => None,
    };
    Ok(verify(access, permissions))
}

/// Sends the visitor to the login page, from where the way leads back here.
pub(crate) fn to_login(req: &AuthRequest, parts: &Parts) -> Response<Body> {
    let site = parts.extensions.get::<Arc<SiteContext>>();
    let own = parts
        .extensions
        .get::<RouteFlags>()
        .and_then(|flags| flags.login_url.as_deref());
    let login_url = own.unwrap_or(&req.auth().settings().login_url);
    resolve_url(site.map(|site| &**site), login_url)
        .and_then(|login_url| Redirect::to(&login_redirect(parts, &login_url)))
        .unwrap_or_else(nuages_web::Error::into_response)
}

/// A protected route without sessions around it lets nobody in.
#[cold]
fn no_sessions() -> Response<Body> {
    nuages_web::Error::server("a route is for users only, but there is no session")
        .with_hint("put `SessionLayer` around `CurrentUserLayer`")
        .into_response()
}
