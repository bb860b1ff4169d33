//! What a database must be able to do, and the databases that can.

mod sqlite;

use std::fmt;
use std::ops::ControlFlow;

use futures_util::future::BoxFuture;
use nuages_sql::{Access, Dialect, Params};

use crate::error::{Error, ErrorKind, Result};
use crate::{DbSettings, Row};

/// One database.
pub(crate) trait Driver: fmt::Debug + Send + Sync {
    /// How it wants its SQL.
    fn dialect(&self) -> &'static dyn Dialect;

    /// Runs one statement outside of any transaction.
    fn run<'a>(&'a self, call: Call<'a>) -> Reply<'a, u64>;

    /// Begins a transaction.
    fn begin(&self, kind: TransactionKind) -> BoxFuture<'_, Result<Box<dyn Session>>>;
}

/// One connection with an open transaction. Dropping it rolls the transaction back.
pub(crate) trait Session: fmt::Debug + Send + Sync {
    /// Runs one statement.
    fn run<'a>(&'a self, call: Call<'a>) -> Reply<'a, u64>;

    /// Ends the transaction or a part of it.
    fn control(&self, control: Control) -> Reply<'_, ()>;

    /// Rolls back what is still open, at once, and gives the connection back.
    /// Every later call is an error.
    fn close(&self);
}

/// What a transaction is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TransactionKind {
    /// For rows.
    Rows,
    /// For changes to tables: foreign keys are checked at its end only.
    Schema,
}

/// A step of a transaction.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Control {
    Commit,
    Rollback,
    Savepoint(u64),
    Release(u64),
    RollbackTo(u64),
}

/// One statement to run, and what is done with its rows.
pub(crate) struct Call<'a> {
    pub(crate) sql: &'a str,
    pub(crate) params: &'a Params<'a>,
    pub(crate) access: Access,
    pub(crate) sink: Sink<'a>,
}

/// Takes the rows one by one; the row is filled anew for each.
pub(crate) type Sink<'a> = &'a mut (dyn FnMut(&mut Row) -> Result<ControlFlow<()>> + Send);

/// An answer that is there at once (SQLite, mostly) or must be waited for.
pub(crate) enum Reply<'a, T> {
    Ready(Result<T>),
    Pending(BoxFuture<'a, Result<T>>),
}

impl<T> Reply<'_, T> {
    pub(crate) async fn wait(self) -> Result<T> {
        match self {
            Self::Ready(result) => result,
            Self::Pending(future) => future.await,
        }
    }
}

/// Opens the database that the settings name.
pub(crate) async fn connect(settings: &DbSettings) -> Result<Box<dyn Driver>> {
    let scheme = settings.url.split(':').next().unwrap_or_default();
    match scheme {
        "sqlite" => Ok(Box::new(sqlite::SqliteDriver::open(settings).await?)),
        _ => Err(Error::new(
            ErrorKind::Connection,
            format!(
                "no driver for a database URL that begins with `{}:`",
                scheme.escape_debug()
            ),
        )
        .hint("sqlite:///relative/path, sqlite:////absolute/path or sqlite::memory:")),
    }
}
