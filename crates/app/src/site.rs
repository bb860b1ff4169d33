//! A site being put together.

use std::sync::Arc;

use axum::handler::Handler;
use nuages_auth::backends::Backend as AuthBackend;
use nuages_auth::passwords::{PasswordValidator, PasswordValidators};
use nuages_base::Clock;
use nuages_mail::Backend;
use nuages_web::{Files, SharedService, Urls};

use crate::app::App;
use crate::built::BuiltSite;
use crate::error::BuildError;
use crate::rooms;
use crate::settings::Settings;
use crate::stack::Onion;

/// A site being put together: its apps, its URLs, its settings.
///
/// Host validation, HTTPS policy and headers, a Content-Security-Policy with nonces, sessions, CSRF protection,
/// the current user and messages are there without a line of wiring, in the one right order ([`crate::STACK`]).
///
/// # Django
/// `settings.py`, `urls.py` and `wsgi.py` in one value.
#[derive(Debug)]
#[must_use = "a site does nothing until it is built or managed"]
pub struct Site {
    pub(crate) apps: Vec<App>,
    pub(crate) urls: Urls,
    pub(crate) settings: Option<Settings>,
    pub(crate) clock: Clock,
    pub(crate) without: Vec<Onion>,
    pub(crate) files: Option<Files>,
    pub(crate) mail: Option<Arc<dyn Backend>>,
    pub(crate) csrf_failure: Option<SharedService>,
    pub(crate) backends: Option<Vec<Arc<dyn AuthBackend>>>,
    pub(crate) validators: PasswordValidators,
}

impl Default for Site {
    fn default() -> Self {
        Self::new()
    }
}

impl Site {
    /// A site with sessions and messages, and nothing else yet.
    pub fn new() -> Self {
        Self {
            apps: vec![rooms::sessions()],
            urls: Urls::new(),
            settings: None,
            clock: Clock::system(),
            without: Vec::new(),
            files: None,
            mail: None,
            csrf_failure: None,
            backends: None,
            validators: PasswordValidators::none(),
        }
    }

    /// Adds an app: its models, migrations, URLs, receivers, templates and checks.
    pub fn install(mut self, app: App) -> Self {
        self.apps.push(app);
        self
    }

    /// The URLs of the site, in order: the first that matches wins.
    pub fn urls(mut self, urls: Urls) -> Self {
        self.urls = urls;
        self
    }

    /// These settings, instead of reading `nuages.toml` and the environment.
    pub fn with_settings(mut self, settings: Settings) -> Self {
        self.settings = Some(settings);
        self
    }

    /// The time from this clock: a test can hold it still.
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Keeps uploaded files there, instead of in the folder `media_root`.
    ///
    /// # Django
    /// `STORAGES["default"]`.
    pub fn with_files(mut self, files: Files) -> Self {
        self.files = Some(files);
        self
    }

    /// Hands mails to this backend, instead of that of the settings.
    ///
    /// # Django
    /// EMAIL_BACKEND with a class of your own.
    pub fn with_mail_backend(mut self, backend: impl Backend) -> Self {
        self.mail = Some(Arc::new(backend));
        self
    }

    /// Asks these who a user is, in this order, instead of the table of users alone.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use nuages_app::Site;
    /// use nuages_auth::backends::{ModelBackend, RemoteUserBackend};
    ///
    /// let remote = RemoteUserBackend::new().with_clean_username(|name| name.to_lowercase());
    /// let site = Site::new().authentication_backends(vec![Arc::new(ModelBackend::new()), Arc::new(remote)]);
    /// # let _ = site;
    /// ```
    ///
    /// # Django
    /// `AUTHENTICATION_BACKENDS`.
    pub fn authentication_backends(mut self, backends: Vec<Arc<dyn AuthBackend>>) -> Self {
        self.backends = Some(backends);
        self
    }

    /// Asks this rule of new passwords, too, behind those of `auth_password_validators`; its help text is shown with theirs.
    ///
    /// ```
    /// use nuages_app::Site;
    /// use nuages_auth::passwords::{PasswordOwner, PasswordValidator};
    /// use nuages_forms::ValidationError;
    ///
    /// #[derive(Debug)]
    /// struct NoClouds;
    ///
    /// impl PasswordValidator for NoClouds {
    ///     fn validate(&self, password: &str, _: Option<&PasswordOwner<'_>>) -> Result<(), ValidationError> {
    ///         if password.to_lowercase().contains("cloud") {
    ///             return Err(ValidationError::new("Everybody here thinks of clouds first.").code("password_cloud"));
    ///         }
    ///         Ok(())
    ///     }
    ///     fn help_text(&self) -> String {
    ///         "Your password can’t be about clouds.".to_owned()
    ///     }
    /// }
    /// let site = Site::new().password_validator(NoClouds);
    /// # let _ = site;
    /// ```
    ///
    /// # Django
    /// `AUTH_PASSWORD_VALIDATORS` with a class of your own.
    pub fn password_validator(mut self, validator: impl PasswordValidator + 'static) -> Self {
        self.validators = self.validators.with(validator);
        self
    }

    /// Answers requests that CSRF protection refuses, instead of the page that Django has for them.
    ///
    /// The handler is one like any other; [`Rejection`](nuages_security::csrf::Rejection) says why. A site that
    /// only wants another look writes a template `403_csrf.html`.
    ///
    /// ```
    /// use http::StatusCode;
    /// use nuages_app::Site;
    /// use nuages_security::csrf::Rejection;
    ///
    /// async fn refused(why: Rejection) -> (StatusCode, String) {
    ///     (StatusCode::FORBIDDEN, format!("Please open the page anew. ({})", why.refusal.id()))
    /// }
    /// let site = Site::new().csrf_failure_view(refused);
    /// # let _ = site;
    /// ```
    ///
    /// # Django
    /// `CSRF_FAILURE_VIEW`.
    pub fn csrf_failure_view<H, T>(mut self, handler: H) -> Self
    where
        H: Handler<T, ()> + Sync,
        T: 'static,
    {
        let service = handler.with_state(());
        self.csrf_failure = Some(SharedService::new(service));
        self
    }

    /// Leaves a layer out of the onion.
    ///
    /// # Security
    /// The site loses what the layer protects from; `check --deploy` names it.
    pub fn insecure_without(mut self, layer: Onion) -> Self {
        self.without.push(layer);
        self
    }

    /// Reads the settings, freezes the URLs, and prepares the templates. Nothing is connected yet.
    ///
    /// # Errors
    /// When a setting is wrong, or the URLs do not fit together.
    pub fn build(self) -> Result<BuiltSite, BuildError> {
        BuiltSite::new(self)
    }
}
