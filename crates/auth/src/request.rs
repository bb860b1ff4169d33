//! Login and logout in one request.

use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use nuages_security::csrf::CsrfToken;
use nuages_sessions::Session;

use crate::auth::{BACKEND, HASH, LOGIN_AGAIN, LOGIN_TIME, USER_ID, has_hash, user_id};
use crate::backends::{Backend, REMOTE_USER};
use crate::signals::{LoginThrottled, UserLoggedIn, UserLoggedOut};
use crate::{Auth, Credentials, CurrentUser, Error, Throttled, User};

/// Who makes a request, and the means to change that: login and logout.
///
/// It comes as an extractor, put there by the [`CurrentUserLayer`](crate::CurrentUserLayer).
/// The user is loaded at the first use.
///
/// # Django
/// `request.user` and `authenticate`, `login`, `logout`, `update_session_auth_hash`.
#[derive(Clone)]
pub struct AuthRequest(Arc<Inner>);

struct Inner {
    auth: Auth,
    session: Session,
    csrf: Option<CsrfToken>,
    client: Option<IpAddr>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    visitor: Visitor,
    /// Who was let in by which backend in this request.
    backend: Option<(i64, &'static str)>,
}

#[derive(Default)]
enum Visitor {
    /// Before the first use.
    #[default]
    Unknown,
    /// A user, or nobody.
    Known(Option<CurrentUser>),
}

impl AuthRequest {
    pub(crate) fn new(
        auth: Auth,
        session: Session,
        csrf: Option<CsrfToken>,
        client: Option<IpAddr>,
    ) -> Self {
        Self(Arc::new(Inner {
            auth,
            session,
            csrf,
            client,
            state: Mutex::default(),
        }))
    }

    /// What the site knows of its users.
    pub fn auth(&self) -> &Auth {
        &self.0.auth
    }

    /// The session.
    pub fn session(&self) -> &Session {
        &self.0.session
    }

    /// The user who makes this request, or nobody.
    ///
    /// # Errors
    /// When the session or the database fails.
    pub async fn user(&self) -> Result<Option<CurrentUser>, Error> {
        if let Visitor::Known(known) = &self.state().visitor {
            return Ok(known.clone());
        }
        let user = self.0.auth.user_of(&self.0.session).await?;
        let user = user.map(|user| CurrentUser::new(user, self.0.auth.clone()));
        let mut state = self.state();
        if let Visitor::Known(known) = &state.visitor {
            // A login came first, in a task of its own.
            return Ok(known.clone());
        }
        state.visitor = Visitor::Known(user.clone());
        Ok(user)
    }

    /// Whose credentials these are.
    ///
    /// # Errors
    /// When a backend fails, too many passwords are waiting to be hashed, or too many logins have [failed](Error::is_throttled).
    ///
    /// # Security
    /// The [`LoginThrottle`](crate::LoginThrottle) counts each attempt before its password is hashed.
    pub async fn authenticate(&self, credentials: &Credentials) -> Result<Option<User>, Error> {
        let auth = &self.0.auth;
        let throttle = auth.login_throttle();
        let attempt = match throttle.admit(credentials, self.0.client).await? {
            Ok(attempt) => attempt,
            Err(throttled) => return self.refuse(credentials, throttled).await,
        };
        let (user, backend) = match auth.identify(credentials).await {
            Ok(Some(found)) => found,
            Ok(None) => return Ok(None),
            Err(error) => {
                throttle.withdraw(attempt).await?;
                return Err(error);
            }
        };
        throttle.forgive(attempt).await?;
        self.state().backend = user.id.get().map(|id| (id, backend));
        Ok(Some(user))
    }

    #[cold]
    async fn refuse(
        &self,
        credentials: &Credentials,
        throttled: Throttled,
    ) -> Result<Option<User>, Error> {
        tracing::warn!(
            target: "nuages.security.LoginThrottled",
            client = self.0.client.map(tracing::field::display),
            "{throttled}"
        );
        let signals = self.0.auth.signals();
        if signals.has_listeners::<LoginThrottled>() {
            let event = LoginThrottled {
                credentials: credentials.cleaned(),
                client: self.0.client,
                retry_after: throttled.retry_after,
            };
            signals.send_robust(event).await;
        }
        Err(throttled.into())
    }

    /// Whom a proxy names. There is no password, so nothing to guess.
    pub(crate) async fn authenticate_remote(&self, name: &str) -> Result<Option<User>, Error> {
        let credentials = Credentials::new().with(REMOTE_USER, name);
        let Some((user, backend)) = self.0.auth.identify(&credentials).await? else {
            return Ok(None);
        };
        self.state().backend = user.id.get().map(|id| (id, backend));
        Ok(Some(user))
    }

    /// True when a proxy has let the user of this session in.
    pub(crate) async fn is_remote(&self) -> Result<bool, Error> {
        let backend = self.session_backend().await?;
        Ok(backend.is_some_and(|backend| backend.is_remote()))
    }

