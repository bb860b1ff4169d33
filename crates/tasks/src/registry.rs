//! The tasks of a site, and the way to enqueue them.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use crate::backends::Backend;
use crate::context::TaskContext;
use crate::error::EnqueueError;
use crate::result::TaskResult;
use crate::task::{Job, MAX_PRIORITY, MIN_PRIORITY, Options, Runner, Task, runner};

/// The tasks of a site and the backend that carries them out. Cloning costs three reference counts.
///
/// # Django
/// `django.tasks.task_backends["default"]`.
#[derive(Clone)]
pub struct Tasks {
    backend: Arc<dyn Backend>,
    known: Arc<HashMap<&'static str, Runner>>,
    context: TaskContext,
    things: Arc<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
}

impl Tasks {
    /// No tasks yet, to be carried out by `backend`.
    pub fn new(backend: Arc<dyn Backend>) -> Self {
        let context = TaskContext::default();
        Self {
            backend,
            known: Arc::default(),
            context,
            things: Arc::default(),
        }
    }

    /// Makes a task known.
    pub fn register<T: Task>(mut self) -> Self {
        Arc::make_mut(&mut self.known).insert(T::NAME, runner::<T>());
        self
    }

    /// Gives something to the tasks, to be had from [`TaskContext::get`].
    pub fn give<V: Send + Sync + 'static>(mut self, thing: V) -> Self {
        Arc::make_mut(&mut self.things).insert(TypeId::of::<V>(), Arc::new(thing));
        self.context = TaskContext::new(HashMap::clone(&self.things));
        self
    }

    /// The names of the known tasks, in order.
    pub fn names(&self) -> Vec<&'static str> {
        let mut names: Vec<_> = self.known.keys().copied().collect();
        names.sort_unstable();
        names
    }

    /// Gives a task its arguments.
    ///
    /// # Errors
    /// When the task is not known or the arguments cannot travel as JSON. A task that fails is no error here:
    /// the result says so.
    pub async fn enqueue<T: Task>(&self, args: T::Args) -> Result<TaskResult, EnqueueError> {
        self.enqueue_with::<T>(args, Options::default()).await
    }

    /// Gives a task its arguments, with another priority, queue or time.
    ///
    /// # Errors
    /// As [`Tasks::enqueue`], and when the priority is out of bounds or the backend cannot wait.
    pub async fn enqueue_with<T: Task>(
        &self,
        args: T::Args,
        options: Options,
    ) -> Result<TaskResult, EnqueueError> {
        let run = self
            .known
            .get(T::NAME)
            .cloned()
            .ok_or(EnqueueError::Unknown(T::NAME))?;
        let priority = options.priority.unwrap_or(T::PRIORITY);
        if !(MIN_PRIORITY..=MAX_PRIORITY).contains(&priority) {
            return Err(EnqueueError::Priority(priority));
        }
        let job = Job {
            task: T::NAME,
            args: serde_json::to_value(args)?,
            priority,
            queue: options.queue.unwrap_or_else(|| T::QUEUE.to_owned()),
            run_after: options.run_after,
            run,
        };
        self.backend.enqueue(job, &self.context).await
    }
}

impl fmt::Debug for Tasks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tasks")
            .field("names", &self.names())
            .field("backend", &self.backend)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use nuages_base::{Clock, Signals};

    use super::*;
    use crate::{DummyBackend, ImmediateBackend, Status, TaskError, TaskFinished};

    struct Divide;

    impl Task for Divide {
        const NAME: &'static str = "math.divide";
        type Args = (i64, i64);
        type Output = i64;

        async fn run(context: TaskContext, (a, b): (i64, i64)) -> Result<i64, TaskError> {
            assert!(b != 13, "unlucky");
            let bonus = context.get::<i64>().copied().unwrap_or_default();
            a.checked_div(b)
                .map(|result| result + bonus)
                .ok_or_else(|| TaskError::new("division by zero"))
        }
    }

    fn immediate(signals: &Signals) -> Tasks {
        Tasks::new(Arc::new(ImmediateBackend::new(
            Clock::system(),
            signals.clone(),
        )))
        .register::<Divide>()
    }

    #[tokio::test]
    async fn a_task_runs_at_once_with_what_the_site_gives_it() {
        let tasks = immediate(&Signals::new()).give(100_i64);
        let result = tasks.enqueue::<Divide>((6, 3)).await.unwrap();
        assert_eq!((result.status, result.attempts), (Status::Successful, 1));
        assert_eq!(result.output::<i64>().unwrap(), 102);
        assert_eq!(result.id.len(), 32);
    }

    #[tokio::test]
    async fn a_failing_and_a_panicking_task_are_failed_results() {
        let signals = Signals::new();
        let finished = Arc::new(std::sync::Mutex::new(Vec::new()));
        let seen = finished.clone();
        signals.connect("test", move |event: Arc<TaskFinished>| {
            seen.lock().unwrap().push(event.0.status);
            async { Ok(()) }
        });
        let tasks = immediate(&signals);
        let result = tasks.enqueue::<Divide>((1, 0)).await.unwrap();
        assert_eq!(result.errors[0].message, "division by zero");
        assert!(result.output::<i64>().is_err());
        assert_eq!(
            tasks.enqueue::<Divide>((1, 13)).await.unwrap().status,
            Status::Failed
        );
        assert_eq!(*finished.lock().unwrap(), [Status::Failed, Status::Failed]);
    }

    #[tokio::test]
    async fn what_cannot_be_done_is_refused_with_a_reason() {
        let tasks = immediate(&Signals::new());
        let later = Options {
            run_after: Some(jiff::Timestamp::UNIX_EPOCH),
            ..Options::default()
        };
        assert!(matches!(
            tasks.enqueue_with::<Divide>((1, 1), later).await,
            Err(EnqueueError::Deferred)
        ));
        let high = Options {
            priority: Some(101),
            ..Options::default()
        };
        assert!(matches!(
            tasks.enqueue_with::<Divide>((1, 1), high).await,
            Err(EnqueueError::Priority(101))
        ));
        let none = Tasks::new(Arc::new(DummyBackend::default()));
        assert!(matches!(
            none.enqueue::<Divide>((1, 1)).await,
            Err(EnqueueError::Unknown("math.divide"))
        ));
    }

    #[tokio::test]
    async fn the_dummy_backend_takes_note_and_runs_nothing() {
        let dummy = Arc::new(DummyBackend::default());
        let tasks = Tasks::new(dummy.clone()).register::<Divide>();
        let result = tasks.enqueue::<Divide>((1, 13)).await.unwrap();
        assert_eq!(result.status, Status::Ready);
        assert_eq!(dummy.jobs()[0].task, "math.divide");
    }
}
