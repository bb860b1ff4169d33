//! Sessions in a cache.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use nuages_base::Clock;
use nuages_cache::{Cache, Value};

use crate::store::{Listed, Mark, Replaced, Revision, Stored};
use crate::{Error, SessionData, SessionStore};

/// Stands before the keys of sessions, so that nothing else that is cached can pass for one (CVE-2011-4136).
const PREFIX: &str = "django.contrib.sessions.cache";

/// Sessions in a cache, and nowhere else: fast, and gone when the cache loses them.
///
/// A cache that cannot be reached is an error, never an anonymous visitor who might be given a new session.
///
/// # Django
/// `django.contrib.sessions.backends.cache.SessionStore`; keys and values are the same. Django takes a visitor whose cache
/// does not answer for an anonymous one and deletes their cookie.
#[derive(Debug, Clone)]
pub struct CacheStore {
    cache: Cache,
    clock: Clock,
}

impl CacheStore {
    /// Sessions in this cache.
    pub fn new(cache: &Cache, clock: Clock) -> Self {
        Self {
            cache: cache.strict(),
            clock,
        }
    }

    fn ttl(&self, expires: Timestamp) -> Duration {
        time_left(expires, self.clock.now())
    }
}

/// Under which key a session is cached.
pub(super) fn named(prefix: &str, key: &str) -> String {
    format!("{prefix}{key}")
}

/// How long until then; nothing when it is over.
pub(super) fn time_left(expires: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(expires.duration_since(now)).unwrap_or_default()
}

/// A cached value as a session; what is no dictionary of JSON values is none.
pub(super) fn read(value: Value) -> Option<SessionData> {
    value.into_typed().ok()
}

pub(super) fn write(data: &SessionData) -> Result<Value, Error> {
    Value::from_serde(data).map_err(Error::encode)
}

impl SessionStore for CacheStore {
    fn load<'a>(
        &'a self,
        key: &'a str,
        _: Timestamp,
    ) -> BoxFuture<'a, Result<Option<Stored>, Error>> {
        Box::pin(async move {
            let found = self.cache.get_with_token(&named(PREFIX, key)).await;
            Ok(found.map_err(Error::store)?.and_then(|(value, token)| {
                Some(Stored {
                    data: read(value)?,
                    revision: Some(Revision::cached(token)),
                })
            }))
        })
    }

    fn create<'a>(
        &'a self,
        key: &'a str,
        data: &'a SessionData,
        expires: Timestamp,
    ) -> BoxFuture<'a, Result<bool, Error>> {
        Box::pin(async move {
            let (key, value) = (named(PREFIX, key), write(data)?);
            let added = self
                .cache
                .add_value(&key, value, Some(self.ttl(expires)))
                .await;
            added.map_err(Error::store)
        })
    }

    fn replace<'a>(
        &'a self,
        key: &'a str,
        revision: &'a Revision,
        data: &'a SessionData,
        expires: Timestamp,
    ) -> BoxFuture<'a, Result<Replaced, Error>> {
        Box::pin(async move {
            let Mark::Cache(token) = &revision.0 else {
                return Ok(Replaced::Changed);
            };
            let (name, value) = (named(PREFIX, key), write(data)?);
            let ttl = Some(self.ttl(expires));
            let done = self.cache.replace(&name, token, value, ttl).await;
            if !done.map_err(Error::store)? {
                return Ok(Replaced::Changed);
            }
            Ok(Replaced::Saved {
                key: Arc::from(key),
                revision: None,
            })
        })
    }

    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let deleted = self.cache.delete(&named(PREFIX, key)).await;
            deleted.map(drop).map_err(Error::store)
        })
    }

    fn clear_expired(&self, _: Timestamp) -> BoxFuture<'_, Result<u64, Error>> {
        Box::pin(async move {
            let cleared = self.cache.backend().clear_expired().await;
            cleared.map_err(Error::store)
        })
    }

    fn each<'a>(
        &'a self,
        now: Timestamp,
        look: &'a mut (dyn FnMut(Listed) + Send),
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            for name in self.cache.keys(PREFIX).await.map_err(Error::store)? {
                let Some(key) = name.strip_prefix(PREFIX) else {
                    continue;
                };
                if let Some(Stored { data, .. }) = self.load(key, now).await? {
                    look(Listed {
                        key: key.to_owned(),
                        data,
                        expires: None,
                    });
                }
            }
            Ok(())
        })
    }
}
