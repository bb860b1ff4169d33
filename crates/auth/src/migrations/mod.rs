//! The migrations of the auth room.

mod auth;
mod contenttypes;

use nuages_migrations::AppMigrations;

/// The migrations of `contenttypes` and `auth`, under Django's names and with Django's result.
///
/// A database that Django has migrated finds them applied.
pub fn app_migrations() -> Vec<AppMigrations> {
    vec![contenttypes::migrations(), auth::migrations()]
}
