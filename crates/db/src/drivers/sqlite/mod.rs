//! SQLite, through rusqlite.
//!
//! - Reads of a file run at once on the calling thread, on a connection from a pool.
//! - Writes and transactions use the one writing connection, behind an async lock.
//! - A database in memory has only the writing connection, which then reads, too.
//! - No connection waits for a lock inside SQLite: a busy database is tried again after an async
//!   pause.

mod bind;
mod connection;
mod errors;
mod open;
mod pool;
mod retry;
mod session;
mod url;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use nuages_sql::{Access, Dialect, SQLITE};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::{Call, Driver, Reply, Session, TransactionKind};
use crate::DbSettings;
use crate::error::{Error, ErrorKind, Result};
use connection::{Connection, Outcome};
use open::Location;
use pool::Readers;
use retry::Retry;
use session::SqliteSession;

/// One SQLite database.
pub(super) struct SqliteDriver {
    location: Location,
    /// Absent in memory.
    readers: Option<Readers>,
    writer: Arc<Mutex<Connection>>,
    timeout: Duration,
}

impl SqliteDriver {
    pub(super) async fn open(settings: &DbSettings) -> Result<Self> {
        let location = Location::of(settings)?;
        let writer = retry::until_free(settings.timeout, || location.open(settings)).await?;
        let readers = location
            .is_file()
            .then(|| Readers::new(location.clone(), settings.clone()));
        Ok(Self {
            location,
            readers,
            writer: Arc::new(Mutex::new(writer)),
            timeout: settings.timeout,
        })
    }

    /// The writing connection, when it is this caller's turn.
    async fn turn(&self) -> Result<OwnedMutexGuard<Connection>> {
        let lock = Arc::clone(&self.writer).lock_owned();
        tokio::time::timeout(self.timeout, lock)
            .await
            .map_err(|_| no_turn())
    }

    /// Tries again after the first try found the database or the writer busy.
    async fn run_later(&self, mut call: Call<'_>, mut reader: Option<&Readers>) -> Result<u64> {
        let mut retry = Retry::new(self.timeout);
        loop {
            let outcome = match reader {
                Some(readers) => readers.run(&mut call),
                None => self.turn().await?.run(&mut call),
            };
            match outcome {
                Outcome::Done(result) => return result,
                Outcome::Busy(error) => retry.pause(error).await?,
                Outcome::Writes => {
                    call.access = Access::Write;
                    reader = None;
                }
            }
        }
    }
}

impl Driver for SqliteDriver {
    fn dialect(&self) -> &'static dyn Dialect {
        &SQLITE
    }

    fn run<'a>(&'a self, mut call: Call<'a>) -> Reply<'a, u64> {
        let reader = self
            .readers
            .as_ref()
            .filter(|_| call.access == Access::Read);
        let outcome = if let Some(readers) = reader {
            readers.run(&mut call)
        } else if let Ok(connection) = self.writer.try_lock() {
            connection.run(&mut call)
        } else {
            return Reply::Pending(self.run_later(call, None).boxed());
        };
        match outcome {
            Outcome::Done(result) => Reply::Ready(result),
            Outcome::Busy(_) => Reply::Pending(self.run_later(call, reader).boxed()),
            Outcome::Writes => {
                call.access = Access::Write;
                Reply::Pending(self.run_later(call, None).boxed())
            }
        }
    }

    fn begin(&self, kind: TransactionKind) -> BoxFuture<'_, Result<Box<dyn Session>>> {
        async move {
            let connection = self.turn().await?;
            let session = SqliteSession::begin(connection, kind, self.timeout).await?;
            Ok(Box::new(session) as Box<dyn Session>)
        }
        .boxed()
    }
}

#[cold]
fn no_turn() -> Error {
    Error::new(
        ErrorKind::Busy,
        "the database did not become free: another transaction of this process holds it",
    )
    .hint("within `atomic`, use the handle that it gives; keep transactions short")
}

impl fmt::Debug for SqliteDriver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sqlite").field(&self.location).finish()
    }
}
