//! A site that is put together: what it knows without a database, and what it does with one.

use std::collections::HashSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use nuages_auth::Auth;
use nuages_auth::backends::Backend;
use nuages_auth::passwords::PasswordValidators;
use nuages_base::{Check, Clock, Signals};
use nuages_cache::Caches;
use nuages_crypto::KeyRing;
use nuages_db::{Db, DbSettings};
use nuages_mail::Mail;
use nuages_migrations::{AppMigrations, Executor, Step, Target};
use nuages_orm::{ModelMeta, Models};
use nuages_sessions::SessionStore;
use nuages_tasks::{ImmediateBackend, Tasks};
use nuages_template::i18n::{Catalog, Translations};
use nuages_template::{Engine, FileSystemLoader, MemoryLoader};
use nuages_web::{FileSystemStorage, Files, SharedService, SiteContext, StaticFiles, UrlTable};

use crate::app::App;
use crate::error::BuildError;
use crate::settings::Settings;
use crate::site::Site;
use crate::stack::{Onion, STACK};
use crate::{checks, service, session_store};

/// A site that is put together: settings read, URLs frozen, templates prepared. Nothing is connected yet.
pub struct BuiltSite {
    pub(crate) settings: Arc<Settings>,
    pub(crate) apps: Vec<App>,
    pub(crate) context: Arc<SiteContext>,
    pub(crate) keys: KeyRing,
    pub(crate) signals: Signals,
    pub(crate) clock: Clock,
    pub(crate) mail: Mail,
    pub(crate) own_mail: bool,
    pub(crate) without: Vec<Onion>,
    pub(crate) csrf_failure: Option<SharedService>,
    pub(crate) backends: Option<Vec<Arc<dyn Backend>>>,
    pub(crate) validators: PasswordValidators,
}

impl BuiltSite {
    pub(crate) fn new(site: Site) -> Result<Self, BuildError> {
        let Site {
            apps,
            mut urls,
            settings,
            clock,
            without,
            files,
            mail,
            csrf_failure,
            backends,
            validators,
        } = site;
        let settings = settings.map_or_else(Settings::load, Ok)?;
        let mut apps = apps;
        refuse_twins(&apps)?;
        for app in &mut apps {
            for (prefix, own) in std::mem::take(&mut app.urls) {
                urls = urls.include(&prefix, own);
            }
        }
        let signals = Signals::new();
        for connect in apps.iter().flat_map(|app| &app.receivers) {
            connect(&signals);
        }
        let keys = KeyRing::new(settings.site.secret_key.expose()).with_fallbacks(
            settings
                .site
                .secret_key_fallbacks
                .iter()
                .map(|key| key.expose().as_bytes()),
        );
        let translations = translations(&settings, &apps)?;
        let own_mail = mail.is_some();
        let mail = if let Some(backend) = mail {
            Mail::new(settings.mail.clone(), backend, clock.clone())
        } else {
            let debug = settings.site.debug;
            Mail::open(&settings.mail, &settings.base_dir, debug, clock.clone())?
        };
        let context = context(&settings, &apps, urls.freeze()?, &clock, &signals, files)
            .with_translations(translations);
        Ok(Self {
            settings: Arc::new(settings),
            apps,
            context: Arc::new(context),
            keys,
            signals,
            clock,
            mail,
            own_mail,
            without,
            csrf_failure,
            backends,
            validators,
        })
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The URLs.
    pub fn urls(&self) -> &UrlTable {
        self.context.urls()
    }

    /// What all requests share.
    pub fn context(&self) -> &Arc<SiteContext> {
        &self.context
    }

    /// The secret key and the former ones.
    pub fn keys(&self) -> &KeyRing {
        &self.keys
    }

    /// The signals.
    pub fn signals(&self) -> &Signals {
        &self.signals
    }

    /// The time.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The mail: its queue is one for all services of this site.
    pub fn mail(&self) -> &Mail {
        &self.mail
    }

    /// The labels of the installed apps, in order.
    pub fn labels(&self) -> Vec<&'static str> {
        self.apps.iter().map(App::label).collect()
    }

