//! Layers in a list that is only known at run time.

use std::any::Any;
use std::convert::Infallible;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::Body;
use axum::response::IntoResponse;
use futures_util::future::BoxFuture;
use http::{Request, Response};
use nuages_security::{AnyMiddleware, Enter, Entered, Leave, Middleware};

use crate::pages::panic_error;
use crate::shared_service::{Call, ResponseFuture, SharedService};

/// Layers around a service; all of them together cost one future.
///
/// A panic becomes a 500, whose response passes the layers outside of the one that panicked.
///
/// ```
/// use axum::body::Body;
/// use http::{Request, Response};
/// use nuages_security::frame::FrameOptionsLayer;
/// use nuages_security::headers::SecurityHeadersLayer;
/// use nuages_web::{LayerStack, SharedService};
/// use std::convert::Infallible;
/// use tower::service_fn;
///
/// # futures_util::FutureExt::now_or_never(async {
/// let hello = service_fn(async |_: Request<Body>| Ok::<_, Infallible>(Response::new(Body::from("hello"))));
/// let service = LayerStack::new(SharedService::new(hello))
///     .around(FrameOptionsLayer::default())
///     .around(SecurityHeadersLayer::new(&Default::default()))
///     .into_service();
/// let response = service.respond(Request::new(Body::empty())).await.unwrap();
/// assert_eq!(response.headers()["x-frame-options"], "DENY");
/// assert_eq!(response.headers()["x-content-type-options"], "nosniff");
/// # }).unwrap();
/// ```
///
/// The layers may be of any types. Where they are of one, such as an enum, what they keep of a request lies
/// side by side: see [`of`](Self::of).
pub struct LayerStack<M = AnyMiddleware> {
    core: SharedService,
    /// Innermost first.
    layers: Vec<M>,
}

impl LayerStack {
    /// No layers yet around this service.
    pub fn new(core: SharedService) -> Self {
        Self::of(core, Vec::new())
    }

    /// Puts a layer around all that is there.
    #[must_use]
    pub fn around(mut self, layer: impl Middleware) -> Self {
        self.layers.push(Box::new(layer));
        self
    }
}

impl<M: Middleware> LayerStack<M> {
    /// These layers around this service, the innermost first.
    pub fn of(core: SharedService, layers: Vec<M>) -> Self {
        Self { core, layers }
    }

    /// The service and its layers as one service.
    pub fn into_service(self) -> SharedService {
        SharedService(Arc::new(Stacked(Arc::new(self))))
    }
}

impl<M> fmt::Debug for LayerStack<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LayerStack")
            .field("layers", &self.layers.len())
            .finish_non_exhaustive()
    }
}

struct Stacked<M>(Arc<LayerStack<M>>);

impl<M: Middleware> Call for Stacked<M> {
    fn call(&self, req: Request<Body>) -> ResponseFuture {
        let stack = &self.0;
        let mut kept = Vec::with_capacity(stack.layers.len());
        let entered = catch_unwind(AssertUnwindSafe(|| {
            stack.inwards(stack.layers.len(), req, &mut kept)
        }));
        let waiting = entered.unwrap_or_else(|panic| Waiting::answer(panic_response(&*panic)));
        Box::pin(Passage {
            stack: Arc::clone(stack),
            kept,
            waiting,
        })
    }
}

/// What a panic is to the layers outside.
#[cold]
fn panic_response(panic: &(dyn Any + Send)) -> Response<Body> {
    panic_error(panic).into_response()
}

/// What a request waits for.
enum Waiting<K> {
    /// The layer of this number to let it in.
    Entering(usize, BoxFuture<'static, Entered<K>>),
    /// Its response.
    Inside(ResponseFuture),
    /// A layer to let its response out.
    Leaving(BoxFuture<'static, Response<Body>>),
}

impl<K> Waiting<K> {
    /// For nothing: this is the response.
    fn answer(res: Response<Body>) -> Self {
        Self::Inside(Box::pin(std::future::ready(Ok(res))))
    }
}

/// A request on its way through the layers and back.
struct Passage<M: Middleware> {
    stack: Arc<LayerStack<M>>,
    /// Numbers of the layers that wait for the response, the innermost last, and what they keep.
    kept: Vec<(usize, M::Kept)>,
    waiting: Waiting<M::Kept>,
}

/// Nothing in it is pinned: what waits is in boxes.
impl<M: Middleware> Unpin for Passage<M> {}

impl<M: Middleware> LayerStack<M> {
    /// Lets a request pass the layers below this number, from the outermost inwards.
    fn inwards(
        &self,
        below: usize,
        mut req: Request<Body>,
        kept: &mut Vec<(usize, M::Kept)>,
    ) -> Waiting<M::Kept> {
        for (number, layer) in self.layers.iter().enumerate().take(below).rev() {
            match layer.enter(&mut req) {
                Enter::Pass(thing) => kept.push((number, thing)),
                Enter::Skip => {}
                Enter::Answer(res) => return Waiting::answer(res),
                Enter::Wait(entered) => return Waiting::Entering(number, entered),
            }
        }
        Waiting::Inside(self.core.respond(req))
    }
}

impl<M: Middleware> Passage<M> {
    /// The response to whatever is waited for.
    fn poll_waiting(&mut self, cx: &mut Context<'_>) -> Poll<Response<Body>> {
        loop {
            match &mut self.waiting {
                Waiting::Inside(answer) => {
                    let Ok(res) = ready!(answer.as_mut().poll(cx));
                    return Poll::Ready(res);
                }
                Waiting::Leaving(left) => return left.as_mut().poll(cx),
                Waiting::Entering(number, entered) => {
                    let number = *number;
                    match ready!(entered.as_mut().poll(cx)) {
                        Entered::Answer(res) => return Poll::Ready(res),
                        Entered::Pass(req, thing) => {
                            self.kept.push((number, thing));
                            self.waiting = self.stack.inwards(number, req, &mut self.kept);
                        }
                    }
                }
            }
        }
    }

    /// Goes as far as there is nothing to wait for, with the response to a panic if there was one.
    fn go_on(
        &mut self,
        mut instead: Option<Response<Body>>,
        cx: &mut Context<'_>,
    ) -> Poll<Response<Body>> {
        'waiting: loop {
            let mut res = match instead.take() {
                Some(res) => res,
                None => ready!(self.poll_waiting(cx)),
            };
            while let Some((number, thing)) = self.kept.pop() {
                if let Some(layer) = self.stack.layers.get(number)
                    && let Leave::Wait(left) = layer.leave(thing, &mut res)
                {
                    self.waiting = Waiting::Leaving(left);
                    continue 'waiting;
                }
            }
            return Poll::Ready(res);
        }
    }
}

impl<M: Middleware> Future for Passage<M> {
    type Output = Result<Response<Body>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let me = self.get_mut();
        let mut instead = None;
        // Each panic ends a future or a layer, so that there are not many.
        loop {
            let went = catch_unwind(AssertUnwindSafe(|| me.go_on(instead.take(), cx)));
            match went {
                Ok(went) => return went.map(Ok),
                Err(panic) => instead = Some(panic_response(&*panic)),
            }
        }
    }
}
