//! Runs each task at once, where it is enqueued.

use std::error::Error;
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use nuages_base::{Clock, Signals};
use nuages_crypto::random_string;

use super::Backend;
use crate::context::TaskContext;
use crate::error::{EnqueueError, TaskError};
use crate::result::{Failure, Status, TaskResult};
use crate::signals::{TaskEnqueued, TaskFinished, TaskStarted};
use crate::task::Job;

/// Characters of a result's id.
const ID_LENGTH: usize = 32;

/// Runs each task at once, where it is enqueued. A task that fails or panics is a failed result, not an error
/// of whoever enqueued it.
///
/// # Django
/// `ImmediateBackend`, the default.
#[derive(Debug, Clone)]
pub struct ImmediateBackend {
    clock: Clock,
    signals: Signals,
}

impl ImmediateBackend {
    /// Takes the time from `clock` and tells `signals`.
    pub fn new(clock: Clock, signals: Signals) -> Self {
        Self { clock, signals }
    }

    async fn run(&self, job: Job, context: &TaskContext) -> TaskResult {
        let mut result = TaskResult {
            id: random_string(ID_LENGTH),
            task: job.task,
            status: Status::Ready,
            enqueued_at: self.clock.now(),
            started_at: None,
            finished_at: None,
            attempts: 0,
            errors: Vec::new(),
            value: None,
        };
        self.signals.send_robust(TaskEnqueued(result.clone())).await;
        result.status = Status::Running;
        result.started_at = Some(self.clock.now());
        result.attempts = 1;
        self.signals.send_robust(TaskStarted(result.clone())).await;
        let context = context.of_run(&result.id, result.attempts);
        let outcome = AssertUnwindSafe(async { (job.run)(context, job.args).await })
            .catch_unwind()
            .await;
        match outcome.unwrap_or_else(|_| Err(TaskError::new("the task panicked"))) {
            Ok(value) => {
                result.status = Status::Successful;
                result.value = Some(value);
            }
            Err(error) => {
                tracing::error!(target: "nuages.tasks", task = job.task, id = %result.id, %error, "the task failed");
                result.status = Status::Failed;
                result.errors.push(failure(&error));
            }
        }
        result.finished_at = Some(self.clock.now());
        self.signals.send_robust(TaskFinished(result.clone())).await;
        result
    }
}

fn failure(error: &TaskError) -> Failure {
    let causes = std::iter::successors(error.source(), |cause| (*cause).source())
        .map(ToString::to_string)
        .collect();
    Failure {
        message: error.to_string(),
        causes,
    }
}

impl Backend for ImmediateBackend {
    fn enqueue<'a>(
        &'a self,
        job: Job,
        context: &'a TaskContext,
    ) -> BoxFuture<'a, Result<TaskResult, EnqueueError>> {
        Box::pin(async move {
            if job.run_after.is_some() {
                return Err(EnqueueError::Deferred);
            }
            Ok(self.run(job, context).await)
        })
    }
}
