//! Values in the memory of one process.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, ready};
use hashlink::LruCache;
use jiff::Timestamp;
use nuages_base::Clock;

use crate::backend::{Stamp, sum};
use crate::{CacheBackend, Keep, Result, Token, Ttl, Value};

/// Values in memory: bounded, and the ones that were used longest ago make room. Gone with the process.
///
/// # Django
/// `LocMemCache`, whose values are pickled; here they are kept as they are and copied when they are read.
pub struct MemoryCache {
    entries: Mutex<LruCache<String, Entry>>,
    clock: Clock,
    max_entries: usize,
    cull_frequency: usize,
    writes: AtomicU64,
}

struct Entry {
    value: Arc<Value>,
    expires: Option<Timestamp>,
    number: u64,
}

impl MemoryCache {
    /// Room for 300 values.
    pub fn new(clock: Clock) -> Self {
        Self::sized(clock, 300, 3)
    }

    /// Room for so many values; when it is full, one in `cull_frequency` makes room (0: all).
    pub fn sized(clock: Clock, max_entries: usize, cull_frequency: usize) -> Self {
        Self {
            entries: Mutex::new(LruCache::new_unbounded()),
            clock,
            max_entries,
            cull_frequency,
            writes: AtomicU64::new(0),
        }
    }

    /// How many values there are, expired ones included.
    pub fn len(&self) -> usize {
        self.entries().len()
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.entries().is_empty()
    }

    fn entries(&self) -> MutexGuard<'_, LruCache<String, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with the live entry of a key, which its use makes young again.
    fn with<R>(&self, key: &str, work: impl FnOnce(Option<&mut Entry>) -> R) -> R {
        let now = self.clock.now();
        let mut entries = self.entries();
        let over = entries
            .peek(key)
            .is_some_and(|entry| entry.expires.is_some_and(|at| at <= now));
        if over {
            entries.remove(key);
        }
        work(entries.get_mut(key))
    }

    fn entry(&self, value: Value, ttl: Ttl) -> Entry {
        Entry {
            value: Arc::new(value),
            expires: self.expires(ttl),
            number: self.number(),
        }
    }

    fn number(&self) -> u64 {
        self.writes.fetch_add(1, Ordering::Relaxed)
    }

    fn expires(&self, ttl: Ttl) -> Option<Timestamp> {
        let ttl = ttl?;
        Some(self.clock.now().checked_add(ttl).unwrap_or(Timestamp::MAX))
    }

    /// Puts an entry in, where `wanted` says so of the live one that is there.
    fn put(
        &self,
        key: &str,
        value: Value,
        ttl: Ttl,
        wanted: impl FnOnce(Option<&Entry>) -> bool,
    ) -> bool {
        if self.max_entries == 0 {
            return false;
        }
        let entry = self.entry(value, ttl);
        let now = self.clock.now();
        let mut entries = self.entries();
        let known = entries.peek(key);
        let live = known.filter(|entry| entry.expires.is_none_or(|at| at > now));
        if !wanted(live) {
            return false;
        }
        if known.is_none() && entries.len() >= self.max_entries {
            self.cull(&mut entries, now);
        }
        entries.insert(key.to_owned(), entry);
        true
    }

    /// Makes room: what has expired goes, and where that is not enough, what was used longest ago.
    fn cull(&self, entries: &mut LruCache<String, Entry>, now: Timestamp) {
        if self.cull_frequency == 0 {
            entries.clear();
            return;
        }
        entries.retain(|_, entry| entry.expires.is_none_or(|at| at > now));
        if entries.len() >= self.max_entries {
            for _ in 0..(entries.len() / self.cull_frequency).max(1) {
                entries.remove_lru();
            }
        }
    }
}

impl std::fmt::Debug for MemoryCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemoryCache")
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}

impl CacheBackend for MemoryCache {
    fn get_with_token<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<(Value, Token)>>> {
        let found = self.with(key, |entry| {
            entry.map(|entry| (entry.value.clone(), Token::number(entry.number)))
        });
        // The copy is made after the lock.
        let found = found.map(|(value, token)| ((*value).clone(), token));
        ready(Ok(found)).boxed()
    }

    fn set<'a>(&'a self, key: &'a str, value: Value, ttl: Ttl) -> BoxFuture<'a, Result<()>> {
        self.put(key, value, ttl, |_| true);
        ready(Ok(())).boxed()
    }

    fn add<'a>(&'a self, key: &'a str, value: Value, ttl: Ttl) -> BoxFuture<'a, Result<bool>> {
        ready(Ok(self.put(key, value, ttl, |live| live.is_none()))).boxed()
    }

    fn replace<'a>(
        &'a self,
        key: &'a str,
        token: &'a Token,
        value: Value,
        keep: Keep,
    ) -> BoxFuture<'a, Result<bool>> {
        let done = self.with(key, |entry| match entry {
            Some(entry) if Stamp::Number(entry.number) == token.0 => {
                entry.value = Arc::new(value);
                entry.number = self.number();
                if let Keep::For(ttl) = keep {
                    entry.expires = self.expires(ttl);
                }
                true
            }
            _ => false,
        });
        ready(Ok(done)).boxed()
    }

    fn touch<'a>(&'a self, key: &'a str, ttl: Ttl) -> BoxFuture<'a, Result<bool>> {
        let (now, expires) = (self.clock.now(), self.expires(ttl));
        let mut entries = self.entries();
        // Another time to live is no use of the value: it does not make it young.
        let live = entries
            .peek_mut(key)
            .filter(|entry| entry.expires.is_none_or(|at| at > now));
        let done = live.map(|entry| entry.expires = expires).is_some();
        ready(Ok(done)).boxed()
    }

    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<bool>> {
        let there = self.with(key, |entry| entry.is_some());
        self.entries().remove(key);
        ready(Ok(there)).boxed()
    }

    fn has_key<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<bool>> {
        let now = self.clock.now();
        let entries = self.entries();
        let live = entries
            .peek(key)
            .is_some_and(|entry| entry.expires.is_none_or(|at| at > now));
        ready(Ok(live)).boxed()
    }

    fn clear(&self) -> BoxFuture<'_, Result<()>> {
        self.entries().clear();
        ready(Ok(())).boxed()
    }

    fn increase<'a>(&'a self, key: &'a str, by: i64) -> BoxFuture<'a, Result<Option<i64>>> {
        let result = self.with(key, |entry| {
            entry
                .map(|entry| {
                    let sum = sum(key, &entry.value, by)?;
                    entry.value = Arc::new(Value::Int(sum));
                    entry.number = self.number();
                    Ok(sum)
                })
                .transpose()
        });
        ready(result).boxed()
    }

    fn keys<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<Vec<String>>> {
        let keys = self
            .entries()
            .iter()
            .filter(|(key, _)| key.starts_with(prefix))
            .map(|(key, _)| key.clone())
            .collect();
        ready(Ok(keys)).boxed()
    }

    fn clear_expired(&self) -> BoxFuture<'_, Result<u64>> {
        let now = self.clock.now();
        let mut entries = self.entries();
        let before = entries.len();
        entries.retain(|_, entry| entry.expires.is_none_or(|at| at > now));
        ready(Ok((before - entries.len()) as u64)).boxed()
    }
}
