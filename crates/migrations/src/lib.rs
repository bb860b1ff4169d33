//! Model changes to schema changes: operations, the graph, the executor, and Django's own history.
//!
//! An app lists its [`Migration`]s, each one a Rust file named like Django's (`0002_post_slug.rs`) that returns
//! a list of operations. The [`Executor`] orders them by their dependencies, compares them with the
//! `django_migrations` table and applies what is missing, each in a transaction of its own. A live Django
//! database finds its history applied, and nothing in it is touched.
//!
//! Internal crate of `nuages`: versions move in lockstep, and only the facade promises stability.
//!
//! # Django
//! `django.db.migrations`.

mod error;
mod executor;
mod field;
mod graph;
mod history;
mod migration;
pub mod operations;
mod plan;
mod schema;
mod state;

pub use error::{Error, ErrorKind, Result};
pub use executor::Executor;
pub use field::{Field, OnDelete, Reference};
pub use migration::{AppMigrations, Key, Migration};
pub use operations::Operation;
pub use plan::{Direction, Step, Target};
pub use state::{ModelState, ProjectState};
