//! Sessions in the database, with a copy in a cache.

use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use nuages_base::Clock;
use nuages_cache::Cache;

use super::cache::{named, read, time_left, write};
use super::db::DbStore;
use crate::store::{Listed, Replaced, Revision, Stored};
use crate::{Error, SessionData, SessionStore};

/// Stands before the keys of the copies; Django's.
const PREFIX: &str = "django.contrib.sessions.cached_db";

/// Sessions in the database, and copies in a cache, which spare most requests the query.
///
/// The database is the truth: changes are made there, and a cache that is down costs only time.
///
/// # Django
/// `django.contrib.sessions.backends.cached_db.SessionStore`; rows, keys and values are the same. Whoever puts a copy into the
/// cache looks once more whether the row is still the same, so that a slow request cannot leave an old copy behind.
#[derive(Debug, Clone)]
pub struct CachedDbStore {
    db: DbStore,
    cache: Cache,
    clock: Clock,
}

impl CachedDbStore {
    /// Sessions in this store, with copies in this cache.
    pub fn new(db: DbStore, cache: &Cache, clock: Clock) -> Self {
        Self {
            db,
            cache: cache.strict(),
            clock,
        }
    }

    async fn cached(&self, key: &str) -> Option<SessionData> {
        match self.cache.get_value(&name(key)).await {
            Ok(value) => value.and_then(read),
            Err(error) => {
                complain(&error);
                None
            }
        }
    }

    /// Puts a copy into the cache, and takes it out again if the row has changed meanwhile.
    async fn publish(&self, key: &str, data: &SessionData, text: &str, ttl: Duration, over: bool) {
        let copy = async {
            let (name, value) = (name(key), write(data)?);
            let set = if over {
                self.cache.set_value(&name, value, Some(ttl)).await
            } else {
                let added = self.cache.add_value(&name, value, Some(ttl)).await;
                added.map(drop)
            };
            set.map_err(Error::store)?;
            if self.db.text(key, self.clock.now()).await?.as_deref() != Some(text) {
                let deleted = self.cache.delete(&name).await;
                deleted.map_err(Error::store)?;
            }
            Ok::<(), Error>(())
        };
        if let Err(error) = copy.await {
            complain(&error);
        }
    }
}

fn name(key: &str) -> String {
    named(PREFIX, key)
}

#[cold]
fn complain(error: &(dyn std::error::Error + 'static)) {
    tracing::error!(target: "nuages.sessions", error, "the copy of a session in the cache cannot be used");
}

impl SessionStore for CachedDbStore {
    fn load<'a>(
        &'a self,
        key: &'a str,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Option<Stored>, Error>> {
        Box::pin(async move {
            if let Some(data) = self.cached(key).await {
                return Ok(Some(Stored {
                    data,
                    revision: None,
                }));
            }
            let Some((stored, expires)) = self.db.load_with_end(key, now).await? else {
                return Ok(None);
            };
            if let Some(text) = stored.revision.as_ref().and_then(Revision::as_text) {
                let ttl = time_left(expires, now);
                self.publish(key, &stored.data, text, ttl, false).await;
            }
            Ok(Some(stored))
        })
    }

    fn reload<'a>(
        &'a self,
        key: &'a str,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Option<Stored>, Error>> {
        self.db.load(key, now)
    }

    fn create<'a>(
        &'a self,
        key: &'a str,
        data: &'a SessionData,
        expires: Timestamp,
    ) -> BoxFuture<'a, Result<bool, Error>> {
        Box::pin(async move {
            if !self.db.create(key, data, expires).await? {
                return Ok(false);
            }
            // Nobody else knows the key yet: the copy needs no second look.
            let ttl = Some(time_left(expires, self.clock.now()));
            let set = self.cache.set_value(&name(key), write(data)?, ttl).await;
            if let Err(error) = set {
                complain(&error);
            }
            Ok(true)
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
            let replaced = self.db.replace(key, revision, data, expires).await?;
            if let Replaced::Saved { revision, .. } = &replaced
                && let Some(text) = revision.as_ref().and_then(Revision::as_text)
            {
                let ttl = time_left(expires, self.clock.now());
                self.publish(key, data, text, ttl, true).await;
            }
            Ok(replaced)
        })
    }

    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            self.db.delete(key).await?;
            // A copy that stays would be a session that was not ended: this failure is told.
            let deleted = self.cache.delete(&name(key)).await;
            deleted.map(drop).map_err(Error::store)
        })
    }

    fn clear_expired(&self, now: Timestamp) -> BoxFuture<'_, Result<u64, Error>> {
        self.db.clear_expired(now)
    }

    fn each<'a>(
        &'a self,
        now: Timestamp,
        look: &'a mut (dyn FnMut(Listed) + Send),
    ) -> BoxFuture<'a, Result<(), Error>> {
        self.db.each(now, look)
    }

    fn each_of<'a>(
        &'a self,
        user: &'a str,
        now: Timestamp,
        look: &'a mut (dyn FnMut(Listed) + Send),
    ) -> BoxFuture<'a, Result<(), Error>> {
        self.db.each_of(user, now, look)
    }
}
