//! The caches that the settings name.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use nuages_base::Clock;
use nuages_db::Db;

use crate::{
    Cache, CacheBackend, CacheConfig, CacheKind, CacheSettings, DbCache, DummyCache, Error,
    FileCache, MemoryCache, Result,
};

/// The caches of a site, by alias. Cheap to clone.
///
/// # Django
/// `django.core.cache.caches`.
#[derive(Debug, Clone, Default)]
pub struct Caches(Arc<BTreeMap<String, Cache>>);

impl Caches {
    /// Opens the caches of the settings; nothing is connected before the first use.
    ///
    /// Relative folders start at `base_dir`; tables are those of `db`.
    ///
    /// # Errors
    /// When a cache lacks its location, or this build has no Redis.
    pub fn open(settings: &CacheSettings, base_dir: &Path, db: &Db, clock: &Clock) -> Result<Self> {
        let mut caches = BTreeMap::new();
        for (alias, config) in &settings.caches {
            let store = store(alias, config, base_dir, db, clock)?;
            let mut cache = Cache::over(store)
                .with_prefix(config.key_prefix.as_str())
                .with_timeout(config.timeout.map(Duration::from_secs))
                .version(config.version);
            if config.options.ignore_exceptions {
                cache = cache.lenient();
            }
            caches.insert(alias.clone(), cache);
        }
        Ok(Self(Arc::new(caches)))
    }

    /// These caches.
    pub fn of(caches: impl IntoIterator<Item = (String, Cache)>) -> Self {
        Self(Arc::new(caches.into_iter().collect()))
    }

    /// The cache of an alias.
    ///
    /// # Errors
    /// When the settings name none; the hint says which there are.
    pub fn get(&self, alias: &str) -> Result<Cache> {
        self.0.get(alias).cloned().ok_or_else(|| {
            let known: Vec<&str> = self.0.keys().map(String::as_str).collect();
            Error::settings(
                format!("there is no cache `{alias}` in the setting `caches`"),
                if known.is_empty() {
                    "there is none at all".to_owned()
                } else {
                    format!("there are: {}", known.join(", "))
                },
            )
        })
    }

    /// The aliases.
    pub fn aliases(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

fn store(
    alias: &str,
    config: &CacheConfig,
    base_dir: &Path,
    db: &Db,
    clock: &Clock,
) -> Result<Arc<dyn CacheBackend>> {
    let (size, cull) = (config.options.max_entries, config.options.cull_frequency);
    let location = config.location.as_str();
    let needs = |what: &str| -> Result<String> {
        if location.is_empty() {
            return Err(Error::settings(
                format!("the cache `{alias}` has no location"),
                format!("set `location` to {what}"),
            ));
        }
        Ok(location.to_owned())
    };
    Ok(match config.backend {
        CacheKind::Memory => Arc::new(MemoryCache::sized(clock.clone(), size, cull)),
        CacheKind::Dummy => Arc::new(DummyCache),
        CacheKind::File => Arc::new(
            FileCache::new(base_dir.join(needs("a folder")?), clock.clone()).sized(size, cull),
        ),
        CacheKind::Db => Arc::new(
            DbCache::new(db.clone(), needs("the name of a table")?, clock.clone())
                .sized(size, cull),
        ),
        CacheKind::Redis => redis(&needs("redis://host:port")?, config.options.socket_timeout)?,
    })
}

#[cfg(feature = "redis")]
fn redis(location: &str, timeout: f64) -> Result<Arc<dyn CacheBackend>> {
    let timeout = Duration::try_from_secs_f64(timeout)
        .map_err(|_| Error::settings("`socket_timeout` is no time", "give it in seconds"))?;
    Ok(Arc::new(
        crate::RedisCache::new(location)?.with_timeout(timeout),
    ))
}

#[cfg(not(feature = "redis"))]
fn redis(_: &str, _: f64) -> Result<Arc<dyn CacheBackend>> {
    Err(Error::settings(
        "this build knows no Redis",
        "turn the feature `redis` on",
    ))
}
