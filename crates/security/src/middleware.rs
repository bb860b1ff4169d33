//! What all layers have in common: a look at the request, a look at the response, and one service around both.

use std::any::Any;
use std::convert::Infallible;
use std::fmt;
use std::task::{Context, Poll};

use axum_core::body::Body;
use futures_util::future::BoxFuture;
use http::{Request, Response, StatusCode};
use tower_service::Service;

use crate::{ResponseFuture, boxed};

/// A layer as two decisions: what becomes of a request on its way in, and of its response on the way out.
///
/// Neither waits, unless it says so: a request that gives a layer nothing to wait for costs no future.
/// [`tower_layer!`](crate::tower_layer) makes a tower layer of it, and [`Wrapped`] is its service.
///
/// ```
/// use axum::body::Body;
/// use axum::{Router, routing::get};
/// use http::{HeaderValue, Request, Response};
/// use nuages_security::{Enter, Leave, Middleware, tower_layer};
///
/// /// Says who made the page.
/// #[derive(Debug, Clone)]
/// struct Author(HeaderValue);
///
/// impl Middleware for Author {
///     type Kept = ();
///
///     fn enter(&self, _: &mut Request<Body>) -> Enter<()> {
///         Enter::Pass(())
///     }
///
///     fn leave(&self, _: (), res: &mut Response<Body>) -> Leave {
///         res.headers_mut().insert("x-author", self.0.clone());
///         Leave::Done
///     }
/// }
///
/// tower_layer!(Author);
/// let app: Router = Router::new()
///     .route("/", get(|| async { "hello" }))
///     .layer(Author(HeaderValue::from_static("me")));
/// ```
///
/// # Django
/// `process_request` and `process_response` of `MiddlewareMixin`.
pub trait Middleware: Send + Sync + 'static {
    /// What the way out has to know of the way in.
    type Kept: Send + 'static;

    /// Looks at a request.
    fn enter(&self, req: &mut Request<Body>) -> Enter<Self::Kept>;

    /// Looks at the response to a request that passed.
    fn leave(&self, kept: Self::Kept, res: &mut Response<Body>) -> Leave {
        let _ = (kept, res);
        Leave::Done
    }
}

/// What becomes of a request.
pub enum Enter<K> {
    /// It goes on, and [`Middleware::leave`] sees its response.
    Pass(K),
    /// It goes on, and its response is no concern of this layer.
    Skip,
    /// This is the response; nobody inside sees the request.
    Answer(Response<Body>),
    /// That is still to be found out.
    Wait(BoxFuture<'static, Entered<K>>),
}

/// What became of a request that was waited for.
pub enum Entered<K> {
    /// It goes on, and [`Middleware::leave`] sees its response.
    Pass(Request<Body>, K),
    /// This is the response; nobody inside sees the request.
    Answer(Response<Body>),
}

/// What becomes of a response.
pub enum Leave {
    /// It is as it should be.
    Done,
    /// It is replaced by this one.
    Wait(BoxFuture<'static, Response<Body>>),
}

impl<K: Send + 'static> Enter<K> {
    /// The same, with what is kept in another shape.
    pub fn map<T>(self, shape: impl FnOnce(K) -> T + Send + 'static) -> Enter<T> {
        match self {
            Self::Pass(kept) => Enter::Pass(shape(kept)),
            Self::Skip => Enter::Skip,
            Self::Answer(res) => Enter::Answer(res),
            Self::Wait(entered) => Enter::Wait(Box::pin(async {
                match entered.await {
                    Entered::Pass(req, kept) => Entered::Pass(req, shape(kept)),
                    Entered::Answer(res) => Entered::Answer(res),
                }
            })),
        }
    }
}

impl<K> Enter<K> {
    /// Takes the request along, to find out more about it.
    pub fn wait<F>(req: &mut Request<Body>, find_out: impl FnOnce(Request<Body>) -> F) -> Self
    where
        F: Future<Output = Entered<K>> + Send + 'static,
    {
        Self::Wait(Box::pin(find_out(std::mem::take(req))))
    }
}

impl Leave {
    /// A layer was given what another one kept: nothing of this response may go out.
    #[cold]
    pub fn mixed_up(res: &mut Response<Body>) -> Self {
        *res = Response::default();
        *res.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        Self::Done
    }

