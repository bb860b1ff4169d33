//! What one app hands over to the site.

use std::fmt;
use std::sync::Arc;

use nuages_base::{Check, SignalError, Signals};
use nuages_migrations::{AppMigrations, Migration};
use nuages_orm::ModelMeta;
use nuages_tasks::{Task, Tasks};
use nuages_template::Library;
use nuages_web::{ContextProcessor, Urls};

use crate::settings::Settings;

type Connect = Box<dyn Fn(&Signals) + Send + Sync>;
type Register = Box<dyn Fn(Tasks) -> Tasks + Send + Sync>;
type CheckFn = fn(&Settings) -> Vec<Check>;

/// One app: its models, migrations, URLs, signal receivers, templates and checks, handed over in one value.
///
/// ```
/// use nuages_app::App;
/// use nuages_web::{Urls, get};
///
/// let blog = App::new("blog")
///     .urls("blog/", Urls::new().path("", get(async || "posts"), "post-list"))
///     .templates(&[("blog/post_list.html", "{% for post in posts %}{{ post }}{% endfor %}")]);
/// assert_eq!(blog.label(), "blog");
/// ```
///
/// # Django
/// `AppConfig`, but nothing is found by looking around: an app lists what it has.
pub struct App {
    label: &'static str,
    pub(crate) models: Vec<&'static ModelMeta>,
    pub(crate) through: Vec<&'static ModelMeta>,
    pub(crate) migrations: Vec<AppMigrations>,
    pub(crate) urls: Vec<(String, Urls)>,
    pub(crate) receivers: Vec<Connect>,
    pub(crate) tasks: Vec<Register>,
    pub(crate) checks: Vec<CheckFn>,
    pub(crate) templates: Vec<(&'static str, &'static str)>,
    pub(crate) libraries: Vec<(&'static str, Library)>,
    pub(crate) catalogs: Vec<(&'static str, &'static str)>,
    pub(crate) processors: Vec<Arc<dyn ContextProcessor>>,
}

impl App {
    /// An app with nothing in it; the label is what tables and permissions begin with.
    pub fn new(label: &'static str) -> Self {
        Self {
            label,
            models: Vec::new(),
            through: Vec::new(),
            migrations: Vec::new(),
            urls: Vec::new(),
            receivers: Vec::new(),
            tasks: Vec::new(),
            checks: Vec::new(),
            templates: Vec::new(),
            libraries: Vec::new(),
            catalogs: Vec::new(),
            processors: Vec::new(),
        }
    }

    /// The label.
    pub fn label(&self) -> &'static str {
        self.label
    }

    /// The models; each gets its permissions, and deletions know of them.
    pub fn models(mut self, models: impl IntoIterator<Item = &'static ModelMeta>) -> Self {
        self.models.extend(models);
        self
    }

    /// Models that only join others: deletions know of them, but they get no permissions.
    pub fn through(mut self, models: impl IntoIterator<Item = &'static ModelMeta>) -> Self {
        self.through.extend(models);
        self
    }

    /// The migrations, in the order of their numbers.
    pub fn migrations(mut self, migrations: impl IntoIterator<Item = Migration>) -> Self {
        self.migrations
            .push(AppMigrations::new(self.label, migrations));
        self
    }

    /// Migrations of another label that this app brings along, as `auth` brings `contenttypes`.
    pub fn migrations_of(mut self, migrations: AppMigrations) -> Self {
        self.migrations.push(migrations);
        self
    }

    /// URLs that the site includes below `prefix`, after its own.
    pub fn urls(mut self, prefix: impl Into<String>, urls: Urls) -> Self {
        self.urls.push((prefix.into(), urls));
        self
    }

    /// A receiver of a signal; the name is its `dispatch_uid`.
    pub fn receiver<E, F, Fut>(mut self, dispatch_uid: &'static str, receiver: F) -> Self
    where
        E: Send + Sync + 'static,
        F: Fn(Arc<E>) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Result<(), SignalError>> + Send + 'static,
    {
        self.receivers.push(Box::new(move |signals| {
            signals.connect(dispatch_uid, receiver.clone());
        }));
        self
    }

    /// A task that the site may enqueue.
    pub fn task<T: Task>(mut self) -> Self {
        self.tasks.push(Box::new(Tasks::register::<T>));
        self
    }

    /// A check of the configuration, run at every start and by `check`.
    pub fn check(mut self, check: CheckFn) -> Self {
        self.checks.push(check);
        self
    }

    /// Templates that are part of the program: name and source.
    ///
    /// The site's folders win over them, and an app that is installed later wins over an earlier one:
    /// so your own replace the built-in ones.
    pub fn templates(mut self, templates: &[(&'static str, &'static str)]) -> Self {
        self.templates.extend_from_slice(templates);
        self
    }

    /// A library of tags and filters, to be had by `{% load name %}`.
    pub fn library(mut self, name: &'static str, library: Library) -> Self {
        self.libraries.push((name, library));
        self
    }

    /// A catalogue that is part of the program: the language's code and the text of a `.po` file.
    ///
    /// The site's folders win over it, and an app that is installed earlier wins over a later one.
    ///
    /// # Django
    /// The folder `locale` of an app.
    pub fn translations(mut self, language: &'static str, po: &'static str) -> Self {
        self.catalogs.push((language, po));
        self
    }

    /// Variables that every page may mention.
    pub fn context_processor(mut self, processor: impl ContextProcessor + 'static) -> Self {
        self.processors.push(Arc::new(processor));
        self
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("label", &self.label)
            .finish_non_exhaustive()
    }
}
