//! Work that is named, given arguments and carried out by a backend: Django's tasks.
//!
//! A task is a type that implements [`Task`]; an app hands its tasks over when it is installed, and
//! [`Tasks::enqueue`] gives one its arguments. Which backend carries it out is a setting:
//! [`ImmediateBackend`] runs it at once, [`DummyBackend`] only takes note of it, for tests.
//!
//! ```
//! use nuages_base::{Clock, Signals};
//! use nuages_tasks::{ImmediateBackend, Status, Task, TaskContext, TaskError, Tasks};
//! use std::sync::Arc;
//!
//! struct Greet;
//!
//! impl Task for Greet {
//!     const NAME: &'static str = "mail.greet";
//!     type Args = String;
//!     type Output = String;
//!
//!     async fn run(_: TaskContext, name: String) -> Result<String, TaskError> {
//!         Ok(format!("Hello, {name}"))
//!     }
//! }
//!
//! # futures_util::FutureExt::now_or_never(async {
//! let tasks = Tasks::new(Arc::new(ImmediateBackend::new(Clock::system(), Signals::new()))).register::<Greet>();
//! let result = tasks.enqueue::<Greet>("Ann".to_owned()).await?;
//! assert_eq!(result.status, Status::Successful);
//! assert_eq!(result.output::<String>()?, "Hello, Ann");
//! # Ok::<(), nuages_tasks::EnqueueError>(()) }).unwrap().unwrap();
//! ```
//!
//! Internal crate of `nuages`: versions move in lockstep, and only the facade promises stability.
//!
//! # Django
//! `django.tasks`, with the backends `ImmediateBackend` and `DummyBackend`.

mod backends;
mod context;
mod error;
mod extract;
mod registry;
mod result;
mod signals;
mod task;

pub use backends::{Backend, DummyBackend, ImmediateBackend};
pub use context::TaskContext;
pub use error::{EnqueueError, TaskError};
pub use extract::MissingTasks;
pub use registry::Tasks;
pub use result::{Failure, Status, TaskResult};
pub use signals::{TaskEnqueued, TaskFinished, TaskStarted};
pub use task::{Job, MAX_PRIORITY, MIN_PRIORITY, Options, Task};
