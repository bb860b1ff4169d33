//! The socket: hyper's server with limits, and a stop that lets open requests finish.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::body::Body;
use axum::extract::ConnectInfo;
use http::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use nuages_web::SharedService;
use tokio::net::{TcpListener, TcpStream};
use tower::Service;

/// A client that has not sent its whole header by then is hung up on.
const HEADER_READ_TIMEOUT: Duration = Duration::from_secs(30);
/// More headers than this answer 431.
const MAX_HEADERS: usize = 100;
/// More header bytes than this answer 431.
const MAX_HEADER_BYTES: usize = 64 * 1024;
/// How long to wait when the machine has no file handle left for a new connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves until `stop` is ready, then waits up to `grace` for the open requests.
///
/// Returns true when every request was finished in time.
///
/// # Errors
/// When the listener has no address any more.
pub async fn serve(
    listener: TcpListener,
    service: SharedService,
    stop: impl Future<Output = ()> + Send,
    grace: Duration,
) -> io::Result<bool> {
    listener.local_addr()?;
    let builder = connection_builder();
    let open = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => connect(&builder, &open, stream, peer, service.clone()),
                Err(error) => {
                    // One client's broken connection, or no file handle left: never the end of the server.
                    tracing::warn!(target: "nuages.server", %error, "a connection was not accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
            () = &mut stop => break,
        }
    }
    drop(listener);
    tokio::select! {
        () = open.shutdown() => Ok(true),
        () = tokio::time::sleep(grace) => Ok(false),
    }
}

fn connection_builder() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_READ_TIMEOUT)
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_HEADER_BYTES);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(100)
        .max_header_list_size(u32::try_from(MAX_HEADER_BYTES).unwrap_or(u32::MAX));
    builder
}

fn connect(
    builder: &Builder<TokioExecutor>,
    open: &GracefulShutdown,
    stream: TcpStream,
    peer: SocketAddr,
    service: SharedService,
) {
    // Small answers must not wait for the client's next packet.
    let _ = stream.set_nodelay(true);
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        let mut service = service.clone();
        async move {
            let answer: Result<_, Infallible> = service.call(request).await;
            answer
        }
    });
    let connection = builder
        .serve_connection_with_upgrades(TokioIo::new(stream), service)
        .into_owned();
    let connection = open.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(target: "nuages.server", %error, %peer, "the connection ended early");
        }
    });
}
