//! The connections that only read.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::super::Call;
use super::connection::{Connection, Outcome};
use super::open::Location;
use crate::DbSettings;

/// How many connections are kept open while nobody reads.
const KEPT: usize = 32;

/// The connections that only read.
///
/// A read runs on one thread from beginning to end, so there are never more connections than
/// threads that read at the same time; none is ever waited for.
pub(super) struct Readers {
    location: Location,
    settings: DbSettings,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(super) fn new(location: Location, settings: DbSettings) -> Self {
        Self {
            location,
            settings,
            idle: Mutex::default(),
        }
    }

    /// Runs a statement on an idle connection, or on a new one.
    pub(super) fn run(&self, call: &mut Call<'_>) -> Outcome {
        let idle = self.idle().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => match self.location.open(&self.settings) {
                Ok(connection) => connection,
                Err(error) if error.is_busy() => return Outcome::Busy(error),
                Err(error) => return Outcome::Done(Err(error)),
            },
        };
        let outcome = connection.run(call);
        let mut idle = self.idle();
        if idle.len() < KEPT {
            idle.push(connection);
        }
        outcome
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
