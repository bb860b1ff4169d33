//! The cache as a site uses it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::flight::{Flights, Turn};
use crate::key::{KeyFunction, key_warnings};
use crate::{CacheBackend, Error, Keep, Result, Token, Ttl, Value};

/// A cache: typed values under short keys, for a while. Cheap to clone.
///
/// Keys get a prefix and a version, so that sites that share a server do not meet, and so that a new release can leave
/// the old values behind.
///
/// ```
/// use nuages_base::Clock;
/// use nuages_cache::{Cache, MemoryCache};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// let cache = Cache::new(MemoryCache::new(Clock::system())).with_prefix("blog");
/// cache.set("visits", 1).await?;
/// assert_eq!(cache.increase("visits", 2).await?, 3);
/// assert_eq!(cache.make_key("visits"), "blog:1:visits");
///
/// // Another version does not see it.
/// assert!(!cache.version(2).has_key("visits").await?);
///
/// let front = cache.get_or_set("front page", async || Ok::<_, nuages_cache::Error>("<h1>…".to_owned())).await?;
/// assert_eq!(front, "<h1>…");
/// # Ok::<(), nuages_cache::Error>(()) }).unwrap();
/// ```
///
/// # Django
/// `django.core.cache.cache` and `caches["…"]`; the methods are those of its async half. `incr` and `decr` are
/// [`increase`](Self::increase); a call's `version=` is [`version`](Self::version).
#[derive(Clone)]
pub struct Cache(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    store: Arc<dyn CacheBackend>,
    prefix: String,
    version: u32,
    key_function: KeyFunction,
    timeout: Ttl,
    lenient: bool,
    flights: Arc<Flights>,
}

impl Cache {
    /// A cache over a store: no prefix, version 1, values kept for five minutes.
    pub fn new(store: impl CacheBackend + 'static) -> Self {
        Self::over(Arc::new(store))
    }

    /// As [`new`](Self::new), over a store that is shared.
    pub fn over(store: Arc<dyn CacheBackend>) -> Self {
        Self(Arc::new(Inner {
            store,
            prefix: String::new(),
            version: 1,
            key_function: KeyFunction::default(),
            timeout: Some(Duration::from_mins(5)),
            lenient: false,
            flights: Arc::default(),
        }))
    }

    fn change(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }

    /// Every key begins with this (KEY_PREFIX).
    pub fn with_prefix(self, prefix: impl Into<String>) -> Self {
        self.change(|inner| inner.prefix = prefix.into())
    }

    /// Keys are made in another way (KEY_FUNCTION).
    pub fn with_key_function(self, function: KeyFunction) -> Self {
        self.change(|inner| inner.key_function = function)
    }

    /// How long values are kept when nothing else is said (TIMEOUT); `None` is for ever.
    pub fn with_timeout(self, timeout: Ttl) -> Self {
        self.change(|inner| inner.timeout = timeout)
    }

    /// The same cache with another version of its keys.
    ///
    /// # Django
    /// The argument `version` of each method, and `VERSION`.
    pub fn version(&self, version: u32) -> Self {
        self.clone().change(|inner| inner.version = version)
    }

    /// A cache that is down is one where nothing is found and nothing kept; the log says so.
    ///
    /// # Security
    /// Not for what protection rests on (sessions, throttles): those take [`strict`](Self::strict).
    pub fn lenient(self) -> Self {
        self.change(|inner| inner.lenient = true)
    }

    /// The same cache, whose failures are errors.
    pub fn strict(&self) -> Self {
        self.clone().change(|inner| inner.lenient = false)
    }

    /// The backend behind.
    pub fn backend(&self) -> &Arc<dyn CacheBackend> {
        &self.0.store
    }

    /// The whole key, as the store knows it.
    pub fn make_key(&self, key: &str) -> String {
        let inner = &self.0;
        inner.key_function.make(&inner.prefix, inner.version, key)
    }

    fn valid_key(&self, key: &str) -> String {
        let key = self.make_key(key);
        for warning in key_warnings(&key) {
            tracing::debug!(target: "nuages.cache", "{warning}");
        }
        key
    }

    /// A failure of a lenient cache is as if nothing were there.
    fn forgive<T>(&self, result: Result<T>, instead: T) -> Result<T> {
        match result {
            Err(error) if self.0.lenient && error.is_backend() => {
                tracing::warn!(target: "nuages.cache", error = &error as &dyn std::error::Error, "the cache failed");
                Ok(instead)
            }
            result => result,
        }
    }

    /// The value of a key.
    ///
    /// # Errors
    /// When the cache fails, or the value is of another type.
    pub async fn get<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>> {
        let value = self.get_value(key).await?;
        value.map(|value| value.into_typed_under(key)).transpose()
    }

    /// The value of a key as it is kept.
    ///
    /// # Errors
    /// When the cache fails.
    pub async fn get_value(&self, key: &str) -> Result<Option<Value>> {
        let found = self.0.store.get(&self.valid_key(key)).await;
        self.forgive(found, None)
    }

