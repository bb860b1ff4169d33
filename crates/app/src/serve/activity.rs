//! What a connection is doing: who is idle, and whose response is not taken.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Context;
use std::time::Duration;

use futures_util::task::AtomicWaker;
use tokio::time::Instant;

/// What one connection is doing, told by its requests and read by its watch.
#[derive(Debug)]
pub(super) struct Activity {
    began: Instant,
    /// Requests whose response is not wholly sent.
    open: AtomicUsize,
    /// When the last of them ended, in milliseconds after the beginning.
    idle_since: AtomicU64,
    /// The responses of HTTP/2, of which each may wait for its own window.
    sending: Mutex<HashMap<u64, Arc<Sending>>>,
    next: AtomicU64,
    /// The response of the request that came last, until somebody drives it.
    latest: Mutex<Option<Arc<Sending>>>,
    /// What the connection is told from outside.
    order: AtomicU8,
    waker: AtomicWaker,
}

/// What a connection is told from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Nothing: go on.
    GoOn,
    /// Finish what is open, and take nothing new.
    Finish,
    /// Hang up.
    HangUp,
}

/// How one response of HTTP/2 is doing.
#[derive(Debug)]
pub(super) struct Sending {
    /// The moment of its last piece while the client is to take it.
    since: AtomicU64,
    is_given_up: AtomicBool,
    waker: AtomicWaker,
}

impl Sending {
    fn new() -> Self {
        Self {
            since: AtomicU64::new(NOT_WAITING),
            is_given_up: AtomicBool::new(false),
            waker: AtomicWaker::new(),
        }
    }

    #[cfg(feature = "http2")]
    /// Whether nobody waits any more for the client to take it; the task is woken when that changes.
    pub(super) fn is_given_up(&self, cx: &Context<'_>) -> bool {
        self.waker.register(cx.waker());
        self.is_given_up.load(Ordering::Acquire)
    }

    fn give_up(&self) {
        self.is_given_up.store(true, Ordering::Release);
        self.waker.wake();
    }
}

/// The piece is on the way in, not on the way out: it is the view that we wait for.
const NOT_WAITING: u64 = u64::MAX;

/// What the watch sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Finding {
    /// All is well.
    Well,
    /// Nothing was asked for too long.
    Idle,
    /// So many responses were not taken for too long.
    Stalled(usize),
}

impl Activity {
    pub(super) fn new() -> Self {
        Self {
            began: Instant::now(),
            open: AtomicUsize::new(0),
            idle_since: AtomicU64::new(0),
            sending: Mutex::default(),
            next: AtomicU64::new(0),
            latest: Mutex::default(),
            order: AtomicU8::new(0),
            waker: AtomicWaker::new(),
        }
    }

    /// What the connection has been told; its task is woken when that changes.
    pub(super) fn order(&self, cx: &Context<'_>) -> Order {
        self.waker.register(cx.waker());
        match self.order.load(Ordering::Acquire) {
            0 => Order::GoOn,
            1 => Order::Finish,
            _ => Order::HangUp,
        }
    }

    /// Tells the connection; what is said later counts only if it is more.
    pub(super) fn tell(&self, order: Order) {
        self.order.fetch_max(order as u8, Ordering::AcqRel);
        self.waker.wake();
    }

    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(NOT_WAITING - 1)
    }

    fn at(&self, milliseconds: u64) -> Instant {
        self.began + Duration::from_millis(milliseconds)
    }

    /// A request has come; it ends when what is returned is dropped.
    pub(super) fn open(self: &Arc<Self>) -> Exchange {
        self.open.fetch_add(1, Ordering::Relaxed);
        Exchange {
            activity: Arc::clone(self),
            sending: None,
        }
    }

    #[cfg(feature = "http2")]
    /// The response of the request that came last; asked once by whoever drives it.
    pub(super) fn take_latest(&self) -> Option<Arc<Sending>> {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        latest.take()
    }

    /// Looks whether the client has been idle, and gives up each response that it has not taken for longer
    /// than it may.
    pub(super) fn look(
        &self,
        now: Instant,
        idle: Option<Duration>,
        stalled: Option<Duration>,
    ) -> Finding {
        if let Some(idle) = idle
            && self.open.load(Ordering::Relaxed) == 0
        {
            let end = self.at(self.idle_since.load(Ordering::Relaxed)) + idle;
            if end <= now {
                return Finding::Idle;
            }
        }
        let Some(stalled) = stalled else {
            return Finding::Well;
        };
        let is_late = |one: &&Arc<Sending>| {
            let since = one.since.load(Ordering::Relaxed);
            since != NOT_WAITING && self.at(since) + stalled <= now
        };
        let sending = self.sending.lock().unwrap_or_else(PoisonError::into_inner);
        // Woken tasks may end at once and want the lock.
        let late: Vec<_> = sending.values().filter(is_late).cloned().collect();
        drop(sending);
        for one in &late {
            one.give_up();
        }
        match late.len() {
            0 => Finding::Well,
            count => Finding::Stalled(count),
        }
    }
}

