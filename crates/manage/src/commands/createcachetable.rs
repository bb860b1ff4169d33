//! `createcachetable`: makes the tables of the caches that lie in the database.

use nuages_app::BuiltSite;
use nuages_cache::{CacheKind, DbCache};

use crate::console::Console;
use crate::error::CommandError;

pub(crate) async fn run(site: &BuiltSite, console: &Console) -> Result<(), CommandError> {
    let db = site.connect().await?;
    let caches = &site.settings().caches.caches;
    let in_tables = caches
        .values()
        .filter(|config| config.backend == CacheKind::Db);
    let mut any = false;
    for config in in_tables {
        any = true;
        let cache = DbCache::new(db.clone(), config.location.clone(), site.clock().clone());
        let table = &config.location;
        if cache.create_table().await? {
            console.line(format_args!("Cache table '{table}' created."));
        } else {
            console.line(format_args!("Cache table '{table}' already exists."));
        }
    }
    if !any {
        console.line(
            "No cache lies in the database: the setting `caches` names none with the backend `db`.",
        );
    }
    Ok(())
}
