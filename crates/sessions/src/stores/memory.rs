//! Sessions in the memory of one process.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, ready};
use jiff::Timestamp;

use crate::{Error, SessionData, SessionStore};

/// Sessions in memory: for tests, and gone with the process.
#[derive(Default)]
pub struct MemoryStore(Mutex<HashMap<String, Stored>>);

struct Stored {
    data: SessionData,
    expires: Timestamp,
}

impl MemoryStore {
    /// No sessions yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many sessions there are, expired ones included.
    pub fn len(&self) -> usize {
        self.rows().len()
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.rows().is_empty()
    }

    fn rows(&self) -> MutexGuard<'_, HashMap<String, Stored>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Keys are as good as passwords.
        f.debug_struct("MemoryStore")
            .field("len", &self.len())
            .finish()
    }
}

impl SessionStore for MemoryStore {
    fn load<'a>(
        &'a self,
        key: &'a str,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Option<SessionData>, Error>> {
        let found = self
            .rows()
            .get(key)
            .filter(|row| row.expires > now)
            .map(|row| row.data.clone());
        ready(Ok(found)).boxed()
    }

    fn create<'a>(
        &'a self,
        key: &'a str,
        data: &'a SessionData,
        expires: Timestamp,
    ) -> BoxFuture<'a, Result<bool, Error>> {
        let mut rows = self.rows();
        let free = !rows.contains_key(key);
        if free {
            let data = data.clone();
            rows.insert(key.to_owned(), Stored { data, expires });
        }
        ready(Ok(free)).boxed()
    }

    fn update<'a>(
        &'a self,
        key: &'a str,
        data: &'a SessionData,
        expires: Timestamp,
    ) -> BoxFuture<'a, Result<bool, Error>> {
        let mut rows = self.rows();
        let row = rows.get_mut(key);
        let known = row.is_some();
        if let Some(row) = row {
            *row = Stored {
                data: data.clone(),
                expires,
            };
        }
        ready(Ok(known)).boxed()
    }

    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), Error>> {
        self.rows().remove(key);
        ready(Ok(())).boxed()
    }

    fn clear_expired(&self, now: Timestamp) -> BoxFuture<'_, Result<u64, Error>> {
        let mut rows = self.rows();
        let before = rows.len();
        rows.retain(|_, row| row.expires >= now);
        ready(Ok((before - rows.len()) as u64)).boxed()
    }
}