    /// The value of a key as it is kept, and what tells whether it is still the same.
    ///
    /// # Errors
    /// When the cache fails.
    pub async fn get_with_token(&self, key: &str) -> Result<Option<(Value, Token)>> {
        let found = self.0.store.get_with_token(&self.valid_key(key)).await;
        self.forgive(found, None)
    }

    /// Keeps a value for the cache's usual time.
    ///
    /// # Errors
    /// When the cache fails, or the value cannot be written.
    pub async fn set<T: Serialize>(&self, key: &str, value: T) -> Result<()> {
        self.set_value(key, Value::from_serde(&value)?, self.0.timeout)
            .await
    }

    /// Keeps a value for this long.
    ///
    /// # Errors
    /// When the cache fails, or the value cannot be written.
    pub async fn set_for<T: Serialize>(
        &self,
        key: &str,
        value: T,
        timeout: impl Into<Ttl>,
    ) -> Result<()> {
        self.set_value(key, Value::from_serde(&value)?, timeout.into())
            .await
    }

    /// Keeps a value as it is; for no time at all, it is removed.
    ///
    /// # Errors
    /// When the cache fails, or the value cannot be written.
    pub async fn set_value(&self, key: &str, value: Value, timeout: Ttl) -> Result<()> {
        let key = self.valid_key(key);
        let done = if is_over(timeout) {
            self.0.store.delete(&key).await.map(drop)
        } else {
            self.0.store.set(&key, value, timeout).await
        };
        self.forgive(done, ())
    }

    /// Keeps a value for the usual time where there is none; `false` when there is one.
    ///
    /// # Errors
    /// When the cache fails, or the value cannot be written.
    pub async fn add<T: Serialize>(&self, key: &str, value: T) -> Result<bool> {
        self.add_value(key, Value::from_serde(&value)?, self.0.timeout)
            .await
    }

    /// Keeps a value as it is where there is none; `false` when there is one.
    ///
    /// # Errors
    /// When the cache fails, or the value cannot be written.
    pub async fn add_value(&self, key: &str, value: Value, timeout: Ttl) -> Result<bool> {
        let key = self.valid_key(key);
        let done = if is_over(timeout) {
            self.0.store.has_key(&key).await.map(|there| !there)
        } else {
            self.0.store.add(&key, value, timeout).await
        };
        self.forgive(done, false)
    }

    /// Keeps a value where the one of the token still is; `false` when it is another or gone.
    ///
    /// # Errors
    /// When the cache fails, or the value cannot be written.
    pub async fn replace(
        &self,
        key: &str,
        token: &Token,
        value: Value,
        timeout: Ttl,
    ) -> Result<bool> {
        let key = self.valid_key(key);
        if is_over(timeout) {
            let known = self.0.store.get_with_token(&key).await?;
            return match known {
                Some((_, now)) if now == *token => self.0.store.delete(&key).await,
                _ => Ok(false),
            };
        }
        let done = self
            .0
            .store
            .replace(&key, token, value, Keep::For(timeout))
            .await;
        self.forgive(done, false)
    }

    /// Gives the value another time to live; `false` when there is none.
    ///
    /// # Errors
    /// When the cache fails.
    pub async fn touch(&self, key: &str, timeout: impl Into<Ttl>) -> Result<bool> {
        let (key, timeout) = (self.valid_key(key), timeout.into());
        let done = if is_over(timeout) {
            self.0.store.delete(&key).await
        } else {
            self.0.store.touch(&key, timeout).await
        };
        self.forgive(done, false)
    }

    /// Removes a value; `false` when there is none.
    ///
    /// # Errors
    /// When the cache fails.
    pub async fn delete(&self, key: &str) -> Result<bool> {
        let done = self.0.store.delete(&self.valid_key(key)).await;
        self.forgive(done, false)
    }

    /// True when there is a value.
    ///
    /// # Errors
    /// When the cache fails.
    pub async fn has_key(&self, key: &str) -> Result<bool> {
        let done = self.0.store.has_key(&self.valid_key(key)).await;
        self.forgive(done, false)
    }

