//! What became of a job.

use std::fmt;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::EnqueueError;

/// How far a job has come.
///
/// # Django
/// `TaskResultStatus`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It waits.
    Ready,
    /// It runs.
    Running,
    /// It ended with an error.
    Failed,
    /// It ended well.
    Successful,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ready => "READY",
            Self::Running => "RUNNING",
            Self::Failed => "FAILED",
            Self::Successful => "SUCCESSFUL",
        })
    }
}

/// One error of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What the error says.
    pub message: String,
    /// The errors behind it.
    pub causes: Vec<String>,
}

/// What became of a job.
///
/// # Django
/// `TaskResult`.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskResult {
    /// What names this result: 32 random characters.
    pub id: String,
    /// The task.
    pub task: &'static str,
    /// How far it has come.
    pub status: Status,
    /// When it was enqueued.
    pub enqueued_at: Timestamp,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// How often it was tried.
    pub attempts: u32,
    /// What went wrong, attempt by attempt.
    pub errors: Vec<Failure>,
    pub(crate) value: Option<Value>,
}

impl TaskResult {
    /// What the task gave back.
    ///
    /// # Errors
    /// When it has not ended well, or gave back something of another type.
    pub fn output<T: DeserializeOwned>(&self) -> Result<T, EnqueueError> {
        let value = self
            .value
            .as_ref()
            .ok_or(EnqueueError::NoOutput(self.status))?;
        Ok(T::deserialize(value)?)
    }

    /// True when it has ended, well or not.
    pub fn is_finished(&self) -> bool {
        matches!(self.status, Status::Failed | Status::Successful)
    }
}
