//! The migrations of `sessions`, under Django's names.

#[path = "0001_initial.rs"]
mod m0001;
mod nuages_sessions;

use nuages_migrations::AppMigrations;

pub use nuages_sessions::user_index_migrations;

/// The migrations of `sessions`. A database that Django has migrated finds them applied.
pub fn app_migrations() -> AppMigrations {
    AppMigrations::new("sessions", [m0001::migration()])
}
