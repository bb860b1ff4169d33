//! What a site needs to know who its users are.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use nuages_base::{Clock, Signals};
use nuages_crypto::{KeyRing, constant_time_compare};
use nuages_db::Db;
use nuages_mail::Mail;
use nuages_sessions::{Session, SessionData};
use serde_json::Value;

use crate::backends::{Backend, ModelBackend, RemoteUserBackend, Verdict};
use crate::passwords::{PasswordPool, PasswordValidators};
use crate::settings::AuthSettingsError;
use crate::signals::UserLoginFailed;
use crate::throttle::Waiting;
use crate::{
    AuthSettings, Credentials, Error, LoginThrottle, PasswordResetTokenGenerator, Permissions,
    RemoteUser, User, Users,
};

/// Where a session keeps the key of its user.
pub(crate) const USER_ID: &str = "_auth_user_id";
/// Where it keeps the backend that let the user in.
pub(crate) const BACKEND: &str = "_auth_user_backend";
/// Where it keeps the code that ties it to the user's password.
pub(crate) const HASH: &str = "_auth_user_hash";
/// Where it keeps when the user logged in, in seconds since 1970; ours, and Django passes over it.
pub(crate) const LOGIN_TIME: &str = "_nuages_login_time";
/// Where it keeps that the user is to log in once more, although they are logged in.
pub(crate) const LOGIN_AGAIN: &str = "_nuages_login_again";

/// What a site needs to know who its users are: database, keys, settings, backends.
///
/// Cloning is cheap.
///
/// # Django
/// The functions of `django.contrib.auth`.
#[derive(Clone)]
pub struct Auth(Arc<Site>);

#[derive(Clone)]
struct Site {
    db: Db,
    keys: KeyRing,
    settings: AuthSettings,
    validators: PasswordValidators,
    pool: PasswordPool,
    backends: Vec<Arc<dyn Backend>>,
    signals: Signals,
    clock: Clock,
    mail: Mail,
    waiting: Waiting,
    remote: Option<RemoteUser>,
}

impl Auth {
    /// Users of this database, with [`ModelBackend`] to let them in, and where the settings name proxies that say who a user
    /// is, [`RemoteUserBackend`].
    ///
    /// # Errors
    /// When a setting names a hasher or validator that is not there, or a proxy that cannot be.
    pub fn new(
        db: Db,
        keys: KeyRing,
        settings: AuthSettings,
        signals: Signals,
        clock: Clock,
    ) -> Result<Self, AuthSettingsError> {
        let remote = settings.remote_user()?;
        let mut backends: Vec<Arc<dyn Backend>> = vec![Arc::new(ModelBackend::new())];
        if remote.is_some() {
            let backend = RemoteUserBackend::new().create_unknown_user(settings.remote_user_create);
            backends.push(Arc::new(backend));
        }
        Ok(Self(Arc::new(Site {
            validators: settings.password_validators()?,
            pool: settings.password_pool()?,
            backends,
            remote,
            db,
            keys,
            settings,
            signals,
            mail: Mail::nowhere(clock.clone()),
            clock,
            waiting: Waiting::default(),
        })))
    }

    /// With these backends, asked in this order, instead of [`ModelBackend`].
    ///
    /// # Django
    /// AUTHENTICATION_BACKENDS.
    pub fn with_backends(mut self, backends: Vec<Arc<dyn Backend>>) -> Self {
        Arc::make_mut(&mut self.0).backends = backends;
        self
    }

    /// With hashers of your own.
    pub fn with_password_pool(mut self, pool: PasswordPool) -> Self {
        Arc::make_mut(&mut self.0).pool = pool;
        self
    }

    /// With mail, for the links of password resets; without it they go nowhere.
    pub fn with_mail(mut self, mail: Mail) -> Self {
        Arc::make_mut(&mut self.0).mail = mail;
        self
    }

    /// With rules for new passwords of your own.
    pub fn with_validators(mut self, validators: PasswordValidators) -> Self {
        Arc::make_mut(&mut self.0).validators = validators;
        self
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.0.db
    }

    /// The settings.
    pub fn settings(&self) -> &AuthSettings {
        &self.0.settings
    }

    /// The hashers behind their bounded queue.
    pub fn password_pool(&self) -> &PasswordPool {
        &self.0.pool
    }

    /// The rules for new passwords.
    pub fn validators(&self) -> &PasswordValidators {
        &self.0.validators
    }

    /// The mail.
    pub fn mail(&self) -> &Mail {
        &self.0.mail
    }

    /// Makes and finds users.
    pub fn users(&self) -> Users {
        Users::new(self.0.db.clone(), self.0.pool.clone(), self.0.clock.clone())
            .with_validators(self.0.validators.clone())
    }

    /// Makes and checks the tokens of password resets, with the clock read in UTC.
    pub fn password_reset_tokens(&self) -> PasswordResetTokenGenerator {
        PasswordResetTokenGenerator::new(self.0.keys.clone(), self.0.clock.clone())
            .timeout(self.0.settings.password_reset_timeout)
    }

