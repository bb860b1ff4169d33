//! The socket: hyper's server with limits, and a stop that lets open requests finish.

mod activity;
mod admission;
mod bodies;
mod connection;
mod frames;
mod guarded;
mod patience;
mod protocol;
mod settings;
#[cfg(feature = "http2")]
mod streams;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use nuages_web::SharedService;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::time::MissedTickBehavior;

use connection::Connections;
pub use settings::ServerSettings;
pub(crate) use settings::checks;

/// How long to wait when the machine has no file handle left for a new connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves until `stop` is ready, then waits up to `shutdown_timeout` for the open requests.
///
/// Returns true when every request was finished in time.
///
/// ```
/// use nuages_app::{ServerSettings, serve};
/// use nuages_web::SharedService;
/// use tokio::net::TcpListener;
///
/// async fn run(service: SharedService, stop: impl Future<Output = ()> + Send) -> std::io::Result<bool> {
///     let listener = TcpListener::bind("127.0.0.1:8000").await?;
///     serve(listener, service, &ServerSettings::default(), stop).await
/// }
/// ```
///
/// # Errors
/// When the listener has no address any more.
pub async fn serve(
    listener: TcpListener,
    service: SharedService,
    settings: &ServerSettings,
    stop: impl Future<Output = ()> + Send,
) -> io::Result<bool> {
    listener.local_addr()?;
    let grace = settings.grace();
    let most = match settings.server_max_connections {
        0 => Semaphore::MAX_PERMITS,
        most => most.min(Semaphore::MAX_PERMITS),
    };
    let places = Arc::new(Semaphore::new(most));
    let (stopping, stopped) = watch::channel(());
    let mut connections = Connections::new(settings, service, stopped);
    let mut rounds = tokio::time::interval(connections.period());
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut place = None;
    let mut stop = std::pin::pin!(stop);
    loop {
        // A client that finds no place waits in the queue of the system, not in our memory.
        if place.is_none() {
            tokio::select! {
                free = places.clone().acquire_owned() => place = Some(free),
                _ = rounds.tick() => connections.look_round(),
                () = &mut stop => break,
            }
            continue;
        }
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    if let Some(place) = place.take() {
                        connections.begin(stream, peer, place);
                    }
                }
                Err(error) => {
                    // One client's broken connection, or no file handle left: never the end of the server.
                    tracing::warn!(target: "nuages.server", %error, "a connection was not accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
            _ = rounds.tick() => connections.look_round(),
            () = &mut stop => break,
        }
    }
    drop(listener);
    connections.finish();
    connections.forget_stop();
    let mut late = std::pin::pin!(tokio::time::sleep(grace));
    loop {
        tokio::select! {
            // Each connection holds a receiver until its last request is finished.
            () = stopping.closed() => return Ok(true),
            _ = rounds.tick() => connections.look_round(),
            () = &mut late => return Ok(false),
        }
    }
}