    /// The values of those keys that have one.
    ///
    /// # Errors
    /// When the cache fails, or a value is of another type.
    pub async fn get_many<T: DeserializeOwned>(
        &self,
        keys: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<BTreeMap<String, T>> {
        let keys: Vec<String> = keys.into_iter().map(Into::into).collect();
        let whole: Vec<String> = keys.iter().map(|key| self.valid_key(key)).collect();
        let found = self.forgive(self.0.store.get_many(&whole).await, Vec::new())?;
        let mut values = BTreeMap::new();
        for (key, value) in keys.into_iter().zip(found) {
            if let Some(value) = value {
                let value = value.into_typed_under(&key)?;
                values.insert(key, value);
            }
        }
        Ok(values)
    }

    /// Keeps several values for the usual time.
    ///
    /// # Errors
    /// When the cache fails, or a value cannot be written.
    pub async fn set_many<K: Into<String>, T: Serialize>(
        &self,
        entries: impl IntoIterator<Item = (K, T)>,
    ) -> Result<()> {
        let mut written = Vec::new();
        for (key, value) in entries {
            written.push((self.valid_key(&key.into()), Value::from_serde(&value)?));
        }
        if written.is_empty() {
            return Ok(());
        }
        let done = if is_over(self.0.timeout) {
            let keys: Vec<String> = written.into_iter().map(|(key, _)| key).collect();
            self.0.store.delete_many(&keys).await
        } else {
            self.0.store.set_many(written, self.0.timeout).await
        };
        self.forgive(done, ())
    }

    /// Removes several values.
    ///
    /// # Errors
    /// When the cache fails.
    pub async fn delete_many(&self, keys: impl IntoIterator<Item = impl AsRef<str>>) -> Result<()> {
        let keys: Vec<String> = keys
            .into_iter()
            .map(|key| self.valid_key(key.as_ref()))
            .collect();
        let done = if keys.is_empty() {
            Ok(())
        } else {
            self.0.store.delete_many(&keys).await
        };
        self.forgive(done, ())
    }

    /// Adds to a whole number (a negative one takes away) and gives the sum.
    ///
    /// Of callers at the same time, none is lost. The number keeps its time to live.
    ///
    /// # Errors
    /// When there is no value ([`Error::is_not_found`]), it is no whole number, or the cache fails.
    ///
    /// # Django
    /// `incr` and `decr`. There the time to live starts anew in memory, files and databases; here it never does.
    pub async fn increase(&self, key: &str, by: i64) -> Result<i64> {
        let whole = self.valid_key(key);
        let sum = self.0.store.increase(&whole, by).await;
        self.forgive(sum, None)?
            .ok_or_else(|| Error::not_found(key))
    }

    /// The value of a key; where there is none, `make` works it out, and it is kept for the usual time.
    ///
    /// Of many callers of this process at the same time, one works it out and the others wait for it.
    ///
    /// # Errors
    /// Those of `make`, and when the cache fails or the value is of another type.
    pub async fn get_or_set<T, E, F>(&self, key: &str, make: F) -> Result<T, E>
    where
        T: Serialize + DeserializeOwned,
        E: From<Error>,
        F: AsyncFnOnce() -> Result<T, E>,
    {
        if let Some(value) = self.get(key).await? {
            return Ok(value);
        }
        let _turn = self.turn(key).await;
        if let Some(value) = self.get(key).await? {
            return Ok(value);
        }
        let value = make().await?;
        self.set(key, &value).await?;
        Ok(value)
    }

    /// Waits until nobody else in this process works out the value of a key, and then is the one who does.
    ///
    /// For what [`get_or_set`](Self::get_or_set) cannot say: look once more when it is your turn, since the one before
    /// may have set the value.
    ///
    /// ```
    /// use nuages_base::Clock;
    /// use nuages_cache::{Cache, MemoryCache};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
    /// let cache = Cache::new(MemoryCache::new(Clock::system()));
    /// let turn = cache.turn("front page").await;
    /// if cache.get::<String>("front page").await?.is_none() {
    ///     cache.set("front page", "<h1>…").await?;
    /// }
    /// drop(turn);
    /// # Ok::<(), nuages_cache::Error>(()) }).unwrap();
    /// ```
    pub async fn turn(&self, key: &str) -> Turn {
        self.0.flights.board(&self.make_key(key)).await
    }

    /// Moves a value to another version of its key; `false` when there is none.
    ///
    /// # Errors
    /// When the cache fails.
    ///
    /// # Django
    /// `incr_version` and `decr_version`, which give the value the usual time to live, as here.
    pub async fn move_to_version(&self, key: &str, version: u32) -> Result<bool> {
        let Some(value) = self.get_value(key).await? else {
            return Ok(false);
        };
        self.version(version)
            .set_value(key, value, self.0.timeout)
            .await?;
        self.delete(key).await?;
        Ok(true)
    }

    /// The keys of this prefix and version that begin so, without prefix and version.
    ///
    /// # Errors
    /// When the cache fails or cannot list its keys (files and dummies cannot, and keys of one's own making).
    pub async fn keys(&self, beginning: &str) -> Result<Vec<String>> {
        let whole = self.make_key(beginning);
        let Some(before) = whole.strip_suffix(beginning).map(str::len) else {
            return Err(Error::unsupported(
                "keys of one's own making cannot be listed",
            ));
        };
        let keys = self.0.store.keys(&whole).await?;
        Ok(keys
            .into_iter()
            .filter_map(|key| key.get(before..).map(str::to_owned))
            .collect())
    }

    /// Removes everything, also what other sites keep on the same server.
    ///
    /// # Errors
    /// When the cache fails.
    pub async fn clear(&self) -> Result<()> {
        let done = self.0.store.clear().await;
        self.forgive(done, ())
    }
}

/// No time at all.
fn is_over(timeout: Ttl) -> bool {
    timeout.is_some_and(|time| time.is_zero())
}

impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache")
            .field("store", &self.0.store)
            .field("prefix", &self.0.prefix)
            .field("version", &self.0.version)
            .finish_non_exhaustive()
    }
}
