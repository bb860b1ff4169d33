//! Trying again while the database is busy.

use std::time::{Duration, Instant};

use crate::error::{Error, Result};

/// The pauses between tries, in milliseconds; the last one repeats.
const PAUSES: [u64; 8] = [1, 1, 2, 5, 10, 20, 30, 50];

/// Pauses that grow, until a deadline.
pub(super) struct Retry {
    deadline: Instant,
    tries: usize,
}

impl Retry {
    pub(super) fn new(timeout: Duration) -> Self {
        Self {
            deadline: Instant::now() + timeout,
            tries: 0,
        }
    }

    /// Waits a little; gives the error back when it is too late to try again.
    pub(super) async fn pause(&mut self, error: Error) -> Result<()> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(error);
        }
        let pause = PAUSES[self.tries.min(PAUSES.len() - 1)];
        self.tries += 1;
        tokio::time::sleep(Duration::from_millis(pause).min(left)).await;
        Ok(())
    }
}

/// Calls `attempt` until it finds the database free.
pub(super) async fn until_free<T>(
    timeout: Duration,
    mut attempt: impl FnMut() -> Result<T>,
) -> Result<T> {
    let mut retry = Retry::new(timeout);
    loop {
        match attempt() {
            Err(error) if error.is_busy() => retry.pause(error).await?,
            result => return result,
        }
    }
}
