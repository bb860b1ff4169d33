//! Transactions, savepoints, and what is done after the commit.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use super::Db;
use crate::drivers::{Control, Reply, Session, TransactionKind};
use crate::error::{Error, ErrorKind, Result};

/// An open transaction, shared by all handles to it.
pub(super) struct Open {
    pub(super) session: Box<dyn Session>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The savepoints that are open, innermost last.
    savepoints: Vec<u64>,
    last_savepoint: u64,
    on_commit: Vec<BoxFuture<'static, ()>>,
    /// Why this transaction can only be rolled back.
    broken: bool,
}

impl Open {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An open transaction or savepoint that is ended by hand; dropping it rolls it back.
///
/// [`Db::atomic`] is the better choice almost everywhere; this one is for tests, which roll back
/// what they did.
///
/// # Django
/// `transaction.atomic` of a `TestCase`.
#[must_use = "dropping it rolls it back"]
pub struct Transaction {
    db: Db,
    open: Arc<Open>,
    /// Absent for the outermost one.
    savepoint: Option<Savepoint>,
    ended: bool,
}

struct Savepoint {
    id: u64,
    /// How many callbacks there were before.
    callbacks: usize,
}

impl Db {
    /// Runs `work` in a transaction: all of it happens, or nothing.
    ///
    /// Within a transaction, this is a savepoint: an inner failure that you handle undoes only the
    /// inner work. Use the handle that `work` is given; the outer one does not take part.
    /// What `work` did is rolled back when it gives an error, when it panics, and when the future
    /// is dropped (the client went away).
    ///
    /// ```
    /// # use nuages_db::{Db, DbSettings, Error};
    /// # use nuages_sql::RawSql;
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let db = Db::connect(&DbSettings::new("sqlite::memory:")).await?;
    /// # db.execute(RawSql::new("CREATE TABLE account (id integer, euros integer)")).await?;
    /// db.atomic(async |tx: Db| {
    ///     tx.execute(RawSql::new("UPDATE account SET euros = euros - 5 WHERE id = 1")).await?;
    ///     tx.execute(RawSql::new("UPDATE account SET euros = euros + 5 WHERE id = 2")).await?;
    ///     Ok::<_, Error>(())
    /// })
    /// .await?;
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
    ///
    /// # Errors
    /// Those of `work`; and when the transaction cannot be begun or committed.
    ///
    /// # Django
    /// `transaction.atomic`.
    pub async fn atomic<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: AsyncFnOnce(Self) -> Result<T, E>,
        E: From<Error>,
    {
        let transaction = self.begin().await?;
        transaction.complete(work).await
    }

    /// As [`Db::atomic`], for changes to tables: foreign keys may be broken in between and are
    /// checked before the commit, and no statement is timed out.
    ///
    /// # Errors
    /// As [`Db::atomic`]; and within a transaction, where it is too late for it.
    ///
    /// # Django
    /// `connection.schema_editor(atomic=True)`.
    pub async fn schema_atomic<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: AsyncFnOnce(Self) -> Result<T, E>,
        E: From<Error>,
    {
        if self.in_transaction() {
            let error = Error::new(
                ErrorKind::Transaction,
                "tables cannot be changed within a transaction that was begun for rows",
            );
            return Err(error
                .hint("call schema_atomic on the database's own handle, outside of atomic")
                .into());
        }
        let transaction = self.begin_outermost(TransactionKind::Schema).await?;
        transaction.complete(work).await
    }

    /// Begins a transaction (a savepoint within one) that is ended by hand.
    ///
    /// # Errors
    /// When the database is locked for too long.
    pub async fn begin(&self) -> Result<Transaction> {
        match &self.transaction {
            None => self.begin_outermost(TransactionKind::Rows).await,
            Some(open) => self.begin_savepoint(open).await,
        }
    }

    /// Runs `callback` after the outermost transaction is committed; never, when the transaction
    /// or the savepoint that it belongs to is rolled back. Outside of a transaction, it is run
    /// at once.
    ///
    /// # Django
    /// `transaction.on_commit`.
    pub async fn on_commit(&self, callback: impl Future<Output = ()> + Send + 'static) {
        match &self.transaction {
            Some(open) => open.state().on_commit.push(callback.boxed()),
            None => callback.await,
        }
    }

    async fn begin_outermost(&self, kind: TransactionKind) -> Result<Transaction> {
        let session = self.shared.driver.begin(kind).await?;
        let open = Arc::new(Open {
            session,
            state: Mutex::default(),
        });
        Ok(self.transaction(open, None))
    }

