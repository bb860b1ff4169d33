//! What a running task can ask for.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

type Things = HashMap<TypeId, Arc<dyn Any + Send + Sync>>;

/// What a running task can ask for: which run this is, and the things the site has given to its tasks.
///
/// # Django
/// `TaskContext`.
#[derive(Clone, Default)]
pub struct TaskContext {
    id: String,
    attempt: u32,
    things: Arc<Things>,
}

impl TaskContext {
    pub(crate) fn new(things: Things) -> Self {
        Self {
            id: String::new(),
            attempt: 0,
            things: Arc::new(things),
        }
    }

    pub(crate) fn of_run(&self, id: &str, attempt: u32) -> Self {
        Self {
            id: id.to_owned(),
            attempt,
            things: self.things.clone(),
        }
    }

    /// The id of the result.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Which attempt this is, from 1.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Something that the site has given to its tasks, such as its database.
    pub fn get<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.things.get(&TypeId::of::<T>())?.downcast_ref()
    }
}

impl fmt::Debug for TaskContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskContext")
            .field("id", &self.id)
            .field("attempt", &self.attempt)
            .finish_non_exhaustive()
    }
}
