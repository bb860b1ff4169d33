//! An open transaction on the writing connection.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::sync::OwnedMutexGuard;

use super::super::{Call, Control, Reply, Session, TransactionKind};
use super::connection::{Connection, Outcome};
use super::retry;
use crate::error::{Error, ErrorKind, Result};

/// An open transaction on the writing connection, which it holds until it ends.
pub(super) struct SqliteSession {
    /// Absent when the transaction has ended. Locked for one statement at a time.
    connection: Mutex<Option<OwnedMutexGuard<Connection>>>,
    kind: TransactionKind,
    timeout: Duration,
}

impl SqliteSession {
    pub(super) async fn begin(
        connection: OwnedMutexGuard<Connection>,
        kind: TransactionKind,
        timeout: Duration,
    ) -> Result<Self> {
        if kind == TransactionKind::Schema {
            // SQLite cannot do this within a transaction.
            connection.control("PRAGMA foreign_keys = OFF")?;
        }
        // From here on, dropping the session restores the connection.
        let session = Self {
            connection: Mutex::new(Some(connection)),
            kind,
            timeout,
        };
        retry::until_free(timeout, || {
            session.with(|connection| connection.control("BEGIN IMMEDIATE"))
        })
        .await?;
        Ok(session)
    }

    fn connection(&self) -> MutexGuard<'_, Option<OwnedMutexGuard<Connection>>> {
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn with<T>(&self, act: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        match &*self.connection() {
            Some(connection) => act(connection),
            None => Err(ended()),
        }
    }

    /// As [`SqliteSession::with`], only while SQLite has the transaction open: it ends it by
    /// itself after some errors (a full disk, an interrupted write), and what follows must not
    /// be committed one by one.
    fn with_open<T>(&self, act: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        self.with(|connection| {
            if connection.is_idle() {
                return Err(ended());
            }
            act(connection)
        })
    }

    fn commit(&self) -> Result<()> {
        self.with_open(|connection| {
            if self.kind == TransactionKind::Schema
                && let Some((table, to)) = connection.broken_foreign_key()?
            {
                return Err(Error::new(
                    ErrorKind::ForeignKeyViolation,
                    format!("a row of {table} refers to a row of {to} that does not exist"),
                ));
            }
            connection.control("COMMIT")
        })
    }
}

impl Session for SqliteSession {
    fn run<'a>(&'a self, mut call: Call<'a>) -> Reply<'a, u64> {
        // Whatever it does, this is the connection for it.
        call.access = nuages_sql::Access::Write;
        let result = self.with_open(|connection| match connection.run(&mut call) {
            Outcome::Done(result) => result,
            Outcome::Busy(error) => Err(error),
            Outcome::Writes => Err(ended()),
        });
        Reply::Ready(result)
    }

    fn control(&self, control: Control) -> Reply<'_, ()> {
        let result = match control {
            Control::Commit => match self.commit() {
                Err(error) if error.is_busy() => {
                    let again = retry::until_free(self.timeout, || self.commit());
                    return Reply::Pending(again.boxed());
                }
                result => result,
            },
            Control::Rollback => {
                self.close();
                Ok(())
            }
            Control::Savepoint(id) => {
                self.with_open(|connection| connection.control(&format!("SAVEPOINT s{id}")))
            }
            Control::Release(id) => {
                self.with_open(|connection| connection.control(&format!("RELEASE SAVEPOINT s{id}")))
            }
            Control::RollbackTo(id) => self.with_open(|connection| {
                connection.control(&format!("ROLLBACK TO SAVEPOINT s{id}"))?;
                connection.control(&format!("RELEASE SAVEPOINT s{id}"))
            }),
        };
        Reply::Ready(result)
    }

    fn close(&self) {
        let Some(connection) = self.connection().take() else {
            return;
        };
        let mut result = Ok(());
        if !connection.is_idle() {
            result = connection.control("ROLLBACK");
        }
        if self.kind == TransactionKind::Schema {
            result = result.and(connection.control("PRAGMA foreign_keys = ON"));
        }
        if let Err(error) = result {
            tracing::error!(target: "nuages.db", %error, "the connection could not be reset");
        }
    }
}

impl Drop for SqliteSession {
    fn drop(&mut self) {
        self.close();
    }
}

#[cold]
fn ended() -> Error {
    Error::new(ErrorKind::Transaction, "the transaction has ended already")
        .hint("do not keep a transaction's handle for longer than its `atomic` block")
}

impl fmt::Debug for SqliteSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteSession")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}
