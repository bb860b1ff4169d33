//! Security as tower layers for any axum or tower app: CSRF, hosts, HTTPS, headers, CSP.
//!
//! Each protection is a layer of its own that works in any axum app. The decisions are plain
//! functions next to the layers, so that they can be read and tested without a server.
//!
//! - [`hosts`]: which hosts the site answers for; finds out host and scheme behind a proxy.
//! - [`headers`]: HTTPS redirect, HSTS, `nosniff`, referrer and opener policy.
//! - [`frame`]: `X-Frame-Options` against clickjacking.
//! - [`csp`]: Content-Security-Policy with a nonce made on first use.
//! - [`gzip`]: shorter responses, padded against BREACH.
//! - [`csrf`]: forged cross-site requests are refused.
//! - [`cookie`], [`vary`], [`date`], [`redirect`], [`uri`]: the shared words of HTTP.
//! - [`outbound`]: where the server may go when a visitor says so.
//! - [`Middleware`]: what all layers are made of, and yours can be.
//! - [`Refusal`]: every way a request is turned away, in one table.
//! - [`checks`]: what `check --deploy` says about the settings.
//!
//! The order, outermost first: hosts, headers, frame, csp, then sessions, then csrf. The outer layers
//! thereby also mark the refusals of the inner ones.
//!
//! # Django
//! `SecurityMiddleware`, `XFrameOptionsMiddleware`, `ContentSecurityPolicyMiddleware`,
//! `CsrfViewMiddleware`, and the host validation of `HttpRequest.get_host()`.
#![forbid(unsafe_code)]

pub mod checks;
pub mod cookie;
pub mod csp;
pub mod csrf;
pub mod date;
mod extract;
mod fixed;
pub mod frame;
pub mod gzip;
pub mod headers;
pub mod hosts;
mod logged_path;
#[doc(hidden)]
pub mod middleware;
pub mod outbound;
mod page;
pub mod redirect;
mod refusal;
pub mod uri;
pub mod vary;

pub use extract::MissingLayer;
pub use logged_path::LoggedPath;
pub use middleware::{AnyKept, AnyMiddleware, Enter, Entered, Leave, Middleware, Wrapped};
pub use refusal::{Level, Refusal};

use axum_core::body::Body;
use futures_util::future::BoxFuture;
use http::Response;
use std::any::Any;
use std::convert::Infallible;

/// Boxes a future, unless it is boxed already: layers that only pass a request on cost no box.
///
/// ```
/// use nuages_security::{ResponseFuture, boxed};
///
/// let response: ResponseFuture = boxed(async { Ok(Default::default()) });
/// let the_same: ResponseFuture = boxed(response);
/// # let _ = the_same;
/// ```
pub fn boxed<F>(future: F) -> ResponseFuture
where
    F: Future<Output = Result<Response<Body>, Infallible>> + Send + 'static,
{
    let mut future = Some(future);
    let slot: &mut dyn Any = &mut future;
    match slot
        .downcast_mut::<Option<ResponseFuture>>()
        .and_then(Option::take)
    {
        Some(boxed) => boxed,
        None => match future {
            Some(future) => Box::pin(future),
            // It is there unless it was taken above.
            None => Box::pin(std::future::pending()),
        },
    }
}

/// What the services of this crate return: boxed once per layer.
pub type ResponseFuture = BoxFuture<'static, Result<Response<Body>, Infallible>>;