    /// Counts failed logins.
    pub fn login_throttle(&self) -> LoginThrottle {
        let Site {
            db,
            keys,
            clock,
            settings,
            waiting,
            ..
        } = &*self.0;
        let (db, keys, clock) = (db.clone(), keys.clone(), clock.clone());
        LoginThrottle::new(db, keys, clock, settings, waiting.clone())
    }

    /// Who says who the user is, besides the user.
    pub(crate) fn remote_user(&self) -> Option<&RemoteUser> {
        self.0.remote.as_ref()
    }

    /// The backend of this path.
    pub(crate) fn backend(&self, path: &str) -> Option<&Arc<dyn Backend>> {
        self.0.backends.iter().find(|known| known.path() == path)
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    pub(crate) fn signals(&self) -> &Signals {
        &self.0.signals
    }

    /// The code that ties a session to a user's password, with the current key.
    pub(crate) fn session_auth_hash(&self, user: &User) -> String {
        user.session_auth_hash(self.0.keys.current().expose())
    }

    /// The path of the backend to note for a user whom no backend let in by itself.
    pub(crate) fn default_backend(&self) -> &'static str {
        self.0.backends.first().map_or("", |backend| backend.path())
    }

    /// Asks the backends in order whether these credentials are a user's; tells [`UserLoginFailed`] when they are nobody's.
    ///
    /// # Errors
    /// When a backend fails, or too many passwords are waiting to be hashed.
    ///
    /// # Security
    /// Nothing limits how often this is asked: where visitors guess, ask [`AuthRequest::authenticate`](crate::AuthRequest::authenticate).
    pub async fn authenticate(&self, credentials: &Credentials) -> Result<Option<User>, Error> {
        Ok(self.identify(credentials).await?.map(|(user, _)| user))
    }

    /// As [`authenticate`](Self::authenticate), with the path of the backend.
    pub(crate) async fn identify(
        &self,
        credentials: &Credentials,
    ) -> Result<Option<(User, &'static str)>, Error> {
        for backend in &self.0.backends {
            match backend.authenticate(self, credentials).await? {
                Verdict::Accept(user) => return Ok(Some((user, backend.path()))),
                Verdict::Pass => {}
                Verdict::Refuse => break,
            }
        }
        if self.0.signals.has_listeners::<UserLoginFailed>() {
            let credentials = credentials.cleaned();
            self.0
                .signals
                .send_robust(UserLoginFailed { credentials })
                .await;
        }
        Ok(None)
    }

    /// What a user may do: the permissions that all backends give.
    ///
    /// # Errors
    /// When a backend fails.
    pub async fn permissions(&self, user: &User) -> Result<Permissions, Error> {
        if !user.is_active {
            return Ok(Permissions::none());
        }
        if user.is_superuser {
            return Ok(Permissions::all());
        }
        let mut names = Vec::new();
        for backend in &self.0.backends {
            names.extend(backend.user_permissions(self, user).await?);
            names.extend(backend.group_permissions(self, user).await?);
        }
        Ok(Permissions::of(names))
    }

    /// The user of a session.
    ///
    /// # Errors
    /// When the session or the backend fails.
    ///
    /// # Security
    /// A session counts only as long as its backend is configured, its user exists and is active, and its code fits the user's password.
    /// A code that was made with a former secret key is replaced, and the session gets a new key; any other code ends the session.
    ///
    /// # Django
    /// `django.contrib.auth.get_user`.
    pub async fn user_of(&self, session: &Session) -> Result<Option<User>, Error> {
        let Some((backend, id)) = session.read(|data| self.claimed(data)).await? else {
            return Ok(None);
        };
        let Some(user) = backend.get_user(self, id).await? else {
            return Ok(None);
        };
        let hash = self.session_auth_hash(&user);
        if session.read(|data| has_hash(data, &hash)).await? {
            return Ok(Some(user));
        }
        for key in self.0.keys.fallbacks() {
            let former = user.session_auth_hash(key.expose());
            if session.read(|data| has_hash(data, &former)).await? {
                session.cycle_key().await?;
                session.set(HASH, hash).await?;
                return Ok(Some(user));
            }
        }
        session.flush().await?;
        Ok(None)
    }

    /// Whom a session says it belongs to, if the backend that let the user in is still configured.
    fn claimed(&self, data: &SessionData) -> Option<(Arc<dyn Backend>, i64)> {
        let id = user_id(data)?;
        let path = data.get(BACKEND)?.as_str()?;
        let backend = self.backend(path)?;
        Some((backend.clone(), id))
    }
}

/// The key of a session's user.
pub(crate) fn user_id(data: &SessionData) -> Option<i64> {
    data.get(USER_ID)?.as_str()?.parse().ok()
}

/// True when the session's code is this one.
pub(crate) fn has_hash(data: &SessionData, hash: &str) -> bool {
    data.get(HASH)
        .and_then(Value::as_str)
        .is_some_and(|known| constant_time_compare(known, hash))
}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Auth")
            .field("backends", &self.0.backends)
            .finish_non_exhaustive()
    }
}
