//! Bodies on their way in and out, watched.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::Body;
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use hyper::body::Incoming;

use super::activity::Exchange;
use super::patience::Patience;

/// A piece of a response that is watched; the client takes each within the time limit.
const PIECE: usize = 16 * 1024;

/// The body of a request, which fails when the client lets us wait too long for it.
#[derive(Debug)]
pub(super) struct PatientBody {
    inner: Incoming,
    patience: Patience,
}

impl PatientBody {
    pub(super) fn new(inner: Incoming, patience: Patience) -> Self {
        Self { inner, patience }
    }
}

impl HttpBody for PatientBody {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let me = &mut *self;
        match Pin::new(&mut me.inner).poll_frame(cx) {
            Poll::Ready(frame) => {
                if let Some(Ok(frame)) = &frame {
                    me.patience.progress(frame.data_ref().map_or(0, Bytes::len));
                }
                Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
            }
            Poll::Pending => {
                ready!(me.patience.poll_over(cx));
                let words = "the client did not send its body in time";
                let error = io::Error::new(io::ErrorKind::TimedOut, words);
                Poll::Ready(Some(Err(error.into())))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// The body of a response, which tells the connection's watch how it is doing.
#[derive(Debug)]
pub(super) struct WatchedBody {
    inner: Body,
    exchange: Exchange,
    /// The rest of a piece that was too large to hand over at once.
    rest: Bytes,
}

impl WatchedBody {
    pub(super) fn new(inner: Body, exchange: Exchange) -> Self {
        // With its window closed a client takes the head, and asks for nothing.
        exchange.handed_over();
        Self {
            inner,
            exchange,
            rest: Bytes::new(),
        }
    }

    /// The next piece of the rest, none of them larger than the client can take in time.
    fn piece(&mut self) -> Frame<Bytes> {
        let length = self.rest.len().min(PIECE);
        self.exchange.handed_over();
        Frame::data(self.rest.split_to(length))
    }
}

impl HttpBody for WatchedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let me = &mut *self;
        if !me.exchange.is_watched() {
            return Pin::new(&mut me.inner).poll_frame(cx);
        }
        me.exchange.asked_for_more();
        if !me.rest.is_empty() {
            return Poll::Ready(Some(Ok(me.piece())));
        }
        let frame = ready!(Pin::new(&mut me.inner).poll_frame(cx));
        let Some(Ok(frame)) = frame else {
            return Poll::Ready(frame);
        };
        match frame.into_data() {
            Ok(data) => {
                me.rest = data;
                Poll::Ready(Some(Ok(me.piece())))
            }
            Err(trailers) => Poll::Ready(Some(Ok(trailers))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let mut hint = self.inner.size_hint();
        let rest = self.rest.len() as u64;
        let (lower, upper) = (hint.lower() + rest, hint.upper());
        if let Some(upper) = upper {
            hint.set_upper(upper.saturating_add(rest));
        }
        hint.set_lower(lower);
        hint
    }
}
