//! The migrations of the auth room.

mod auth;
mod contenttypes;
mod nuages_auth;

use nuages_migrations::AppMigrations;

/// The migrations of `contenttypes` and `auth`, under Django's names and with Django's result, and of `nuages_auth`, the one table that Django does not have: that of failed logins.
///
/// A database that Django has migrated finds Django's own applied.
pub fn app_migrations() -> Vec<AppMigrations> {
    vec![
        contenttypes::migrations(),
        auth::migrations(),
        nuages_auth::migrations(),
    ]
}
