//! The layer that says it for every response of a view.

use std::sync::Arc;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::Request;
use nuages_base::Clock;
use nuages_security::vary::patch_vary_headers;
use nuages_security::{Enter, Leave, Middleware, Wrapped, tower_layer};

use super::cache_control::CacheControl;
use super::patch::add_never_cache_headers;
use crate::conditional::clock_of;
use crate::error::Error;

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

tower_layer!(PatchHeadersLayer);

/// The service of [`PatchHeadersLayer`].
pub type PatchHeaders<S> = Wrapped<PatchHeadersLayer, S>;

impl Middleware for PatchHeadersLayer {
    type Kept = Clock;

    fn enter(&self, req: &mut Request<Body>) -> Enter<Clock> {
        Enter::Pass(clock_of(req.extensions()))
    }

    fn leave(&self, clock: Clock, res: &mut Response) -> Leave {
        let headers = res.headers_mut();
        let patched = match &self.0 {
            Patch::CacheControl(directives) => directives.patch(headers),
            Patch::NeverCache => add_never_cache_headers(headers, clock.now()),
            Patch::Vary(names) => {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                patch_vary_headers(headers, &names);
                Ok(())
            }
        };
        // A response that says nonsense about its age is not sent: somebody may keep it for ever.
        if let Err(error) = patched {
            *res = Error::from(error).into_response();
        }
        Leave::Done
    }
}
