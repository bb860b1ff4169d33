//! Layers in a list that is only known at run time.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::Body;
use futures_util::future::BoxFuture;
use http::{Request, Response};
use nuages_security::{AnyKept, AnyMiddleware, Enter, Entered, Leave, Middleware};

use crate::shared_service::{Call, ResponseFuture, SharedService};

/// Layers around a service; all of them together cost one future.
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
pub struct LayerStack {
    core: SharedService,
    /// Innermost first.
    layers: Vec<Box<dyn AnyMiddleware>>,
}

impl LayerStack {
    /// No layers yet around this service.
    pub fn new(core: SharedService) -> Self {
        Self {
            core,
            layers: Vec::new(),
        }
    }

    /// Puts a layer around all that is there.
    #[must_use]
    pub fn around(mut self, layer: impl Middleware) -> Self {
        self.layers.push(Box::new(layer));
        self
    }

    /// The service and its layers as one service.
    pub fn into_service(self) -> SharedService {
        if self.layers.is_empty() {
            return self.core;
        }
        SharedService(Arc::new(Stacked(Arc::new(self))))
    }
}

impl fmt::Debug for LayerStack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LayerStack")
            .field("layers", &self.layers.len())
            .finish_non_exhaustive()
    }
}

struct Stacked(Arc<LayerStack>);

impl Call for Stacked {
    fn call(&self, req: Request<Body>) -> ResponseFuture {
        let stack = &self.0;
        let mut kept = Vec::with_capacity(stack.layers.len());
        match stack.inwards(stack.layers.len(), req, &mut kept) {
            // Nobody looks at the response.
            Waiting::Inside(answer) if kept.is_empty() => answer,
            waiting => Box::pin(Passage {
                stack: Arc::clone(stack),
                kept,
                waiting,
            }),
        }
    }
}

/// What a request waits for.
enum Waiting {
    /// The layer of this number to let it in.
    Entering(usize, BoxFuture<'static, Entered<AnyKept>>),
    /// Its response.
    Inside(ResponseFuture),
    /// A layer to let its response out.
    Leaving(BoxFuture<'static, Response<Body>>),
}

/// A request on its way through the layers and back.
struct Passage {
    stack: Arc<LayerStack>,
    /// Numbers of the layers that wait for the response, the innermost last, and what they keep.
    kept: Vec<(usize, AnyKept)>,
    waiting: Waiting,
}

impl LayerStack {
    /// Lets a request pass the layers below this number, from the outermost inwards.
    fn inwards(
        &self,
        below: usize,
        mut req: Request<Body>,
        kept: &mut Vec<(usize, AnyKept)>,
    ) -> Waiting {
        for (number, layer) in self.layers.iter().enumerate().take(below).rev() {
            match layer.enter(&mut req) {
                Enter::Pass(thing) => kept.push((number, thing)),
                Enter::Skip => {}
                Enter::Answer(res) => {
                    return Waiting::Inside(Box::pin(std::future::ready(Ok(res))));
                }
                Enter::Wait(entered) => return Waiting::Entering(number, entered),
            }
        }
        Waiting::Inside(self.core.respond(req))
    }
}

impl Future for Passage {
    type Output = Result<Response<Body>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let me = self.get_mut();
        'waiting: loop {
            let mut res = match &mut me.waiting {
                Waiting::Inside(answer) => ready!(answer.as_mut().poll(cx))?,
                Waiting::Leaving(left) => ready!(left.as_mut().poll(cx)),
                Waiting::Entering(number, entered) => {
                    let number = *number;
                    match ready!(entered.as_mut().poll(cx)) {
                        Entered::Answer(res) => res,
                        Entered::Pass(req, thing) => {
                            me.kept.push((number, thing));
                            me.waiting = me.stack.inwards(number, req, &mut me.kept);
                            continue;
                        }
                    }
                }
            };
            while let Some((number, thing)) = me.kept.pop() {
                if let Some(layer) = me.stack.layers.get(number)
                    && let Leave::Wait(left) = layer.leave(thing, &mut res)
                {
                    me.waiting = Waiting::Leaving(left);
                    continue 'waiting;
                }
            }
            return Poll::Ready(Ok(res));
        }
    }
}