    async fn begin_savepoint(&self, open: &Arc<Open>) -> Result<Transaction> {
        let savepoint = {
            let mut state = open.state();
            state.last_savepoint += 1;
            let id = state.last_savepoint;
            state.savepoints.push(id);
            Savepoint {
                id,
                callbacks: state.on_commit.len(),
            }
        };
        let id = savepoint.id;
        // From here on, dropping rolls back.
        let transaction = self.transaction(Arc::clone(open), Some(savepoint));
        open.session.control(Control::Savepoint(id)).wait().await?;
        Ok(transaction)
    }

    fn transaction(&self, open: Arc<Open>, savepoint: Option<Savepoint>) -> Transaction {
        Transaction {
            db: Self {
                transaction: Some(Arc::clone(&open)),
                ..self.clone()
            },
            open,
            savepoint,
            ended: false,
        }
    }
}

impl Transaction {
    /// The handle that takes part in it.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Makes what was done last. The outermost one then runs the callbacks of [`Db::on_commit`].
    ///
    /// # Errors
    /// When the database refuses (a foreign key points nowhere), or savepoints were not ended in
    /// order. Everything is rolled back then.
    pub async fn commit(mut self) -> Result<()> {
        let Some(savepoint) = &self.savepoint else {
            return self.commit_outermost().await;
        };
        let id = savepoint.id;
        {
            let mut state = self.open.state();
            if state.savepoints.last() != Some(&id) {
                state.broken = true;
                return Err(out_of_order());
            }
        }
        self.open
            .session
            .control(Control::Release(id))
            .wait()
            .await?;
        self.open.state().savepoints.pop();
        self.ended = true;
        Ok(())
    }

    /// Undoes what was done.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn rollback(mut self) -> Result<()> {
        let Some(savepoint) = &self.savepoint else {
            self.open.session.control(Control::Rollback).wait().await?;
            return Ok(());
        };
        let id = savepoint.id;
        self.open
            .session
            .control(Control::RollbackTo(id))
            .wait()
            .await?;
        self.forget_savepoint();
        self.ended = true;
        Ok(())
    }

    /// Runs the callbacks of [`Db::on_commit`] that there are so far, and says how many: for tests,
    /// whose transaction is never committed.
    ///
    /// # Django
    /// `TestCase.captureOnCommitCallbacks(execute=True)`.
    pub async fn run_on_commit(&self) -> usize {
        let callbacks = std::mem::take(&mut self.open.state().on_commit);
        let count = callbacks.len();
        for callback in callbacks {
            callback.await;
        }
        count
    }

    async fn complete<T, E, F>(self, work: F) -> Result<T, E>
    where
        F: AsyncFnOnce(Db) -> Result<T, E>,
        E: From<Error>,
    {
        match work(self.db.clone()).await {
            Ok(value) => {
                self.commit().await?;
                Ok(value)
            }
            Err(error) => {
                // The error of the work says more than one of the rollback, which is done by
                // dropping at the latest.
                if let Err(rollback) = self.rollback().await {
                    tracing::warn!(target: "nuages.db", error = %rollback, "rollback failed");
                }
                Err(error)
            }
        }
    }

    async fn commit_outermost(mut self) -> Result<()> {
        {
            let state = self.open.state();
            if state.broken || !state.savepoints.is_empty() {
                return Err(out_of_order());
            }
        }
        self.open.session.control(Control::Commit).wait().await?;
        self.ended = true;
        // The callbacks may write: the connection must be free.
        self.open.session.close();
        self.run_on_commit().await;
        Ok(())
    }

    /// Takes the savepoint, and those begun within it, off the list, with their callbacks.
    fn forget_savepoint(&self) {
        let Some(savepoint) = &self.savepoint else {
            return;
        };
        let mut state = self.open.state();
        match state.savepoints.iter().position(|id| *id == savepoint.id) {
            Some(position) => state.savepoints.truncate(position),
            None => state.broken = true,
        }
        state.on_commit.truncate(savepoint.callbacks);
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        let Some(savepoint) = &self.savepoint else {
            self.open.session.close();
            return;
        };
        let rolled_back = matches!(
            self.open.session.control(Control::RollbackTo(savepoint.id)),
            Reply::Ready(Ok(()))
        );
        self.forget_savepoint();
        if !rolled_back {
            // What cannot be undone in part is undone as a whole.
            self.open.state().broken = true;
        }
    }
}

#[cold]
fn out_of_order() -> Error {
    Error::new(
        ErrorKind::Transaction,
        "the transaction's savepoints were not ended in order, so it was rolled back",
    )
    .hint("do not run two `atomic` blocks of one transaction at the same time")
}

impl fmt::Debug for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction")
            .field("db", &self.db)
            .field("is_savepoint", &self.savepoint.is_some())
            .finish()
    }
}