/// One request and its response.
#[derive(Debug)]
pub(super) struct Exchange {
    activity: Arc<Activity>,
    sending: Option<(u64, Arc<Sending>)>,
}

impl Exchange {
    /// The response is one of HTTP/2: watch whether it is taken.
    pub(super) fn watch_sending(&mut self) {
        let id = self.activity.next.fetch_add(1, Ordering::Relaxed);
        let one = Arc::new(Sending::new());
        let mut sending = self
            .activity
            .sending
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        sending.insert(id, Arc::clone(&one));
        drop(sending);
        let mut latest = self
            .activity
            .latest
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *latest = Some(Arc::clone(&one));
        drop(latest);
        self.sending = Some((id, one));
    }

    pub(super) fn is_watched(&self) -> bool {
        self.sending.is_some()
    }

    /// A piece was handed over, which the client is to take.
    pub(super) fn handed_over(&self) {
        if let Some((_, sending)) = &self.sending {
            sending.since.store(self.activity.now(), Ordering::Relaxed);
        }
    }

    /// The client has taken what there was.
    pub(super) fn asked_for_more(&self) {
        if let Some((_, sending)) = &self.sending {
            sending.since.store(NOT_WAITING, Ordering::Relaxed);
        }
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        if let Some((id, _)) = &self.sending {
            self.activity
                .sending
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .remove(id);
        }
        let now = self.activity.now();
        self.activity.idle_since.store(now, Ordering::Relaxed);
        self.activity.open.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDLE: Option<Duration> = Some(Duration::from_secs(30));
    const STALLED: Option<Duration> = Some(Duration::from_secs(10));

    /// What is seen so many seconds from now.
    fn later(activity: &Activity, seconds: u64) -> Finding {
        let now = Instant::now() + Duration::from_secs(seconds);
        activity.look(now, IDLE, STALLED)
    }

    fn is_well(activity: &Activity, seconds: u64) -> bool {
        later(activity, seconds) == Finding::Well
    }

    #[test]
    fn idle_counts_from_the_end_of_the_last_request() {
        let activity = Arc::new(Activity::new());
        let exchange = activity.open();
        assert!(
            is_well(&activity, 1000),
            "a slow view is not an idle client"
        );
        drop(exchange);
        assert!(is_well(&activity, 29));
        assert_eq!(later(&activity, 31), Finding::Idle);
        let now = Instant::now() + Duration::from_secs(31);
        let without_limit = activity.look(now, None, STALLED);
        assert_eq!(without_limit, Finding::Well);
    }

    #[test]
    fn a_response_that_is_not_taken_is_found_but_not_a_slow_view() {
        let activity = Arc::new(Activity::new());
        let mut exchange = activity.open();
        exchange.watch_sending();
        exchange.asked_for_more();
        assert!(is_well(&activity, 60));
        exchange.handed_over();
        assert!(is_well(&activity, 9));
        assert_eq!(later(&activity, 11), Finding::Stalled(1));
        let now = Instant::now() + Duration::from_secs(11);
        let without_limit = activity.look(now, IDLE, None);
        assert_eq!(without_limit, Finding::Well);
        drop(exchange);
        assert!(is_well(&activity, 11));
    }
}
