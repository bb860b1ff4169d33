//! A body that is compressed while it is sent.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum_core::Error;
use axum_core::body::Body;
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame};

use super::encoder::Encoder;

/// A body that is compressed while it is sent; when the inner one fails, this one has no end either.
#[derive(Debug)]
pub(super) struct GzipBody {
    inner: Body,
    encoder: Option<Encoder>,
    trailers: Option<Frame<Bytes>>,
}

impl GzipBody {
    pub(super) fn new(inner: Body, encoder: Encoder) -> Self {
        Self {
            inner,
            encoder: Some(encoder),
            trailers: None,
        }
    }

    fn finish(&mut self) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let rest = self.encoder.take().map(Encoder::finish);
        match rest {
            Some(rest) => Poll::Ready(Some(rest.map(Frame::data).map_err(Error::new))),
            None => Poll::Ready(self.trailers.take().map(Ok)),
        }
    }
}

impl HttpBody for GzipBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let me = &mut *self;
        loop {
            let Some(encoder) = &mut me.encoder else {
                return me.finish();
            };
            let frame = match ready!(Pin::new(&mut me.inner).poll_frame(cx)) {
                None => return me.finish(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(frame)) => frame,
            };
            match frame.into_data() {
                Err(trailers) => {
                    me.trailers = Some(trailers);
                    return me.finish();
                }
                Ok(data) => match encoder.push(&data) {
                    Ok(ready) if ready.is_empty() => {}
                    Ok(ready) => return Poll::Ready(Some(Ok(Frame::data(ready)))),
                    Err(error) => return Poll::Ready(Some(Err(Error::new(error)))),
                },
            }
        }
    }
}
