//! Every engine on the test's bench.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::SignedDuration;
use nuages_base::Clock;
use nuages_cache::{Cache, MemoryCache};
use nuages_crypto::KeyRing;
use nuages_db::{Db, DbSettings};
use nuages_migrations::{Executor, Target};
use nuages_sessions::{
    CacheStore, CachedDbStore, CookieStore, DbStore, FileStore, MemoryStore, SessionSettings,
    SessionStore, Sessions, app_migrations, user_index_migrations,
};
use nuages_sql::RawSql;

use crate::site::clock;

/// One engine, and how time passes for it.
pub(crate) struct Engine {
    pub(crate) name: &'static str,
    pub(crate) store: Arc<dyn SessionStore>,
    pub(crate) clock: Clock,
    pub(crate) db: Option<Db>,
    pub(crate) cache: Option<Cache>,
    folder: Folder,
    /// The server of a cache has a clock of its own.
    real_time: bool,
}

impl Engine {
    /// Sessions in it, with these settings.
    pub(crate) fn sessions(&self, settings: SessionSettings) -> Sessions {
        Sessions::new(self.store.clone(), settings, self.clock.clone())
    }

    /// Sessions in it.
    pub(crate) fn usual(&self) -> Sessions {
        self.sessions(SessionSettings::default())
    }

    /// True when sessions lie here and not with the visitor.
    pub(crate) fn is_server_side(&self) -> bool {
        self.name != "signed_cookies"
    }

    /// True when seconds can be let pass at once.
    pub(crate) fn has_held_clock(&self) -> bool {
        !self.real_time
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    /// Puts a text where this engine keeps the signed text of a session; `false` where it keeps none.
    pub(crate) async fn plant(&self, key: &str, text: &str) -> bool {
        if let Some(db) = &self.db {
            let update = nuages_sql::Update::table("django_session")
                .set("session_data", nuages_sql::Expr::value(text))
                .filter(
                    nuages_sql::Expr::column("django_session", "session_key")
                        .eq(nuages_sql::Expr::value(key)),
                );
            assert_eq!(db.execute(&update).await.unwrap(), 1);
            if let Some(cache) = &self.cache {
                cache.clear().await.unwrap();
            }
        } else if self.name == "file" {
            let folder = self.folder.0.as_ref().unwrap();
            let file = folder.join(format!("sessionid{key}"));
            assert!(file.exists());
            let moment = std::fs::metadata(&file).unwrap().modified().unwrap();
            std::fs::write(&file, text).unwrap();
            let file = std::fs::File::options().write(true).open(&file).unwrap();
            file.set_modified(moment).unwrap();
        } else {
            return false;
        }
        true
    }

    /// How many sessions are stored.
    pub(crate) async fn count(&self) -> usize {
        let mut count = 0;
        if self.is_server_side() {
            let mut look = |_| count += 1;
            self.store.each(self.clock.now(), &mut look).await.unwrap();
        }
        count
    }
}

/// Goes with the engine.
struct Folder(Option<PathBuf>);

impl Drop for Folder {
    fn drop(&mut self) {
        if let Some(folder) = &self.0 {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

pub(crate) fn keys() -> KeyRing {
    KeyRing::new("the key of the engines' tests")
}

/// A database with the table of sessions, in a file, so that readers and writers meet as in a site.
pub(crate) async fn database(folder: &std::path::Path) -> Db {
    std::fs::create_dir_all(folder).unwrap();
    let url = format!("sqlite:///{}", folder.join("db.sqlite3").display());
    let db = Db::connect(&DbSettings::new(url)).await.unwrap();
    let executor = Executor::new(&[app_migrations(), user_index_migrations()]).unwrap();
    executor.run(&db, &Target::All).await.unwrap();
    db
}

fn folder(name: &str) -> PathBuf {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!(
        "sessions-{name}-{}-{}",
        std::process::id(),
        NEXT.fetch_add(1, Ordering::Relaxed)
    ))
}

/// Every engine; the cache on a Redis server where `NUAGES_TEST_REDIS` names one.
pub(crate) async fn every_engine(test: &str) -> Vec<Engine> {
    every_engine_with(test, &SessionSettings::default()).await
}

/// Every engine, for those that look at settings themselves.
pub(crate) async fn every_engine_with(test: &str, settings: &SessionSettings) -> Vec<Engine> {
    let mut engines = held_engines(settings).await;
    if let Some(address) = redis_address(test) {
        let store = nuages_cache::RedisCache::new(&address).unwrap();
        let prefix = format!("sessions-{test}-{}", std::process::id());
        let (cache, clock) = (Cache::new(store).with_prefix(prefix), clock());
        engines.push(Engine {
            name: "cache on redis",
            store: Arc::new(CacheStore::new(&cache, clock.clone())),
            clock,
            db: None,
            cache: Some(cache),
            folder: Folder(None),
            real_time: true,
        });
    }
    engines
}

/// Every engine whose time a test can hold.
pub(crate) async fn held_engines(settings: &SessionSettings) -> Vec<Engine> {
    let clock = clock();
    let memory = |clock: &Clock| Cache::new(MemoryCache::sized(clock.clone(), 100_000, 3));
    let engine = |name, store: Arc<dyn SessionStore>| Engine {
        name,
        store,
        clock: clock.clone(),
        db: None,
        cache: None,
        folder: Folder(None),
        real_time: false,
    };
    let mut engines = vec![engine("memory", Arc::new(MemoryStore::new()))];

    let at = folder("db");
    let db = database(&at).await;
    engines.push(Engine {
        db: Some(db.clone()),
        folder: Folder(Some(at)),
        ..engine("db", Arc::new(DbStore::new(db, &keys(), clock.clone())))
    });

    let cache = memory(&clock);
    engines.push(Engine {
        cache: Some(cache.clone()),
        ..engine("cache", Arc::new(CacheStore::new(&cache, clock.clone())))
    });

    let (at, cache) = (folder("cached_db"), memory(&clock));
    let db = database(&at).await;
    let rows = DbStore::new(db.clone(), &keys(), clock.clone()).with_user_index();
    let store = CachedDbStore::new(rows, &cache, clock.clone());
    engines.push(Engine {
        db: Some(db),
        cache: Some(cache),
        folder: Folder(Some(at)),
        ..engine("cached_db", Arc::new(store))
    });

    let at = folder("file");
    let store = FileStore::new(at.clone(), &keys(), settings.clone(), clock.clone());
    engines.push(Engine {
        folder: Folder(Some(at)),
        ..engine("file", Arc::new(store))
    });

    let store = CookieStore::new(&keys(), settings.clone(), clock.clone());
    engines.push(engine("signed_cookies", Arc::new(store)));
    engines
}

/// The address of the Redis server of the tests.
pub(crate) fn redis_address(test: &str) -> Option<String> {
    let address = std::env::var_os("NUAGES_TEST_REDIS").and_then(|text| text.into_string().ok());
    if address.is_none() {
        crate::skip::skip(test, "no Redis server (NUAGES_TEST_REDIS is not set)");
    }
    address
}

/// What the table of sessions holds.
pub(crate) async fn rows(db: &Db) -> i64 {
    let query = RawSql::new("SELECT COUNT(*) FROM django_session");
    db.fetch_value(query).await.unwrap().unwrap()
}

/// Runs a future that waits for disks and servers, on two threads.
pub(crate) fn run_io<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}
