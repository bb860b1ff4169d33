//! Takes note of each task and runs none: for tests.

use std::sync::{Mutex, PoisonError};

use futures_util::future::BoxFuture;
use nuages_base::Clock;
use nuages_crypto::random_string;

use super::Backend;
use crate::context::TaskContext;
use crate::error::EnqueueError;
use crate::result::{Status, TaskResult};
use crate::task::Job;

/// Takes note of each task and runs none: for tests.
///
/// # Django
/// `DummyBackend`.
#[derive(Debug, Default)]
pub struct DummyBackend {
    clock: Clock,
    jobs: Mutex<Vec<Job>>,
}

impl DummyBackend {
    /// Takes the time from `clock`.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            jobs: Mutex::default(),
        }
    }

    /// What was enqueued so far.
    pub fn jobs(&self) -> Vec<Job> {
        self.jobs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Forgets what was enqueued.
    pub fn clear(&self) {
        self.jobs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

impl Backend for DummyBackend {
    fn enqueue<'a>(
        &'a self,
        job: Job,
        _: &'a TaskContext,
    ) -> BoxFuture<'a, Result<TaskResult, EnqueueError>> {
        let result = TaskResult {
            id: random_string(32),
            task: job.task,
            status: Status::Ready,
            enqueued_at: self.clock.now(),
            started_at: None,
            finished_at: None,
            attempts: 0,
            errors: Vec::new(),
            value: None,
        };
        self.jobs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(job);
        Box::pin(std::future::ready(Ok(result)))
    }
}
