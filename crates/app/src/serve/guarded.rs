//! The socket as the HTTP library sees it: slow readers and floods of frames are cut off.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::frames::FrameMeter;
use super::patience::Patience;
use super::settings::ServerSettings;

/// A socket with patience for its writes and a meter on its reads.
#[derive(Debug)]
pub(super) struct Guarded {
    stream: TcpStream,
    writes: Patience,
    frames: FrameMeter,
}

impl Guarded {
    pub(super) fn new(stream: TcpStream, settings: &ServerSettings) -> Self {
        Self {
            stream,
            writes: Patience::new(settings.write_timeout(), settings.server_min_rate),
            frames: FrameMeter::new(
                settings
                    .speaks_http2()
                    .then_some(settings.server_http2_max_overhead_frames),
            ),
        }
    }

    fn wrote(
        &mut self,
        cx: &mut Context<'_>,
        result: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match result {
            Poll::Ready(Ok(bytes)) => {
                self.writes.progress(bytes);
                self.frames.send(bytes);
                Poll::Ready(Ok(bytes))
            }
            Poll::Pending if self.writes.poll_over(cx).is_ready() => {
                let words = "the client did not take its response in time";
                Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, words)))
            }
            other => other,
        }
    }
}

impl AsyncRead for Guarded {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let result = Pin::new(&mut self.stream).poll_read(cx, buf);
        if let Poll::Ready(Ok(())) = result {
            let came = &buf.filled()[before..];
            return Poll::Ready(self.frames.receive(came).map_err(io::Error::other));
        }
        result
    }
}

impl AsyncWrite for Guarded {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.wrote(cx, result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.wrote(cx, result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
