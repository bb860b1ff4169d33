//! Talk to a database: connections, rows, transactions, the query log.
//!
//! [`Db`] is the one handle: the database itself, or an open transaction on it, with the same
//! methods. It takes the statements of `nuages-sql` and gives [`Row`]s.
//!
//! ```
//! use nuages_db::{Db, DbSettings, Error};
//! use nuages_sql::{Expr, Insert, RawSql, Select};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! let db = Db::connect(&DbSettings::new("sqlite::memory:")).await?;
//! db.execute(RawSql::new("CREATE TABLE tea (id integer PRIMARY KEY, name text UNIQUE)")).await?;
//!
//! db.atomic(async |tx: Db| {
//!     tx.execute(Insert::into("tea").columns(["name"]).row([Expr::value("green")])).await
//! })
//! .await?;
//!
//! let names = Select::from("tea").column("tea", "name");
//! let rows = db.fetch_all(&names).await?;
//! assert_eq!(rows[0].get::<String>(0)?, "green");
//!
//! // What a failed transaction did is undone.
//! let failed = db.atomic(async |tx: Db| {
//!     tx.execute(Insert::into("tea").columns(["name"]).row([Expr::value("black")])).await?;
//!     tx.execute(Insert::into("tea").columns(["name"]).row([Expr::value("green")])).await
//! });
//! assert!(failed.await.unwrap_err().is_unique_violation());
//! assert_eq!(db.fetch_all(&names).await?.len(), 1);
//! # Ok::<(), Error>(()) }).unwrap();
//! ```
//!
//! # How it works
//! On SQLite, a read runs at once on the thread that asks, with a connection of its own and a
//! prepared statement; nothing is handed to another thread. Writes take turns, one at a time, as
//! SQLite wants it; a transaction holds its turn until it ends. A database that another process
//! has locked is tried again until [`DbSettings::timeout`], without blocking a thread.
//!
//! # Deployment
//! A read that takes long keeps its thread busy; [`DbSettings::statement_timeout`] bounds it.
//!
//! # Django
//! `django.db.connection` and `django.db.transaction`. SQLite runs in WAL mode, transactions are
//! `BEGIN IMMEDIATE`, foreign keys are enforced.
//!
//! Internal crate of `nuages`: versions move in lockstep, and only the facade promises stability.
#![forbid(unsafe_code)]

mod db;
mod drivers;
mod error;
mod extract;
mod from_value;
mod row;
mod settings;

pub use db::{Db, LoggedQuery, QueryLog, Transaction};
pub use error::{Error, ErrorKind, Result};
pub use extract::MissingDb;
pub use from_value::{FromValue, FromValueError};
pub use row::Row;
pub use settings::DbSettings;
