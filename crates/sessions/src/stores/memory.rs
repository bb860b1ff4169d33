//! Sessions in the memory of one process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, ready};
use jiff::Timestamp;
use nuages_cache::Token;

use crate::store::{Listed, Replaced, Revision, Stored};
use crate::{Error, SessionData, SessionStore};

/// Sessions in memory: for tests, and gone with the process.
#[derive(Default)]
pub struct MemoryStore(Mutex<HashMap<String, Entry>>);

struct Entry {
    data: SessionData,
    expires: Timestamp,
    number: u64,
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

    fn rows(&self) -> MutexGuard<'_, HashMap<String, Entry>> {
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
    ) -> BoxFuture<'a, Result<Option<Stored>, Error>> {
        let found = self
            .rows()
            .get(key)
            .filter(|row| row.expires > now)
            .map(|row| Stored {
                data: row.data.clone(),
                revision: Some(Revision::cached(Token::number(row.number))),
            });
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
            let number = 0;
            rows.insert(
                key.to_owned(),
                Entry {
                    data,
                    expires,
                    number,
                },
            );
        }
        ready(Ok(free)).boxed()
    }

    fn replace<'a>(
        &'a self,
        key: &'a str,
        revision: &'a Revision,
        data: &'a SessionData,
        expires: Timestamp,
    ) -> BoxFuture<'a, Result<Replaced, Error>> {
        let mut rows = self.rows();
        let of = |number| Revision::cached(Token::number(number));
        let replaced = match rows.get_mut(key) {
            Some(row) if of(row.number) == *revision => {
                *row = Entry {
                    data: data.clone(),
                    expires,
                    number: row.number + 1,
                };
                Replaced::Saved {
                    key: Arc::from(key),
                    revision: Some(of(row.number)),
                }
            }
            _ => Replaced::Changed,
        };
        ready(Ok(replaced)).boxed()
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

    fn each<'a>(
        &'a self,
        now: Timestamp,
        look: &'a mut (dyn FnMut(Listed) + Send),
    ) -> BoxFuture<'a, Result<(), Error>> {
        for (key, row) in &*self.rows() {
            if row.expires > now {
                look(Listed {
                    key: key.clone(),
                    data: row.data.clone(),
                    expires: Some(row.expires),
                });
            }
        }
        ready(Ok(())).boxed()
    }
}
