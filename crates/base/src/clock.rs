//! The time, which tests can hold still.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// Where the rest of the house asks for the time.
///
/// Cloning is cheap, and clones of a held clock move together.
///
/// ```
/// use nuages_base::Clock;
/// use jiff::{SignedDuration, Timestamp};
///
/// let clock = Clock::held(Timestamp::from_second(1_780_000_000)?);
/// clock.advance(SignedDuration::from_secs(60));
/// assert_eq!(clock.now().as_second(), 1_780_000_060);
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// The machine's own clock.
    pub fn system() -> Self {
        Self(None)
    }

    /// A clock that stands still at `now` (to the microsecond) until it is moved.
    pub fn held(now: Timestamp) -> Self {
        Self(Some(Arc::new(AtomicI64::new(now.as_microsecond()))))
    }

    /// The present moment.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that asks the machine"
    )]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            None => Timestamp::now(),
            Some(held) => {
                Timestamp::from_microsecond(held.load(Ordering::SeqCst)).unwrap_or_default()
            }
        }
    }

    /// Moves a held clock on (or back); the machine's own clock is left alone.
    pub fn advance(&self, by: SignedDuration) {
        if let Some(held) = &self.0 {
            let micros = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
            held.fetch_add(micros, Ordering::SeqCst);
        }
    }
}
