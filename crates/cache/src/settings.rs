//! The settings of caches.

use std::collections::BTreeMap;

use nuages_base::settings;
use serde::Deserialize;

settings! {
    /// The caches of a site.
    pub struct CacheSettings {
        /// CACHES: the caches by alias, with Django's names for what each has; `default` is in memory where nothing else is said.
        pub caches: BTreeMap<String, CacheConfig> = BTreeMap::from([("default".to_owned(), CacheConfig::default())]),
    }
}

/// One entry of `caches`. Names are Django's, in upper or lower case.
///
/// ```
/// use nuages_base::SettingsGroup as _;
/// use nuages_cache::{CacheKind, CacheSettings};
/// use serde_json::json;
///
/// let mut settings = CacheSettings::default();
/// settings.set("caches", &json!({
///     "default": {
///         "BACKEND": "django.core.cache.backends.redis.RedisCache",
///         "LOCATION": "redis://127.0.0.1:6379",
///         "KEY_PREFIX": "blog",
///     },
///     "slow": {"backend": "file", "location": "cache", "timeout": null},
/// })).unwrap();
/// assert_eq!(settings.caches["default"].backend, CacheKind::Redis);
/// assert_eq!(settings.caches["slow"].timeout, None);
/// assert!(settings.set("caches", &json!({"default": {"backend": "memcached"}})).is_err());
/// ```
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CacheConfig {
    /// BACKEND: which kind of cache.
    #[serde(alias = "BACKEND")]
    pub backend: CacheKind,
    /// LOCATION: the address of the server, the folder, or the name of the table.
    #[serde(alias = "LOCATION")]
    pub location: String,
    /// TIMEOUT: how long values are kept, in seconds; null is for ever.
    #[serde(alias = "TIMEOUT")]
    pub timeout: Option<u64>,
    /// KEY_PREFIX: every key begins with it.
    #[serde(alias = "KEY_PREFIX")]
    pub key_prefix: String,
    /// VERSION: the version of the keys.
    #[serde(alias = "VERSION")]
    pub version: u32,
    /// OPTIONS.
    #[serde(alias = "OPTIONS")]
    pub options: CacheOptions,
}

impl Default for CacheConfig {
    fn default() -> Self {
        Self {
            backend: CacheKind::Memory,
            location: String::new(),
            timeout: Some(300),
            key_prefix: String::new(),
            version: 1,
            options: CacheOptions::default(),
        }
    }
}

/// OPTIONS of a cache.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CacheOptions {
    /// MAX_ENTRIES: how many values are kept at most (memory, files, database).
    #[serde(alias = "MAX_ENTRIES")]
    pub max_entries: usize,
    /// CULL_FREQUENCY: one value in so many makes room when the cache is full; 0 empties it.
    #[serde(alias = "CULL_FREQUENCY")]
    pub cull_frequency: usize,
    /// How long a Redis server may take to answer, in seconds.
    #[serde(alias = "SOCKET_TIMEOUT")]
    pub socket_timeout: f64,
    /// IGNORE_EXCEPTIONS (of django-redis): a server that is down is a cache where nothing is found, instead of an error.
    #[serde(alias = "IGNORE_EXCEPTIONS")]
    pub ignore_exceptions: bool,
}

impl Default for CacheOptions {
    fn default() -> Self {
        Self {
            max_entries: 300,
            cull_frequency: 3,
            socket_timeout: 2.0,
            ignore_exceptions: false,
        }
    }
}

/// The kinds of caches; each has a short name and Django's dotted one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum CacheKind {
    /// In the memory of this process.
    #[serde(
        rename = "memory",
        alias = "locmem",
        alias = "django.core.cache.backends.locmem.LocMemCache"
    )]
    Memory,
    /// In files.
    #[serde(
        rename = "file",
        alias = "filebased",
        alias = "django.core.cache.backends.filebased.FileBasedCache"
    )]
    File,
    /// In a table.
    #[serde(
        rename = "db",
        alias = "database",
        alias = "django.core.cache.backends.db.DatabaseCache"
    )]
    Db,
    /// On a Redis server.
    #[serde(
        rename = "redis",
        alias = "django.core.cache.backends.redis.RedisCache"
    )]
    Redis,
    /// Nowhere.
    #[serde(
        rename = "dummy",
        alias = "django.core.cache.backends.dummy.DummyCache"
    )]
    Dummy,
}
