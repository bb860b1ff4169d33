//! The queries that a handle has made.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The queries that a handle has made since [`Db::with_log`](crate::Db::with_log).
///
/// Holds the text of the queries, never their values.
#[derive(Clone)]
pub struct QueryLog(Arc<Inner>);

struct Inner {
    queries: Mutex<Vec<LoggedQuery>>,
    /// The log of the handle from which this one's handle was made.
    outer: Option<QueryLog>,
}

/// One query that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedQuery {
    /// Its text.
    pub sql: String,
    /// How long it took, waiting included.
    pub duration: Duration,
}

impl QueryLog {
    pub(super) fn new(outer: Option<Self>) -> Self {
        Self(Arc::new(Inner {
            queries: Mutex::default(),
            outer,
        }))
    }

    pub(super) fn note(&self, sql: &str, duration: Duration) {
        self.lock().push(LoggedQuery {
            sql: sql.to_owned(),
            duration,
        });
        if let Some(outer) = &self.0.outer {
            outer.note(sql, duration);
        }
    }

    /// How many queries there are.
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    /// The queries, in order.
    pub fn queries(&self) -> Vec<LoggedQuery> {
        self.lock().clone()
    }

    /// Forgets the queries.
    pub fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, Vec<LoggedQuery>> {
        self.0
            .queries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for QueryLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.lock().iter()).finish()
    }
}
