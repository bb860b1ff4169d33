//! The store of sessions that the settings name.

use std::sync::Arc;

use nuages_base::Clock;
use nuages_cache::Caches;
use nuages_crypto::KeyRing;
use nuages_db::Db;
use nuages_sessions::{
    CacheStore, CachedDbStore, CookieStore, DbStore, FileStore, SessionEngine, SessionStore,
};

use crate::error::BuildError;
use crate::settings::Settings;

/// The store of SESSION_ENGINE, with what it needs.
pub(crate) fn open(
    settings: &Settings,
    keys: &KeyRing,
    clock: &Clock,
    db: &Db,
    caches: &Caches,
) -> Result<Arc<dyn SessionStore>, BuildError> {
    let sessions = &settings.sessions;
    let rows = || DbStore::new(db.clone(), keys, clock.clone()).with_user_index();
    let cache = || caches.get(&sessions.session_cache_alias);
    Ok(match sessions.session_engine {
        SessionEngine::Db => Arc::new(rows()),
        SessionEngine::Cache => Arc::new(CacheStore::new(&cache()?, clock.clone())),
        SessionEngine::CachedDb => Arc::new(CachedDbStore::new(rows(), &cache()?, clock.clone())),
        SessionEngine::File => {
            let folder = match &sessions.session_file_path {
                Some(path) => settings.base_dir.join(path),
                None => std::env::temp_dir(),
            };
            let store = FileStore::new(folder, keys, sessions.clone(), clock.clone());
            Arc::new(store)
        }
        SessionEngine::SignedCookies => {
            Arc::new(CookieStore::new(keys, sessions.clone(), clock.clone()))
        }
    })
}
