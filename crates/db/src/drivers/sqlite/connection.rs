//! One connection, and how it runs a statement.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use nuages_sql::Access;

use super::super::Call;
use super::bind::{Bound, read};
use super::errors;
use crate::Row;
use crate::error::{Error, ErrorKind, Result};

/// How many steps of SQLite's machine lie between two looks at the clock.
const STEPS: i32 = 1000;

/// One connection.
pub(super) struct Connection {
    inner: rusqlite::Connection,
    limit: Option<Limit>,
}

/// What became of a statement.
pub(super) enum Outcome {
    Done(Result<u64>),
    /// Another connection has the database locked, and no row was handed out yet.
    Busy(Error),
    /// It was taken for a read, and writes.
    Writes,
}

impl Connection {
    pub(super) fn new(
        mut inner: rusqlite::Connection,
        statement_timeout: Option<Duration>,
    ) -> rusqlite::Result<Self> {
        let limit = match statement_timeout {
            Some(duration) => Some(Limit::install(&mut inner, duration)?),
            None => None,
        };
        Ok(Self { inner, limit })
    }

    /// Whether no transaction is open.
    pub(super) fn is_idle(&self) -> bool {
        self.inner.is_autocommit()
    }

    /// Runs one statement.
    pub(super) fn run(&self, call: &mut Call<'_>) -> Outcome {
        let _limited = self.limit.as_ref().map(Limit::start);
        let mut handed_out = false;
        match self.step(call, &mut handed_out) {
            Ok(Some(affected)) => Outcome::Done(Ok(affected)),
            Ok(None) => Outcome::Writes,
            Err(Failure::Sink(error)) => Outcome::Done(Err(error)),
            Err(Failure::Sqlite(error)) => {
                let error = errors::from_rusqlite(error);
                if error.is_busy() && !handed_out {
                    Outcome::Busy(error)
                } else {
                    Outcome::Done(Err(error))
                }
            }
        }
    }

    /// Runs a statement of our own that has no parameters, without a time limit.
    pub(super) fn control(&self, sql: &str) -> Result<()> {
        let run = || {
            let mut statement = self.inner.prepare_cached(sql)?;
            let mut rows = statement.raw_query();
            while rows.next()?.is_some() {}
            Ok(())
        };
        run().map_err(errors::from_rusqlite)
    }

    /// The first broken foreign key, as `(table, table referred to)`.
    pub(super) fn broken_foreign_key(&self) -> Result<Option<(String, String)>> {
        let run = || {
            let mut statement = self.inner.prepare_cached("PRAGMA foreign_key_check")?;
            let mut rows = statement.raw_query();
            match rows.next()? {
                Some(row) => Ok(Some((row.get(0)?, row.get(2)?))),
                None => Ok(None),
            }
        };
        run().map_err(errors::from_rusqlite)
    }

    /// `None`: taken for a read, and writes.
    fn step(&self, call: &mut Call<'_>, handed_out: &mut bool) -> Result<Option<u64>, Failure> {
        let mut statement = self.inner.prepare_cached(call.sql)?;
        let writes = !statement.readonly();
        if writes && call.access == Access::Read {
            return Ok(None);
        }
        if statement.parameter_count() != call.params.len() {
            return Err(Failure::Sink(wrong_count(
                statement.parameter_count(),
                call.params.len(),
            )));
        }
        for (index, value) in call.params.iter().enumerate() {
            statement.raw_bind_parameter(index + 1, Bound(value))?;
        }
        let before = if writes {
            self.inner.total_changes()
        } else {
            0
        };
        let mut rows = statement.raw_query();
        let mut row = Row::default();
        while let Some(found) = rows.next()? {
            *handed_out = true;
            // Counted now: when the tables have changed, the first step prepares `SELECT *` anew.
            let columns = found.as_ref().column_count();
            let values = row.refill(columns);
            for index in 0..columns {
                values.push(
                    read(found.get_ref(index)?)
                        .map_err(|error| Failure::Sink(Error::conversion(index, &error)))?,
                );
            }
            match (call.sink)(&mut row).map_err(Failure::Sink)? {
                ControlFlow::Continue(()) => {}
                ControlFlow::Break(()) if writes => {
                    // A write is held against its deferred constraints only after its last row.
                    while rows.next()?.is_some() {}
                    break;
                }
                ControlFlow::Break(()) => break,
            }
        }
        // `changes` keeps the count of an earlier statement when this one changed nothing.
        Ok(Some(if writes && self.inner.total_changes() != before {
            self.inner.changes()
        } else {
            0
        }))
    }
}

/// Why a statement failed: SQLite, or whoever took its rows.
enum Failure {
    Sqlite(rusqlite::Error),
    Sink(Error),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

#[cold]
fn wrong_count(wanted: usize, given: usize) -> Error {
    Error::new(
        ErrorKind::Statement,
        format!("the statement has {wanted} placeholders and was given {given} values"),
    )
}

/// Interrupts statements that run for too long.
struct Limit {
    duration: Duration,
    epoch: Instant,
    /// Nanoseconds after the epoch; 0 is no end.
    end: Arc<AtomicU64>,
}

impl Limit {
    fn install(
        connection: &mut rusqlite::Connection,
        duration: Duration,
    ) -> rusqlite::Result<Self> {
        let epoch = Instant::now();
        let end = Arc::new(AtomicU64::new(0));
        let watched = Arc::clone(&end);
        let is_over = move || {
            let end = watched.load(Ordering::Relaxed);
            end != 0 && nanoseconds(epoch.elapsed()) > end
        };
        connection.progress_handler(STEPS, Some(is_over))?;
        Ok(Self {
            duration,
            epoch,
            end,
        })
    }

    /// Starts the clock of one statement; dropping the guard stops it.
    fn start(&self) -> Running<'_> {
        let end = nanoseconds(self.epoch.elapsed() + self.duration).max(1);
        self.end.store(end, Ordering::Relaxed);
        Running(&self.end)
    }
}

struct Running<'a>(&'a AtomicU64);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
