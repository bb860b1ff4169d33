//! What tasks tell to whoever asked to know.

use crate::result::TaskResult;

/// A job was enqueued.
#[derive(Debug, Clone)]
pub struct TaskEnqueued(
    /// Where it stands.
    pub TaskResult,
);

/// A job began.
#[derive(Debug, Clone)]
pub struct TaskStarted(
    /// Where it stands.
    pub TaskResult,
);

/// A job ended, well or not.
#[derive(Debug, Clone)]
pub struct TaskFinished(
    /// What became of it.
    pub TaskResult,
);