    /// The models of all apps.
    pub fn models(&self) -> Vec<&'static ModelMeta> {
        self.apps
            .iter()
            .flat_map(|app| app.models.iter().copied())
            .collect()
    }

    /// The migrations of all apps.
    pub fn migrations(&self) -> Vec<AppMigrations> {
        self.apps
            .iter()
            .flat_map(|app| app.migrations.iter().cloned())
            .collect()
    }

    /// The layers of this site, outermost first: [`STACK`] without those that were left out.
    pub fn stack(&self) -> Vec<Onion> {
        let has_users = self.labels().contains(&"auth");
        let keeps_pages = self.settings.page_cache.cache_middleware
            || self
                .urls()
                .routes()
                .iter()
                .any(|route| route.flags.cache_page.is_some());
        let is_there = |layer: &Onion| {
            let is_wanted = match layer {
                Onion::CurrentUser => has_users,
                Onion::Gzip => self.settings.gzip.gzip_responses,
                Onion::BrokenLinks => {
                    self.settings.web.broken_link_emails && !self.settings.site.debug
                }
                Onion::ConditionalGet => self.settings.web.conditional_get,
                Onion::UpdateCache | Onion::FetchFromCache => keeps_pages,
                _ => true,
            };
            is_wanted && !self.without.contains(layer)
        };
        STACK.iter().copied().filter(is_there).collect()
    }

    /// What is wrong with the configuration; with `deploy`, also what production wants.
    pub fn checks(&self, deploy: bool) -> Vec<Check> {
        checks::run(self, deploy)
    }

    /// Opens the database.
    ///
    /// # Errors
    /// When it cannot be opened: the message says why and what to try.
    pub async fn connect(&self) -> Result<Db, BuildError> {
        let url = absolute(&self.settings.site.database_url, &self.settings.base_dir);
        let db = Db::connect(&DbSettings::new(url)).await?;
        let through = self.apps.iter().flat_map(|app| app.through.iter().copied());
        let models = Models::new(self.models().into_iter().chain(through));
        Ok(db
            .with_extension(models)
            .with_extension(self.clock.clone())
            .with_extension(self.signals.clone()))
    }

    /// Brings the database to `target`, and makes content types and permissions for the models.
    ///
    /// # Errors
    /// When a migration cannot be ordered or applied.
    pub async fn migrate(&self, db: &Db, target: &Target) -> Result<Vec<Step>, BuildError> {
        let done = Executor::new(&self.migrations())?
            .clock(self.clock.clone())
            .run(db, target)
            .await?;
        if self.labels().contains(&"auth") && *target == Target::All {
            nuages_auth::post_migrate(db, &self.models()).await?;
        }
        Ok(done)
    }

    /// The users of a database, with the settings of this site.
    ///
    /// # Errors
    /// When a setting names a hasher or validator that is not there.
    pub fn auth(&self, db: &Db) -> Result<Auth, BuildError> {
        let settings = self.settings.auth.clone();
        let auth = Auth::new(
            db.clone(),
            self.keys.clone(),
            settings,
            self.signals.clone(),
            self.clock.clone(),
        )?
        .with_mail(self.mail.clone());
        let validators = auth.validators().clone().and(&self.validators);
        let auth = auth.with_validators(validators);
        Ok(match &self.backends {
            Some(backends) => auth.with_backends(backends.clone()),
            None => auth,
        })
    }

    /// The caches of the settings. Each call opens new ones: those in memory do not see each other.
    ///
    /// # Errors
    /// When a cache lacks its location, or this build has no Redis.
    pub fn caches(&self, db: &Db) -> Result<Caches, BuildError> {
        let settings = &self.settings;
        Ok(Caches::open(
            &settings.caches,
            &settings.base_dir,
            db,
            &self.clock,
        )?)
    }

    /// Where the sessions are kept: the SESSION_ENGINE of the settings.
    ///
    /// # Errors
    /// When it needs a cache that the settings do not name.
    pub fn session_store(
        &self,
        db: &Db,
        caches: &Caches,
    ) -> Result<Arc<dyn SessionStore>, BuildError> {
        session_store::open(&self.settings, &self.keys, &self.clock, db, caches)
    }

    /// The tasks of the apps, carried out at once.
    pub fn tasks(&self, db: &Db) -> Tasks {
        let backend = ImmediateBackend::new(self.clock.clone(), self.signals.clone());
        let tasks = Tasks::new(Arc::new(backend)).give(db.clone());
        self.apps
            .iter()
            .flat_map(|app| &app.tasks)
            .fold(tasks, |tasks, register| register(tasks))
    }

    /// The whole site as a service: the views inside the onion.
    ///
    /// # Errors
    /// When a setting of a layer cannot be used.
    pub fn service(&self, db: &Db) -> Result<SharedService, BuildError> {
        service::build(self, db, &self.stack())
    }
}