    /// Takes the response along, to do more with it.
    pub fn wait<F>(res: &mut Response<Body>, finish: impl FnOnce(Response<Body>) -> F) -> Self
    where
        F: Future<Output = Response<Body>> + Send + 'static,
    {
        Self::Wait(Box::pin(finish(std::mem::take(res))))
    }
}

impl<K> fmt::Debug for Enter<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pass(_) => "Pass",
            Self::Skip => "Skip",
            Self::Answer(_) => "Answer",
            Self::Wait(_) => "Wait",
        })
    }
}

impl<K> fmt::Debug for Entered<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pass(..) => "Pass",
            Self::Answer(_) => "Answer",
        })
    }
}

impl fmt::Debug for Leave {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Done => "Done",
            Self::Wait(_) => "Wait",
        })
    }
}

/// What a layer keeps, its type forgotten.
pub type AnyKept = Box<dyn Any + Send>;

/// A [`Middleware`] with its type forgotten, for lists of layers that are only known at run time.
///
/// Every middleware is one, and it is a middleware itself.
pub type AnyMiddleware = Box<dyn Erased>;

/// As [`Middleware`], with what it keeps in a box.
#[doc(hidden)]
pub trait Erased: Send + Sync + 'static {
    fn enter_any(&self, req: &mut Request<Body>) -> Enter<AnyKept>;

    fn leave_any(&self, kept: AnyKept, res: &mut Response<Body>) -> Leave;
}

impl<M: Middleware> Erased for M {
    fn enter_any(&self, req: &mut Request<Body>) -> Enter<AnyKept> {
        self.enter(req).map(|kept| Box::new(kept) as AnyKept)
    }

    fn leave_any(&self, kept: AnyKept, res: &mut Response<Body>) -> Leave {
        match kept.downcast::<M::Kept>() {
            Ok(kept) => self.leave(*kept, res),
            Err(_) => Leave::mixed_up(res),
        }
    }
}

impl Middleware for AnyMiddleware {
    type Kept = AnyKept;

    fn enter(&self, req: &mut Request<Body>) -> Enter<AnyKept> {
        (**self).enter_any(req)
    }

    fn leave(&self, kept: AnyKept, res: &mut Response<Body>) -> Leave {
        (**self).leave_any(kept, res)
    }
}

/// The tower service of a [`Middleware`] around another service.
#[derive(Debug, Clone)]
pub struct Wrapped<M, S> {
    middleware: M,
    inner: S,
}

impl<M, S> Wrapped<M, S> {
    /// Puts the middleware around a service.
    pub fn new(middleware: M, inner: S) -> Self {
        Self { middleware, inner }
    }
}

impl<M, S> Service<Request<Body>> for Wrapped<M, S>
where
    M: Middleware + Clone,
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>
        + Clone
        + Send
        + 'static,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut req: Request<Body>) -> ResponseFuture {
        match self.middleware.enter(&mut req) {
            Enter::Skip => boxed(self.inner.call(req)),
            Enter::Answer(res) => Box::pin(std::future::ready(Ok(res))),
            Enter::Pass(kept) => {
                let middleware = self.middleware.clone();
                let answer = self.inner.call(req);
                Box::pin(async move { Ok(outwards(&middleware, kept, answer.await?).await) })
            }
            Enter::Wait(entered) => {
                let middleware = self.middleware.clone();
                // The service that was made ready is the one to call.
                let ready = self.inner.clone();
                let mut inner = std::mem::replace(&mut self.inner, ready);
                Box::pin(async move {
                    match entered.await {
                        Entered::Answer(res) => Ok(res),
                        Entered::Pass(req, kept) => {
                            let res = inner.call(req).await?;
                            Ok(outwards(&middleware, kept, res).await)
                        }
                    }
                })
            }
        }
    }
}

async fn outwards<M: Middleware>(
    middleware: &M,
    kept: M::Kept,
    mut res: Response<Body>,
) -> Response<Body> {
    match middleware.leave(kept, &mut res) {
        Leave::Done => res,
        Leave::Wait(instead) => instead.await,
    }
}

/// Makes a tower layer of a [`Middleware`] that is `Clone`.
///
/// See there for an example.
#[macro_export]
macro_rules! tower_layer {
    ($middleware:ty) => {
        impl<S> $crate::middleware::Layer<S> for $middleware {
            type Service = $crate::Wrapped<Self, S>;

            fn layer(&self, inner: S) -> Self::Service {
                $crate::Wrapped::new(self.clone(), inner)
            }
        }
    };
}

#[doc(hidden)]
pub use tower_layer::Layer;
