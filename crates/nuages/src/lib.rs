//! Nuages: the Django-compatible, secure-by-default web framework for Rust.
//!
#![doc = include_str!("../../../README.md")]
//!
//! Each room of the house is a module here; [`prelude`] has what most files of a site use, and
//! [`from_django`] tells where Django's words live.

pub mod from_django;
pub mod prelude;

pub use nuages_app::{
    App, BuildError, BuiltSite, Onion, STACK, ServerSettings, Settings, SettingsError, Site, serve,
};
pub use nuages_manage::Manage;

/// Users, groups, permissions, passwords, login and its views.
pub mod auth {
    pub use nuages_app::rooms::auth as app;
    pub use nuages_auth::*;
}
/// The shared words: signals, checks, the clock, settings.
pub mod base {
    pub use nuages_base::*;
}
/// The cache: memory, files, database, Redis.
pub mod cache {
    pub use nuages_cache::*;
}
/// Signing, secrets, random strings.
pub mod crypto {
    pub use nuages_crypto::*;
}
/// Databases: connections, rows, transactions.
pub mod db {
    pub use nuages_db::*;
}
/// Forms: fields, widgets, validation.
pub mod forms {
    pub use nuages_forms::*;
}
/// E-mail: messages, backends, the queue.
pub mod mail {
    pub use nuages_mail::*;
}
/// The commands.
pub mod manage {
    pub use nuages_manage::*;
}
/// Migrations.
pub mod migrations {
    pub use nuages_migrations::*;
}
/// Models and queries.
pub mod orm {
    pub use nuages_orm::*;
}
/// Security layers for any axum or tower app.
pub mod security {
    pub use nuages_security::*;
}
/// Sessions and flash messages.
pub mod sessions {
    pub use nuages_sessions::*;
}
/// SQL as a value.
pub mod sql {
    pub use nuages_sql::*;
}
/// Work outside the request.
pub mod tasks {
    pub use nuages_tasks::*;
}
/// The template language.
pub mod template {
    pub use nuages_template::*;
}
/// Test client, test site, live server.
pub mod testing {
    pub use nuages_testing::*;
}
/// URLs, extractors, pages, responses.
pub mod web {
    pub use nuages_web::*;
}
