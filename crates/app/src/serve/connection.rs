//! One connection: hyper drives it, and a watch looks after it.

use std::convert::Infallible;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::Poll;
use std::time::Duration;

use axum::body::Body;
use axum::extract::ConnectInfo;
use http::header::{CONNECTION, HeaderValue};
use http::{Extensions, Request, Response, StatusCode, Version};
use http_body::Body as _;
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use nuages_web::SharedService;
use tokio::net::TcpStream;
use tokio::sync::{AcquireError, OwnedSemaphorePermit, watch};
use tokio::time::Instant;

use super::activity::{Activity, Exchange, Finding, Order};
use super::admission::{drop_underscores, may_have_switched, verify};
use super::bodies::{PatientBody, WatchedBody};
use super::guarded::Guarded;
use super::patience::Patience;
use super::protocol::Protocol;
use super::settings::ServerSettings;

/// How often connections are looked at, at most and at least.
const SHORTEST_PERIOD: Duration = Duration::from_millis(20);
const LONGEST_PERIOD: Duration = Duration::from_millis(500);

/// A place among the open connections; given back when it is dropped.
type Place = Result<OwnedSemaphorePermit, AcquireError>;

/// What all connections have in common.
pub(super) struct Connections {
    protocol: Protocol,
    shared: Arc<Shared>,
    watched: Mutex<Vec<Weak<Activity>>>,
    stopped: Option<watch::Receiver<()>>,
}

struct Shared {
    settings: ServerSettings,
    service: SharedService,
}

impl Connections {
    pub(super) fn new(
        settings: &ServerSettings,
        service: SharedService,
        stopped: watch::Receiver<()>,
    ) -> Self {
        Self {
            protocol: Protocol::new(settings),
            shared: Arc::new(Shared {
                settings: settings.clone(),
                service,
            }),
            watched: Mutex::default(),
            stopped: Some(stopped),
        }
    }

    /// Serves a client in a task of its own.
    pub(super) fn begin(&self, stream: TcpStream, peer: SocketAddr, place: Place) {
        // Small answers must not wait for the client's next packet.
        let _ = stream.set_nodelay(true);
        let activity = Arc::new(Activity::new());
        let service = {
            let (shared, activity) = (Arc::clone(&self.shared), Arc::clone(&activity));
            let known = known_of(peer);
            hyper::service::service_fn(move |mut req: Request<Incoming>| {
                let exchange = activity.open();
                let of_hyper = std::mem::replace(req.extensions_mut(), known.clone());
                req.extensions_mut().extend(of_hyper);
                answer(&shared, req, exchange)
            })
        };
        let io = TokioIo::new(Guarded::new(stream, &self.shared.settings));
        let connection = self.protocol.serve(io, service, &activity);
        let stopped = self.stopped.clone();
        self.watched().push(Arc::downgrade(&activity));
        tokio::spawn(async move {
            // The server that stops waits until the last of these is gone.
            let _held = (place, stopped);
            let mut connection = pin!(connection);
            let mut is_finishing = false;
            let ended = poll_fn(|cx| {
                match activity.order(cx) {
                    Order::GoOn => {}
                    Order::Finish if is_finishing => {}
                    Order::Finish => {
                        is_finishing = true;
                        connection.as_mut().graceful_shutdown();
                    }
                    Order::HangUp => return Poll::Ready(Ok(())),
                }
                connection.as_mut().poll(cx)
            });
            if let Err(error) = ended.await {
                tracing::debug!(target: "nuages.server", %error, %peer, "the connection ended early");
            }
        });
    }

    /// Looks at every connection once: hangs up on who is idle, and gives up responses that nobody takes.
    pub(super) fn look_round(&self) {
        let settings = &self.shared.settings;
        let (idle, stalled) = (settings.header_timeout(), settings.write_timeout());
        let now = Instant::now();
        self.watched().retain(|activity| {
            let Some(activity) = activity.upgrade() else {
                return false;
            };
            match activity.look(now, idle, stalled) {
                Finding::Well => {}
                Finding::Idle => {
                    tracing::debug!(target: "nuages.server", "an idle client was hung up on");
                    activity.tell(Order::HangUp);
                }
                Finding::Stalled(count) => {
                    tracing::debug!(target: "nuages.server", count, "streams that nobody took were reset");
                }
            }
            true
        });
    }

    /// How often to look: time-outs are kept to a tenth, and to half a second.
    pub(super) fn period(&self) -> Duration {
        let settings = &self.shared.settings;
        let limits = settings
            .header_timeout()
            .into_iter()
            .chain(settings.write_timeout());
        let period = limits.min().map_or(LONGEST_PERIOD, |limit| limit / 10);
        period.clamp(SHORTEST_PERIOD, LONGEST_PERIOD)
    }

    /// Lets every connection finish what is open.
    pub(super) fn finish(&self) {
        for activity in self.watched().iter().filter_map(Weak::upgrade) {
            activity.tell(Order::Finish);
        }
    }

    /// Holds nothing any more that the stopping server waits for.
    pub(super) fn forget_stop(&mut self) {
        self.stopped = None;
    }

    fn watched(&self) -> MutexGuard<'_, Vec<Weak<Activity>>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes room in extensions, so that they do not grow step by step as layers add to them.
struct Room<const N: usize>;

impl<const N: usize> Clone for Room<N> {
    fn clone(&self) -> Self {
        Self
    }
}

/// What every request of a connection knows, with room for what layers add to a usual one; a clone has the same room.
///
/// With one thing more the table would be of a size that the allocator is slow with.
fn known_of(peer: SocketAddr) -> Extensions {
    let mut extensions = Extensions::new();
    macro_rules! take {
        ($($number:literal)*) => { $( extensions.insert(Room::<$number>); )* };
    }
    take!(0 1 2 3 4 5 6 7 8 9 10 11 12 13);
    extensions.clear();
    extensions.insert(ConnectInfo(peer));
    extensions
}

/// Hands a request to the site, when it is within the limits.
fn answer(
    shared: &Arc<Shared>,
    mut req: Request<Incoming>,
    mut exchange: Exchange,
) -> impl Future<Output = Result<Response<WatchedBody>, Infallible>> + use<> {
    let settings = &shared.settings;
    if req.version() == Version::HTTP_2 && settings.write_timeout().is_some() {
        exchange.watch_sending();
    }
    drop_underscores(req.headers_mut());
    let must_close = may_have_switched(&req);
    let answer = verify(settings, &req).map(|()| {
        let req = req.map(|body| take_in(settings, body));
        shared.service.respond(req)
    });
    async move {
        let mut response = match answer {
            Ok(response) => response.await?,
            Err(status) => refuse(status),
        };
        if must_close && response.status() != StatusCode::SWITCHING_PROTOCOLS {
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(CONNECTION, close);
        }
        Ok(response.map(|body| WatchedBody::new(body, exchange)))
    }
}

/// Most requests have no body, and need nobody to wait for it.
fn take_in(settings: &ServerSettings, body: Incoming) -> Body {
    if body.is_end_stream() {
        return Body::empty();
    }
    let patience = Patience::new(settings.body_timeout(), settings.server_min_rate);
    Body::new(PatientBody::new(body, patience))
}

#[cold]
fn refuse(status: StatusCode) -> Response<Body> {
    tracing::warn!(target: "nuages.server", status = status.as_u16(), "a request beyond the limits was refused");
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
