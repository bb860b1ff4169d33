//! A store that remembers what it was asked for.

use std::sync::{Mutex, PoisonError};

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use nuages_sessions::{
    Error, Listed, MemoryStore, Replaced, Revision, SessionData, SessionStore, Stored,
};

/// Sessions in memory, and the names that were looked up.
#[derive(Debug, Default)]
pub(super) struct Spy {
    store: MemoryStore,
    asked: Mutex<Vec<String>>,
}

impl Spy {
    pub(super) fn asked(&self) -> Vec<String> {
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(super) fn forget(&self) {
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

impl SessionStore for Spy {
    fn load<'a>(
        &'a self,
        key: &'a str,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Option<Stored>, Error>> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.push(key.to_owned());
        self.store.load(key, now)
    }

    fn create<'a>(
        &'a self,
        key: &'a str,
        data: &'a SessionData,
        expires: Timestamp,
    ) -> BoxFuture<'a, Result<bool, Error>> {
        self.store.create(key, data, expires)
    }

    fn replace<'a>(
        &'a self,
        key: &'a str,
        revision: &'a Revision,
        data: &'a SessionData,
        expires: Timestamp,
    ) -> BoxFuture<'a, Result<Replaced, Error>> {
        self.store.replace(key, revision, data, expires)
    }

    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), Error>> {
        self.store.delete(key)
    }

    fn clear_expired(&self, now: Timestamp) -> BoxFuture<'_, Result<u64, Error>> {
        self.store.clear_expired(now)
    }

    fn each<'a>(
        &'a self,
        now: Timestamp,
        look: &'a mut (dyn FnMut(Listed) + Send),
    ) -> BoxFuture<'a, Result<(), Error>> {
        self.store.each(now, look)
    }
}
