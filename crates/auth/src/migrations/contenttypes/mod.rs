//! The history of `contenttypes`.

#[path = "0001_initial.rs"]
mod m0001;
#[path = "0002_remove_content_type_name.rs"]
mod m0002;

use nuages_migrations::AppMigrations;

/// The migrations of `contenttypes`, under Django's names.
pub(super) fn migrations() -> AppMigrations {
    AppMigrations::new("contenttypes", [m0001::migration(), m0002::migration()])
}