    /// The username in what a proxy says, as the backend of this session reads it.
    pub(crate) async fn clean_remote_name(&self, name: &str) -> Result<String, Error> {
        let backend = self.session_backend().await?;
        let cleaned = backend.map(|backend| backend.clean_username(name).into_owned());
        Ok(cleaned.unwrap_or_else(|| name.to_owned()))
    }

    async fn session_backend(&self) -> Result<Option<Arc<dyn Backend>>, Error> {
        let Inner { auth, session, .. } = &*self.0;
        let backend = session.read(|data| auth.backend(data.get(BACKEND)?.as_str()?).cloned());
        Ok(backend.await?)
    }

    /// Logs a user in: this browser belongs to them from now on.
    ///
    /// # Errors
    /// When the session or the database fails.
    ///
    /// # Security
    /// The session gets a new key, so one that was planted before is worth nothing; the data of an anonymous session stays.
    /// The session of another user, or of this one with another password, is emptied first.
    /// The CSRF secret is replaced.
    ///
    /// # Django
    /// `login()`. There a second login of the same user keeps the session's key.
    pub async fn login(&self, user: &User) -> Result<(), Error> {
        let Inner { auth, session, .. } = &*self.0;
        let id = user.id.get().ok_or_else(Error::unsaved_user)?;
        let hash = auth.session_auth_hash(user);
        let (belongs, fits) = session
            .read(|data| {
                let known = user_id(data);
                let fits = known == Some(id) && has_hash(data, &hash);
                (data.contains_key(USER_ID), fits)
            })
            .await?;
        if belongs && !fits {
            session.flush().await?;
        } else {
            session.cycle_key().await?;
        }
        let backend = match self.state().backend {
            Some((known, path)) if known == id => path,
            _ => auth.default_backend(),
        };
        session
            .update(|data| {
                data.insert(USER_ID.to_owned(), id.to_string().into());
                data.insert(BACKEND.to_owned(), backend.into());
                data.insert(HASH.to_owned(), hash.into());
                data.insert(LOGIN_TIME.to_owned(), auth.now().as_second().into());
                data.shift_remove(LOGIN_AGAIN);
            })
            .await?;
        if let Some(csrf) = &self.0.csrf {
            csrf.rotate();
        }
        let mut user = user.clone();
        auth.users().note_login(&mut user).await?;
        self.set_user(Some(user.clone()));
        auth.signals().send_robust(UserLoggedIn { user }).await;
        Ok(())
    }

    /// Logs out: the session is emptied and its row deleted, so that the old cookie is worth nothing.
    ///
    /// # Errors
    /// When the session or the database fails.
    pub async fn logout(&self) -> Result<(), Error> {
        let signals = self.0.auth.signals();
        if signals.has_listeners::<UserLoggedOut>() {
            let user = self.user().await?.map(|user| User::clone(&user));
            signals.send_robust(UserLoggedOut { user }).await;
        }
        self.0.session.flush().await?;
        self.set_user(None);
        Ok(())
    }

    /// True when the user of this session logged in no longer ago than this.
    ///
    /// For a view that asks for it sometimes; a route says it with [`recent_login`](nuages_web::View::recent_login).
    ///
    /// # Errors
    /// When the session fails.
    ///
    /// # Security
    /// A session that does not say when it was logged in, as Django's do not, is an old one.
    pub async fn logged_in_within(&self, age: Duration) -> Result<bool, Error> {
        let then = self.0.session.read(|data| data.get(LOGIN_TIME)?.as_i64());
        let then = then.await?;
        let passed = then.map(|then| self.0.auth.now().as_second().saturating_sub(then));
        Ok(passed.is_some_and(|passed| u64::try_from(passed).unwrap_or(0) <= age.as_secs()))
    }

    /// Asks for the password again, of a user who is logged in: the login page shows its form to them, too.
    ///
    /// # Errors
    /// When the session fails.
    pub(crate) async fn ask_again(&self) -> Result<(), Error> {
        Ok(self.0.session.set(LOGIN_AGAIN, true).await?)
    }

    /// True when the user was asked to log in again.
    pub(crate) async fn is_asked_again(&self) -> Result<bool, Error> {
        Ok(self.0.session.contains(LOGIN_AGAIN).await?)
    }

    /// Keeps this session going after the user's password was changed, under a new key; other sessions of the user end.
    ///
    /// # Errors
    /// When the session fails.
    ///
    /// # Django
    /// `update_session_auth_hash`.
    pub async fn update_session_auth_hash(&self, user: &User) -> Result<(), Error> {
        self.0.session.cycle_key().await?;
        let hash = self.0.auth.session_auth_hash(user);
        self.0.session.set(HASH, hash).await?;
        self.set_user(Some(user.clone()));
        Ok(())
    }

    fn set_user(&self, user: Option<User>) {
        let user = user.map(|user| CurrentUser::new(user, self.0.auth.clone()));
        self.state().visitor = Visitor::Known(user);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for AuthRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthRequest").finish_non_exhaustive()
    }
}
