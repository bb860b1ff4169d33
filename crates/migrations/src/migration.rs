//! One migration, and the migrations of an app.

use std::fmt;
use std::sync::Arc;

use crate::operations::Operation;

/// What names a migration: its app and its own name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The app's label.
    pub app: String,
    /// The migration's name, such as `0001_initial`.
    pub name: String,
}

impl Key {
    /// A key of these two.
    pub fn new(app: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            app: app.into(),
            name: name.into(),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.app, self.name)
    }
}

/// One step of an app's schema: what it depends on, and what it does.
///
/// ```
/// use nuages_migrations::{Field, Migration, operations::{AddField, CreateModel}};
///
/// let migration = Migration::new("blog", "0001_initial")
///     .operation(CreateModel::new("Post").field("id", Field::big_auto()).field("title", Field::varchar(200)));
/// assert_eq!(migration.key().to_string(), "blog.0001_initial");
/// ```
///
/// # Django
/// `django.db.migrations.Migration`.
#[derive(Debug, Clone)]
pub struct Migration {
    key: Key,
    pub(crate) dependencies: Vec<Key>,
    pub(crate) operations: Vec<Arc<dyn Operation>>,
    pub(crate) atomic: bool,
}

impl Migration {
    /// A migration that does nothing yet.
    pub fn new(app: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            key: Key::new(app, name),
            dependencies: Vec::new(),
            operations: Vec::new(),
            atomic: true,
        }
    }

    /// What names it.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// Says that another migration must have been applied before this one.
    pub fn depends_on(mut self, app: impl Into<String>, name: impl Into<String>) -> Self {
        self.dependencies.push(Key::new(app, name));
        self
    }

    /// Adds what it does next.
    pub fn operation(mut self, operation: impl Operation + 'static) -> Self {
        self.operations.push(Arc::new(operation));
        self
    }

    /// Runs without a transaction around it, for what a database refuses inside one.
    pub fn non_atomic(mut self) -> Self {
        self.atomic = false;
        self
    }
}

/// The migrations of one app.
#[derive(Debug, Clone)]
pub struct AppMigrations {
    /// The app's label.
    pub app: String,
    /// Its migrations, in any order.
    pub migrations: Vec<Migration>,
}

impl AppMigrations {
    /// The migrations of `app`.
    pub fn new(app: impl Into<String>, migrations: impl IntoIterator<Item = Migration>) -> Self {
        Self {
            app: app.into(),
            migrations: migrations.into_iter().collect(),
        }
    }
}
