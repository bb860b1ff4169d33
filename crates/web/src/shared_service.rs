//! A service with its type forgotten.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body;
use futures_util::future::poll_fn;
use http::{Request, Response};
use nuages_security::boxed;
use tower_service::Service;

pub use nuages_security::ResponseFuture;

pub(crate) trait Call: Send + Sync {
    fn call(&self, req: Request<Body>) -> ResponseFuture;
}

/// Any service, type-erased and cheap to clone: one counter goes up.
///
/// A list of layers that is only known at run time can be wrapped around it one by one.
///
/// ```
/// use axum::body::Body;
/// use http::{Request, Response};
/// use nuages_web::SharedService;
/// use std::convert::Infallible;
/// use tower::{ServiceExt, service_fn};
///
/// # futures_util::FutureExt::now_or_never(async {
/// let hello = service_fn(async |_: Request<Body>| Ok::<_, Infallible>(Response::new(Body::from("hello"))));
/// let shared = SharedService::new(hello);
/// let response = shared.oneshot(Request::new(Body::empty())).await.unwrap();
/// assert_eq!(response.status(), 200);
/// # }).unwrap();
/// ```
#[derive(Clone)]
pub struct SharedService(pub(crate) Arc<dyn Call>);

impl SharedService {
    /// Forgets the type of a service.
    pub fn new<S>(service: S) -> Self
    where
        S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>
            + Clone
            + Send
            + Sync
            + 'static,
        S::Future: Send + 'static,
    {
        Self(Arc::new(Erased(service)))
    }

    /// Answers a request without needing `&mut self`.
    pub fn respond(&self, req: Request<Body>) -> ResponseFuture {
        self.0.call(req)
    }
}

impl Service<Request<Body>> for SharedService {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, req: Request<Body>) -> ResponseFuture {
        self.0.call(req)
    }
}

impl fmt::Debug for SharedService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedService").finish_non_exhaustive()
    }
}

struct Erased<S>(S);

impl<S> Call for Erased<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>
        + Clone
        + Send
        + Sync
        + 'static,
    S::Future: Send + 'static,
{
    fn call(&self, req: Request<Body>) -> ResponseFuture {
        let mut service = self.0.clone();
        let mut cx = Context::from_waker(std::task::Waker::noop());
        match service.poll_ready(&mut cx) {
            Poll::Ready(Ok(())) => boxed(service.call(req)),
            // A layer of the house is always ready; a stranger's may want to be waited for.
            _ => Box::pin(async move {
                poll_fn(|cx| service.poll_ready(cx)).await?;
                service.call(req).await
            }),
        }
    }
}
