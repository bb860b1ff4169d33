//! A cache of each kind on the test's bench, and time that passes for it.

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use nuages_base::Clock;
use nuages_cache::{Cache, DbCache, FileCache, MemoryCache};
use nuages_db::{Db, DbSettings};

/// A cache, and how time passes for it.
pub(crate) struct Bench {
    pub(crate) name: &'static str,
    pub(crate) cache: Cache,
    clock: Option<Clock>,
    pub(crate) folder: Option<PathBuf>,
}

impl Bench {
    /// Lets time pass: at once where the clock is held, else by waiting.
    pub(crate) async fn pass(&self, time: Duration) {
        match &self.clock {
            Some(clock) => clock.advance(time.try_into().unwrap()),
            None => tokio::time::sleep(time).await,
        }
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

pub(crate) fn clock() -> Clock {
    Clock::held(Timestamp::from_second(1_780_000_000).unwrap())
}

/// A folder that no other test has.
pub(crate) fn folder() -> PathBuf {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!(
        "cache-{}-{}",
        std::process::id(),
        NEXT.fetch_add(1, Ordering::Relaxed)
    ))
}

pub(crate) async fn table(clock: &Clock) -> DbCache {
    let db = Db::connect(&DbSettings::new("sqlite::memory:"))
        .await
        .unwrap();
    let cache = DbCache::new(db, "my_cache_table", clock.clone());
    assert!(cache.create_table().await.unwrap());
    assert!(!cache.create_table().await.unwrap());
    cache
}

/// The address of the Redis server of the tests.
#[cfg(feature = "redis")]
pub(crate) fn redis_address(test: &str) -> Option<String> {
    let address = std::env::var_os("NUAGES_TEST_REDIS").and_then(|text| text.into_string().ok());
    if address.is_none() {
        crate::skip::skip(test, "no Redis server (NUAGES_TEST_REDIS is not set)");
    }
    address
}

/// Every kind of cache, each with a prefix of its own where it is shared.
pub(crate) async fn every_kind(test: &str) -> Vec<Bench> {
    let mut kinds = Vec::new();
    let clock = clock();
    let mut held = |name, cache: Cache, folder| {
        kinds.push(Bench {
            name,
            cache,
            clock: Some(clock.clone()),
            folder,
        });
    };
    held("memory", Cache::new(MemoryCache::new(clock.clone())), None);
    held("db", Cache::new(table(&clock).await), None);
    let at = folder();
    let file = FileCache::new(at.clone(), clock.clone());
    held("file", Cache::new(file), Some(at));
    #[cfg(feature = "redis")]
    if let Some(address) = redis_address(test) {
        let store = nuages_cache::RedisCache::new(&address).unwrap();
        kinds.push(Bench {
            name: "redis",
            cache: Cache::new(store).with_prefix(format!("{test}-{}", std::process::id())),
            clock: None,
            folder: None,
        });
    }
    let _ = test;
    kinds
}
