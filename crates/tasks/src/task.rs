//! What a task is, and one job of it.

use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::context::TaskContext;
use crate::error::TaskError;

/// The lowest priority.
pub const MIN_PRIORITY: i32 = -100;
/// The highest priority.
pub const MAX_PRIORITY: i32 = 100;

/// A piece of work with a name.
///
/// # Django
/// A function with `@task`.
pub trait Task: Send + Sync + 'static {
    /// What names it in the queue: `app.task`.
    const NAME: &'static str;
    /// Higher runs earlier, from [`MIN_PRIORITY`] to [`MAX_PRIORITY`].
    const PRIORITY: i32 = 0;
    /// The queue it waits in.
    const QUEUE: &'static str = "default";
    /// What it is given; travels as JSON.
    type Args: Serialize + DeserializeOwned + Send;
    /// What it gives back; travels as JSON.
    type Output: Serialize + Send;

    /// Does the work.
    fn run(
        context: TaskContext,
        args: Self::Args,
    ) -> impl Future<Output = Result<Self::Output, TaskError>> + Send;
}

/// How one job differs from what its task says.
///
/// # Django
/// `task.using(…)`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Another priority.
    pub priority: Option<i32>,
    /// Another queue.
    pub queue: Option<String>,
    /// Not before this moment.
    pub run_after: Option<Timestamp>,
}

/// One job: a task, its arguments, and when and where it shall run.
#[derive(Clone)]
pub struct Job {
    /// The task's name.
    pub task: &'static str,
    /// What it is given.
    pub args: Value,
    /// How early it runs.
    pub priority: i32,
    /// Where it waits.
    pub queue: String,
    /// Not before this moment.
    pub run_after: Option<Timestamp>,
    pub(crate) run: Runner,
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The arguments may be anybody's data: they do not belong in a log.
        f.debug_struct("Job")
            .field("task", &self.task)
            .field("queue", &self.queue)
            .finish_non_exhaustive()
    }
}

pub(crate) type Runner =
    Arc<dyn Fn(TaskContext, Value) -> BoxFuture<'static, Result<Value, TaskError>> + Send + Sync>;

/// A task with its types forgotten.
pub(crate) fn runner<T: Task>() -> Runner {
    Arc::new(|context, args| {
        Box::pin(async move {
            let args = serde_json::from_value(args).map_err(TaskError::new)?;
            let output = T::run(context, args).await?;
            serde_json::to_value(output).map_err(TaskError::new)
        })
    })
}