impl BuiltSite {
    /// The whole site with its layers in another order, or without some.
    ///
    /// # Errors
    /// As [`BuiltSite::service`].
    ///
    /// # Security
    /// Only for tests that show why the order is what it is.
    pub fn insecure_service_in_order(
        &self,
        db: &Db,
        order: &[Onion],
    ) -> Result<SharedService, BuildError> {
        service::build(self, db, order)
    }
}

impl fmt::Debug for BuiltSite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BuiltSite")
            .field("apps", &self.labels())
            .field("stack", &self.stack())
            .finish_non_exhaustive()
    }
}

fn refuse_twins(apps: &[App]) -> Result<(), BuildError> {
    let mut seen = HashSet::new();
    match apps.iter().find(|app| !seen.insert(app.label())) {
        Some(twin) => Err(BuildError::DuplicateApp(twin.label())),
        None => Ok(()),
    }
}

fn context(
    settings: &Settings,
    apps: &[App],
    urls: UrlTable,
    clock: &Clock,
    signals: &Signals,
    files: Option<Files>,
) -> SiteContext {
    let folders = |names: &[String]| -> Vec<PathBuf> {
        names
            .iter()
            .map(|name| settings.base_dir.join(name))
            .collect()
    };
    let embedded = apps.iter().flat_map(|app| app.templates.iter().copied());
    let mut engine = Engine::builder()
        .debug(settings.site.debug)
        .loader(FileSystemLoader::new(folders(&settings.web.template_dirs)))
        .loader(MemoryLoader::new(embedded));
    for (name, library) in apps.iter().flat_map(|app| &app.libraries) {
        engine = engine.loadable(*name, library.clone());
    }
    let context = SiteContext::new(engine.build(), urls)
        .with_settings(settings.web.clone())
        .with_debug(settings.site.debug)
        .with_clock(clock.clone())
        .with_signals(signals.clone())
        .with_files(files.unwrap_or_else(|| default_files(settings)))
        .with_static_files(StaticFiles::new(
            folders(&settings.web.staticfiles_dirs),
            [],
        ));
    apps.iter()
        .flat_map(|app| &app.processors)
        .fold(context, |context, one| context.with_processor(one.clone()))
}

/// The folder `media_root`.
fn default_files(settings: &Settings) -> Files {
    let web = &settings.web;
    let folder = FileSystemStorage::new(settings.base_dir.join(&web.media_root), &web.media_url)
        .with_file_permissions(web.file_upload_permissions)
        .with_directory_permissions(web.file_upload_directory_permissions);
    Files::new(folder)
}

/// The catalogues: those of the site's folders, then those of the apps.
fn translations(settings: &Settings, apps: &[App]) -> Result<Translations, BuildError> {
    let mut found = Translations::new(settings.web.language_code.clone());
    if !settings.web.use_i18n {
        return Ok(found);
    }
    for folder in &settings.web.locale_paths {
        found.read_folder(settings.base_dir.join(folder))?;
    }
    for app in apps {
        for (language, po) in &app.catalogs {
            let catalog = Catalog::from_po(po).map_err(|error| BuildError::Catalog {
                app: app.label(),
                language,
                error,
            })?;
            found.add(language, catalog);
        }
    }
    Ok(found)
}

/// A relative SQLite path starts at the base folder, not at wherever the program was started.
fn absolute(url: &str, base_dir: &Path) -> String {
    match url.strip_prefix("sqlite:///") {
        Some(path) if !path.starts_with('/') => {
            let path = base_dir.join(path);
            let path = std::path::absolute(&path).unwrap_or(path);
            format!("sqlite:///{}", path.display())
        }
        _ => url.to_owned(),
    }
}
