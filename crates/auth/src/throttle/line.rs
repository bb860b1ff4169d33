//! Where the attempts of this process wait for each other.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, OwnedMutexGuard};
use tokio::time::{Instant, timeout_at};

/// How many attempts of one account from one address may be in line behind the first.
const MOST_WAITING: usize = 100;

/// Something for each key that is in use, shared by those who use it, and gone with the last of them.
pub(super) struct Keyed<T>(Arc<Mutex<HashMap<String, Entry<T>>>>);

struct Entry<T> {
    shared: Arc<T>,
    users: usize,
}

/// The use of one key.
pub(super) struct Ticket<T> {
    all: Keyed<T>,
    key: String,
    shared: Arc<T>,
}

impl<T> Keyed<T> {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Entry<T>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Default> Keyed<T> {
    /// What belongs to the key, and how many use it, this one included.
    pub(super) fn enter(&self, key: String) -> (Ticket<T>, usize) {
        let mut entries = self.lock();
        let entry = entries.entry(key.clone()).or_insert_with(|| Entry {
            shared: Arc::default(),
            users: 0,
        });
        entry.users += 1;
        let ticket = Ticket {
            all: self.clone(),
            key,
            shared: Arc::clone(&entry.shared),
        };
        (ticket, entry.users)
    }
}

impl<T> Clone for Keyed<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Default for Keyed<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T> Deref for Ticket<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.shared
    }
}

impl<T> Drop for Ticket<T> {
    fn drop(&mut self) {
        let mut entries = self.all.lock();
        if let Some(entry) = entries.get_mut(&self.key) {
            entry.users = entry.users.saturating_sub(1);
            if entry.users == 0 {
                entries.remove(&self.key);
            }
        }
    }
}

/// The attempts for one account from one address: some under way, the others in line.
#[derive(Default)]
pub(super) struct Line {
    /// Held by the first in line, who alone asks the database whether there is room.
    first: Arc<tokio::sync::Mutex<()>>,
    under_way: AtomicUsize,
    /// Told when one is not under way any more. It keeps one call for who comes later.
    ended: Notify,
}

/// The first in line.
pub(super) struct First {
    // In this order: the next one must find the same line.
    _turn: OwnedMutexGuard<()>,
    line: Ticket<Line>,
    until: Instant,
}

/// An attempt that is under way until this is dropped, also by a client that leaves.
pub(super) struct UnderWay(Ticket<Line>);

impl First {
    /// Waits for everybody who came before; nobody comes out of a line that is too long or does not move.
    pub(super) async fn of(lines: &Keyed<Line>, key: String, patience: Duration) -> Option<Self> {
        let (line, users) = lines.enter(key);
        if users.saturating_sub(line.under_way() + 1) > MOST_WAITING {
            return None;
        }
        let until = Instant::now() + patience;
        let turn = Arc::clone(&line.first).lock_owned();
        let turn = timeout_at(until, turn).await.ok()?;
        Some(Self {
            _turn: turn,
            line,
            until,
        })
    }

    /// How many attempts of this process are not known yet to be right or wrong.
    pub(super) fn under_way(&self) -> usize {
        self.line.under_way()
    }

    /// Waits until one of them ended; false when it takes too long.
    pub(super) async fn one_ended(&self) -> bool {
        let ended = self.line.ended.notified();
        timeout_at(self.until, ended).await.is_ok()
    }

    /// Makes room for the next in line.
    pub(super) fn go(self) -> UnderWay {
        self.line.under_way.fetch_add(1, Ordering::AcqRel);
        UnderWay(self.line)
    }
}

impl Line {
    fn under_way(&self) -> usize {
        self.under_way.load(Ordering::Acquire)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::AcqRel);
        self.0.ended.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn first_of(lines: &Keyed<Line>, key: &str) -> Option<First> {
        First::of(lines, key.to_owned(), Duration::from_millis(500)).await
    }

    async fn first(lines: &Keyed<Line>) -> Option<First> {
        first_of(lines, "alice").await
    }

    #[tokio::test]
    async fn a_line_is_forgotten_with_its_last_user() {
        let lines = Keyed::default();
        for number in 0..1000 {
            let first = first_of(&lines, &number.to_string()).await.unwrap();
            drop(first.go());
        }
        assert_eq!(lines.lock().len(), 0);

        let head = first(&lines).await.unwrap();
        let waiting = tokio::spawn({
            let lines = lines.clone();
            async move { first(&lines).await.is_some() }
        });
        tokio::task::yield_now().await;
        assert_eq!(lines.lock().get("alice").unwrap().users, 2);
        // The client leaves.
        waiting.abort();
        assert!(waiting.await.is_err());
        assert_eq!(lines.lock().get("alice").unwrap().users, 1);
        let under_way = head.go();
        assert_eq!(lines.lock().len(), 1);
        drop(under_way);
        assert_eq!(lines.lock().len(), 0);
    }

    #[tokio::test]
    async fn the_first_waits_for_those_under_way_and_the_others_for_the_first() {
        let lines = Keyed::default();
        let under_way = first(&lines).await.unwrap().go();
        let head = first(&lines).await.unwrap();
        assert_eq!(head.under_way(), 1);
        let next = tokio::spawn({
            let lines = lines.clone();
            async move { first(&lines).await.unwrap().under_way() }
        });
        tokio::task::yield_now().await;
        assert!(!next.is_finished());
        drop(under_way);
        // Who ended before one waits for it is not missed.
        assert!(head.one_ended().await);
        assert_eq!(head.under_way(), 0);
        let under_way = head.go();
        assert_eq!(next.await.unwrap(), 1);
        drop(under_way);
    }

    #[tokio::test]
    async fn a_line_is_neither_endless_nor_for_ever() {
        let lines = Keyed::default();
        let head = first(&lines).await.unwrap();
        let waiting: Vec<_> = (0..MOST_WAITING + 10)
            .map(|_| {
                let lines = lines.clone();
                tokio::spawn(async move { first(&lines).await.is_some() })
            })
            .collect();
        for _ in 0..MOST_WAITING {
            tokio::task::yield_now().await;
        }
        let left = waiting.iter().filter(|waiting| waiting.is_finished());
        assert_eq!(left.count(), 10);
        // Other lines are not concerned.
        assert!(first_of(&lines, "bob").await.is_some());
        for waiting in waiting {
            assert!(!waiting.await.unwrap());
        }
        drop(head);
        assert_eq!(lines.lock().len(), 0);
    }
}
