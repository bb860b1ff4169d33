//! The streams of one HTTP/2 connection: each is driven by a task, which a client that takes nothing ends.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use hyper::rt::Executor;

use super::activity::{Activity, Sending};

/// What hyper gives the streams of a connection to.
#[derive(Clone)]
pub(super) struct Streams(pub(super) Arc<Activity>);

impl<F> Executor<F> for Streams
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    fn execute(&self, future: F) {
        // hyper calls the service, and hands over the stream of that very request right after it.
        match self.0.take_latest() {
            Some(sending) => tokio::spawn(Driven {
                future: Some(Box::pin(future)),
                sending,
            }),
            None => tokio::spawn(async move {
                future.await;
            }),
        };
    }
}

/// A stream until its end, or until the client has not taken it for too long.
struct Driven<F> {
    future: Option<Pin<Box<F>>>,
    sending: Arc<Sending>,
}

impl<F: Future> Future for Driven<F> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.sending.is_given_up(cx) {
            // A stream that is dropped before its end is reset: the others of the connection go on.
            self.future = None;
        }
        match &mut self.future {
            Some(future) => future.as_mut().poll(cx).map(drop),
            None => Poll::Ready(()),
        }
    }
}
