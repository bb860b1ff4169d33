//! Who carries tasks out.

mod dummy;
mod immediate;

use std::fmt::Debug;

use futures_util::future::BoxFuture;

pub use dummy::DummyBackend;
pub use immediate::ImmediateBackend;

use crate::context::TaskContext;
use crate::error::EnqueueError;
use crate::result::TaskResult;
use crate::task::Job;

/// Who carries tasks out.
///
/// # Django
/// `BaseTaskBackend`.
pub trait Backend: Debug + Send + Sync {
    /// Takes a job on.
    fn enqueue<'a>(
        &'a self,
        job: Job,
        context: &'a TaskContext,
    ) -> BoxFuture<'a, Result<TaskResult, EnqueueError>>;
}
