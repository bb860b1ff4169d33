//! The layer that says it for every response of a view.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::Request;
use nuages_security::vary::patch_vary_headers;
use tower_layer::Layer;
use tower_service::Service;

use super::cache_control::CacheControl;
use super::patch::add_never_cache_headers;
use crate::conditional::clock_of;
use crate::error::Error;
use crate::shared_service::ResponseFuture;

/// Tells caches what they may do with every response of a view or router.
///
/// ```
/// use axum::{Router, routing::get};
/// use nuages_web::cache_headers::{CacheControl, PatchHeadersLayer};
///
/// let app: Router = Router::new()
///     .route("/news", get(|| async { "news" }))
///     .layer(PatchHeadersLayer::cache_control(CacheControl::new().public().max_age(60)))
///     .layer(PatchHeadersLayer::vary_on_headers(["Accept"]));
/// ```
///
/// # Django
/// The decorators `cache_control`, `never_cache`, `vary_on_headers` and `vary_on_cookie`.
#[derive(Debug, Clone)]
pub struct PatchHeadersLayer(Patch);

#[derive(Debug, Clone)]
enum Patch {
    CacheControl(Arc<CacheControl>),
    NeverCache,
    Vary(Arc<[String]>),
}

impl PatchHeadersLayer {
    /// Adds directives to `Cache-Control`.
    pub fn cache_control(directives: CacheControl) -> Self {
        Self(Patch::CacheControl(Arc::new(directives)))
    }

    /// Nobody may keep the responses.
    pub fn never_cache() -> Self {
        Self(Patch::NeverCache)
    }

    /// The responses depend on these headers of the request.
    pub fn vary_on_headers<I>(names: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        Self(Patch::Vary(names.into_iter().map(Into::into).collect()))
    }
}

impl<S> Layer<S> for PatchHeadersLayer {
    type Service = PatchHeaders<S>;

    fn layer(&self, inner: S) -> PatchHeaders<S> {
        PatchHeaders {
            inner,
            patch: self.0.clone(),
        }
    }
}

/// The service of [`PatchHeadersLayer`].
#[derive(Debug, Clone)]
pub struct PatchHeaders<S> {
    inner: S,
    patch: Patch,
}

impl<S> Service<Request<Body>> for PatchHeaders<S>
where
    S: Service<Request<Body>, Response = Response, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, req: Request<Body>) -> ResponseFuture {
        let patch = self.patch.clone();
        let clock = clock_of(req.extensions());
        let response = self.inner.call(req);
        Box::pin(async move {
            let mut response = response.await?;
            let headers = response.headers_mut();
            let patched = match &patch {
                Patch::CacheControl(directives) => directives.patch(headers),
                Patch::NeverCache => add_never_cache_headers(headers, clock.now()),
                Patch::Vary(names) => {
                    let names: Vec<&str> = names.iter().map(String::as_str).collect();
                    patch_vary_headers(headers, &names);
                    Ok(())
                }
            };
            // A response that says nonsense about its age is not sent: somebody may keep it for ever.
            Ok(match patched {
                Ok(()) => response,
                Err(error) => Error::from(error).into_response(),
            })
        })
    }
}
