//! The table that Django does not have, under a label of its own, so that its history of `sessions` stays its own.

#[path = "0001_session_user.rs"]
mod m0001;

use nuages_migrations::AppMigrations;

/// The migrations of `nuages_sessions`: the index by which [`DbStore::with_user_index`](crate::DbStore::with_user_index)
/// finds a user's sessions.
pub fn user_index_migrations() -> AppMigrations {
    AppMigrations::new("nuages_sessions", [m0001::migration()])
}
