//! The handle of a database or of an open transaction.

mod extensions;
mod log;
mod transaction;

use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use nuages_sql::{Dialect, Printed, Query};

pub use log::{LoggedQuery, QueryLog};
pub use transaction::Transaction;

use crate::drivers::{self, Call, Driver, Sink};
use crate::error::{Error, ErrorKind, Result};
use crate::{DbSettings, FromValue, Row};
use extensions::Extensions;
use transaction::Open;

/// A database, or an open transaction on it; cheap to clone.
///
/// Every method takes any [`Query`]: a statement, a reference to one, [`RawSql`](nuages_sql::RawSql)
/// or a bound [`Prepared`](nuages_sql::Prepared).
///
/// # Django
/// `django.db.connection`.
#[derive(Clone)]
pub struct Db {
    shared: Arc<Shared>,
    transaction: Option<Arc<Open>>,
    log: Option<QueryLog>,
    extensions: Extensions,
}

struct Shared {
    driver: Box<dyn Driver>,
    slow_query: Option<Duration>,
}

impl Db {
    /// Opens the database that the settings name; an SQLite file that is missing is made.
    ///
    /// # Errors
    /// When the URL is not understood or the database cannot be opened; the hint says what to try.
    pub async fn connect(settings: &DbSettings) -> Result<Self> {
        let shared = Shared {
            driver: drivers::connect(settings).await?,
            slow_query: settings.slow_query,
        };
        Ok(Self {
            shared: Arc::new(shared),
            transaction: None,
            log: None,
            extensions: Extensions::default(),
        })
    }

    /// How this database wants its SQL.
    pub fn dialect(&self) -> &'static dyn Dialect {
        self.shared.driver.dialect()
    }

    /// Whether this handle is of an open transaction.
    pub fn in_transaction(&self) -> bool {
        self.transaction.is_some()
    }

    /// All rows.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn fetch_all(&self, query: impl Query) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        self.run(query.printed(self.dialect()), &mut |row| {
            rows.push(std::mem::take(row));
            Ok(ControlFlow::Continue(()))
        })
        .await?;
        Ok(rows)
    }

    /// Hands every row to `take`, one after the other, in one row that is filled anew for each:
    /// the way to read many rows without an allocation for each.
    ///
    /// # Errors
    /// When the database or `take` refuses.
    pub async fn fetch_each(
        &self,
        query: impl Query,
        mut take: impl FnMut(&mut Row) -> Result<()> + Send,
    ) -> Result<()> {
        self.run(query.printed(self.dialect()), &mut |row| {
            take(row).map(ControlFlow::Continue)
        })
        .await?;
        Ok(())
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn fetch_optional(&self, query: impl Query) -> Result<Option<Row>> {
        let mut first = None;
        self.run(query.printed(self.dialect()), &mut |row| {
            first = Some(std::mem::take(row));
            Ok(ControlFlow::Break(()))
        })
        .await?;
        Ok(first)
    }

    /// The first row, which must be there: an insert's with `RETURNING`, a count's.
    ///
    /// # Errors
    /// When there is no row ([`ErrorKind::NoRow`]) or the database refuses.
    pub async fn fetch_one(&self, query: impl Query) -> Result<Row> {
        let row = self.fetch_optional(query).await?;
        row.ok_or_else(|| Error::new(ErrorKind::NoRow, "the query gave no row"))
    }

    /// The first column of the first row, if there is one.
    ///
    /// # Errors
    /// When the database refuses or the value is of another kind.
    pub async fn fetch_value<T: FromValue>(&self, query: impl Query) -> Result<Option<T>> {
        let row = self.fetch_optional(query).await?;
        row.map(|mut row| row.take(0)).transpose()
    }

    /// Runs a statement and says how many rows it inserted, changed or deleted.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn execute(&self, query: impl Query) -> Result<u64> {
        self.run(query.printed(self.dialect()), &mut |_| {
            Ok(ControlFlow::Continue(()))
        })
        .await
    }

    /// The names of all tables, in order.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn table_names(&self) -> Result<Vec<String>> {
        let mut names = Vec::new();
        self.fetch_each(self.dialect().table_names(), |row| {
            names.push(row.take(0)?);
            Ok(())
        })
        .await?;
        Ok(names)
    }

    /// A handle whose queries are noted, and the log of them.
    ///
    /// Handles made from it (clones, transactions) note theirs there, too.
    ///
    /// ```
    /// # use nuages_db::{Db, DbSettings};
    /// # use nuages_sql::RawSql;
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let db = Db::connect(&DbSettings::new("sqlite::memory:")).await?;
    /// let (noted, log) = db.with_log();
    /// noted.fetch_all(RawSql::new("SELECT 1")).await?;
    /// db.fetch_all(RawSql::new("SELECT 2")).await?;
    /// assert_eq!(log.len(), 1);
    /// # Ok::<(), nuages_db::Error>(()) }).unwrap();
    /// ```
    ///
    /// # Django
    /// `CaptureQueriesContext`, `assertNumQueries`. `BEGIN`, `COMMIT` and savepoints are not noted.
    pub fn with_log(&self) -> (Self, QueryLog) {
        let log = QueryLog::new(self.log.clone());
        let db = Self {
            log: Some(log.clone()),
            ..self.clone()
        };
        (db, log)
    }

    async fn run(&self, printed: Printed<'_>, sink: Sink<'_>) -> Result<u64> {
        let sql = printed.sql();
        let started = self.is_watched().then(Instant::now);
        let call = Call {
            sql,
            params: printed.params(),
            access: printed.access(),
            sink,
        };
        let reply = match &self.transaction {
            None => self.shared.driver.run(call),
            Some(open) => open.session.run(call),
        };
        let result = reply.wait().await;
        if let Some(started) = started {
            self.note(sql, started.elapsed());
        }
        result.map_err(|error| error.sql(sql))
    }

    fn is_watched(&self) -> bool {
        self.log.is_some()
            || self.shared.slow_query.is_some()
            || tracing::enabled!(target: "nuages.db", tracing::Level::DEBUG)
    }

    #[cold]
    fn note(&self, sql: &str, duration: Duration) {
        if self.shared.slow_query.is_some_and(|limit| duration > limit) {
            tracing::warn!(target: "nuages.db", ?duration, sql, "slow query");
        } else {
            tracing::debug!(target: "nuages.db", ?duration, sql, "query");
        }
        if let Some(log) = &self.log {
            log.note(sql, duration);
        }
    }
}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Db")
            .field("driver", &self.shared.driver)
            .field("in_transaction", &self.in_transaction())
            .finish()
    }
}
