//! The tables that Django does not have, under a label of their own, so that its history of `auth` stays its own.

#[path = "0001_login_attempt.rs"]
mod m0001;

use nuages_migrations::AppMigrations;

/// The migrations of `nuages_auth`.
pub(super) fn migrations() -> AppMigrations {
    AppMigrations::new("nuages_auth", [m0001::migration()])
}
