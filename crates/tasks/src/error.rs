//! Why a task fails, and why one is not enqueued.

use std::error::Error;

/// Why a task failed.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct TaskError(Box<dyn Error + Send + Sync>);

impl TaskError {
    /// A failure of any kind.
    pub fn new(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(error.into())
    }
}

/// Why a task was not enqueued.
///
/// # Django
/// `InvalidTask` and its kin.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EnqueueError {
    /// No installed app has handed the task over.
    #[error("the task `{0}` is not installed\n\tHINT: hand it over with `App::task`")]
    Unknown(&'static str),
    /// The priority is out of bounds.
    #[error("priority {0} is not between -100 and 100")]
    Priority(i32),
    /// The backend runs tasks at once, and cannot wait.
    #[error(
        "this backend cannot run a task later\n\tHINT: leave `run_after` out, or choose a backend with a queue"
    )]
    Deferred,
    /// The arguments or the output cannot travel as JSON, or are of another type.
    #[error("not the JSON that was expected: {0}")]
    Json(#[from] serde_json::Error),
    /// There is no output: the task failed, or has not run.
    #[error("the task has no output: it is {0}")]
    NoOutput(crate::Status),
}
