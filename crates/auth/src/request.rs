//! Login and logout in one request.

use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use nuages_security::csrf::CsrfToken;
use nuages_sessions::Session;

use crate::auth::{BACKEND, HASH, USER_ID, has_hash, user_id};
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
