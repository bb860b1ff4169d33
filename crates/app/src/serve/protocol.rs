//! The versions of HTTP that are spoken: 1.1, and 2 with the feature `http2`.

use std::convert::Infallible;
use std::sync::Arc;

use http::{Request, Response};
use hyper::body::Incoming;
#[cfg(not(feature = "http2"))]
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::TokioIo;
#[cfg(feature = "http2")]
use hyper_util::{rt::TokioTimer, server::conn::auto};

use super::activity::Activity;
use super::bodies::WatchedBody;
use super::guarded::Guarded;
use super::settings::ServerSettings;
#[cfg(feature = "http2")]
use super::streams::Streams;

/// hyper takes no smaller buffer for the head of a request.
const MIN_HEADER_BYTES: usize = 8192;
/// What hyper has room for without asking for more.
const USUAL_HEADERS: usize = 100;

/// A client's socket, as hyper takes it.
type Io = TokioIo<Guarded>;

#[cfg(not(feature = "http2"))]
type Connection<S> = http1::UpgradeableConnection<Io, S>;
#[cfg(feature = "http2")]
type Connection<S> = auto::UpgradeableConnection<'static, Io, S, Streams>;

/// What hyper is told of the limits.
pub(super) struct Protocol {
    #[cfg(not(feature = "http2"))]
    builder: http1::Builder,
    #[cfg(feature = "http2")]
    settings: ServerSettings,
}

#[cfg(not(feature = "http2"))]
impl Protocol {
    pub(super) fn new(settings: &ServerSettings) -> Self {
        let mut builder = http1::Builder::new();
        builder.max_buf_size(head_size(settings));
        if let Some(most) = head_count(settings) {
            builder.max_headers(most);
        }
        Self { builder }
    }

    /// Drives a connection: it ends with the client's last request, or is asked to.
    pub(super) fn serve<S>(&self, io: Io, service: S, _: &Arc<Activity>) -> Connection<S>
    where
        S: Service<Request<Incoming>, Response = Response<WatchedBody>, Error = Infallible>,
        S::Future: Send + 'static,
    {
        self.builder.serve_connection(io, service).with_upgrades()
    }
}

#[cfg(feature = "http2")]
impl Protocol {
    pub(super) fn new(settings: &ServerSettings) -> Self {
        Self {
            settings: settings.clone(),
        }
    }

    /// Drives a connection: it ends with the client's last request, or is asked to.
    pub(super) fn serve<S>(&self, io: Io, service: S, activity: &Arc<Activity>) -> Connection<S>
    where
        S: Service<Request<Incoming>, Response = Response<WatchedBody>, Error = Infallible>,
        S::Future: Send + 'static,
    {
        self.builder(Streams(Arc::clone(activity)))
            .serve_connection_with_upgrades(io, service)
            .into_owned()
    }

    fn builder(&self, streams: Streams) -> auto::Builder<Streams> {
        let settings = &self.settings;
        let mut builder = auto::Builder::new(streams);
        let bytes = head_size(settings);
        builder.http1().max_buf_size(bytes);
        if let Some(most) = head_count(settings) {
            builder.http1().max_headers(most);
        }
        let none_if_zero = |limit: usize| Some(limit).filter(|limit| *limit != 0);
        let at_a_time = Some(settings.server_http2_max_streams).filter(|streams| *streams != 0);
        let pending = none_if_zero(settings.server_http2_max_pending_resets).unwrap_or(usize::MAX);
        builder
            .http2()
            .timer(TokioTimer::new())
            .max_concurrent_streams(at_a_time)
            .max_pending_accept_reset_streams(pending)
            .max_local_error_reset_streams(none_if_zero(settings.server_http2_max_local_resets))
            .max_header_list_size(u32::try_from(bytes).unwrap_or(u32::MAX))
            .keep_alive_interval(settings.ping_interval());
        builder
    }
}

// No timer of hyper's for heads: the round over all connections sees who sends none, and costs nothing for
// each request.

/// The most bytes of a head.
fn head_size(settings: &ServerSettings) -> usize {
    match settings.server_max_header_bytes {
        0 => usize::MAX / 4,
        bytes => bytes.max(MIN_HEADER_BYTES),
    }
}

/// The most headers, where that is not what hyper takes by itself.
fn head_count(settings: &ServerSettings) -> Option<usize> {
    match settings.server_max_headers {
        USUAL_HEADERS => None,
        0 => Some(usize::from(u16::MAX)),
        most => Some(most),
    }
}
