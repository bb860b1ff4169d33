//! Patience with a slow client: how long we wait, and how much must come meanwhile.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

/// Counts the time that we have waited for a client, and runs out when too little came for it.
///
/// Only waiting counts: a view that thinks between two reads costs its client nothing.
#[derive(Debug)]
pub(super) struct Patience {
    limit: Option<Duration>,
    /// So many bytes start the count anew.
    enough: u64,
    came: u64,
    waited: Duration,
    waiting_since: Option<Instant>,
    alarm: Option<Pin<Box<Sleep>>>,
}

impl Patience {
    /// Patience for `limit`, in which `rate` bytes a second must come on average; with zero, any byte.
    pub(super) fn new(limit: Option<Duration>, rate: u32) -> Self {
        let milliseconds = limit.map_or(0, |limit| limit.as_millis());
        let enough = u128::from(rate) * milliseconds / 1000;
        Self {
            limit,
            enough: u64::try_from(enough).unwrap_or(u64::MAX).max(1),
            came: 0,
            waited: Duration::ZERO,
            waiting_since: None,
            alarm: None,
        }
    }

    /// So many bytes came or went.
    pub(super) fn progress(&mut self, bytes: usize) {
        if let Some(since) = self.waiting_since.take() {
            self.waited += since.elapsed();
        }
        self.came += bytes as u64;
        if self.came >= self.enough {
            self.came = 0;
            self.waited = Duration::ZERO;
        }
    }

    /// We wait; ready when for too long. The task is woken then.
    pub(super) fn poll_over(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(limit) = self.limit else {
            return Poll::Pending;
        };
        if self.waiting_since.is_none() {
            let now = Instant::now();
            self.waiting_since = Some(now);
            let deadline = now + limit.saturating_sub(self.waited);
            match &mut self.alarm {
                Some(alarm) => alarm.as_mut().reset(deadline),
                None => self.alarm = Some(Box::pin(sleep_until(deadline))),
            }
        }
        match &mut self.alarm {
            Some(alarm) => alarm.as_mut().poll(cx),
            None => Poll::Pending,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use super::*;

    /// True when patience runs out within `seconds`.
    async fn runs_out(patience: &mut Patience, seconds: f64) -> bool {
        let over = poll_fn(|cx| patience.poll_over(cx));
        tokio::time::timeout(Duration::from_secs_f64(seconds), over)
            .await
            .is_ok()
    }

    const LIMIT: Option<Duration> = Some(Duration::from_secs(1));

    #[tokio::test]
    async fn drops_do_not_renew_it_but_a_stream_does() {
        let mut patience = Patience::new(LIMIT, 100);
        assert!(!runs_out(&mut patience, 0.6).await);
        patience.progress(1);
        assert!(runs_out(&mut patience, 0.6).await, "one byte is too little");

        let mut patience = Patience::new(LIMIT, 100);
        assert!(!runs_out(&mut patience, 0.6).await);
        patience.progress(100);
        assert!(!runs_out(&mut patience, 0.6).await);
        assert!(runs_out(&mut patience, 0.6).await);
    }

    #[tokio::test]
    async fn time_in_which_nobody_waits_does_not_count() {
        let mut patience = Patience::new(LIMIT, 0);
        assert!(!runs_out(&mut patience, 0.1).await);
        patience.progress(1);
        tokio::time::sleep(Duration::from_millis(1200)).await;
        assert!(!runs_out(&mut patience, 0.5).await);
    }
}
