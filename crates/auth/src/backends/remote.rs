//! Users whom a proxy has let in.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::{Backend, ModelBackend, Verdict};
use crate::{Auth, Credentials, Error, MAX_USERNAME_LENGTH, User, normalize_username};

/// The name of the credential that [`RemoteUser`](crate::RemoteUser) presents.
pub(crate) const REMOTE_USER: &str = "remote_user";

type Clean = Arc<dyn Fn(&str) -> String + Send + Sync>;
type Configure = Arc<dyn Fn(User, bool) -> BoxFuture<'static, Result<User, Error>> + Send + Sync>;

/// Lets in whom a proxy names, without a password: see [`RemoteUser`](crate::RemoteUser).
///
/// Users whom the site does not know are made, unless it says otherwise; nobody can log in as them by password.
///
/// ```
/// use nuages_auth::backends::{Backend as _, RemoteUserBackend};
///
/// let backend = RemoteUserBackend::new()
///     .create_unknown_user(false)
///     .with_clean_username(|name| name.split('@').next().unwrap_or_default().to_owned());
/// assert_eq!(backend.clean_username("ann@EXAMPLE.COM"), "ann");
/// ```
///
/// # Django
/// `RemoteUserBackend`; `user_can_authenticate` aside, its methods are closures here.
/// A name longer than usernames are, with control characters, or not in the form in which usernames are stored (NFKC) is nobody's.
/// A user who is made has an unusable password, not an empty one.
#[derive(Clone)]
pub struct RemoteUserBackend {
    create_unknown_user: bool,
    users: ModelBackend,
    clean: Option<Clean>,
    configure: Option<Configure>,
}

impl Default for RemoteUserBackend {
    fn default() -> Self {
        Self::new()
    }
}

impl RemoteUserBackend {
    /// Makes users whom the site does not know.
    pub fn new() -> Self {
        Self {
            create_unknown_user: true,
            users: ModelBackend::new(),
            clean: None,
            configure: None,
        }
    }

    /// Whether users are made whom the site does not know.
    pub fn create_unknown_user(mut self, create: bool) -> Self {
        self.create_unknown_user = create;
        self
    }

    /// Makes a username of what the proxy says, such as one without a domain.
    pub fn with_clean_username(
        mut self,
        clean: impl Fn(&str) -> String + Send + Sync + 'static,
    ) -> Self {
        self.clean = Some(Arc::new(clean));
        self
    }

    /// Changes a user at each login, and is told whether they were made just now: to fill in an address, to add a group.
    pub fn with_configure_user<F, Fut>(mut self, configure: F) -> Self
    where
        F: Fn(User, bool) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<User, Error>> + Send + 'static,
    {
        self.configure = Some(Arc::new(move |user, created| {
            Box::pin(configure(user, created))
        }));
        self
    }

    /// Lets inactive users in, too.
    ///
    /// # Security
    /// Taking `is_active` from a user no longer ends what they are doing.
    ///
    /// # Django
    /// `AllowAllUsersRemoteUserBackend`.
    pub fn insecure_allow_inactive(mut self) -> Self {
        self.users = ModelBackend::insecure_allow_inactive();
        self
    }

    /// The user of a name, and whether they were made just now.
    async fn find(&self, auth: &Auth, username: &str) -> Result<Option<(User, bool)>, Error> {
        let users = auth.users();
        if let Some(user) = users.by_username(username).await? {
            return Ok(Some((user, false)));
        }
        if !self.create_unknown_user {
            return Ok(None);
        }
        match users.create_user(username, "", None).await {
            Ok(user) => Ok(Some((user, true))),
            // Another request was first.
            Err(error) => match users.by_username(username).await? {
                Some(user) => Ok(Some((user, false))),
                None => Err(error),
            },
        }
    }
}

impl Backend for RemoteUserBackend {
    fn path(&self) -> &'static str {
        if self.users.allows_inactive() {
            "django.contrib.auth.backends.AllowAllUsersRemoteUserBackend"
        } else {
            "django.contrib.auth.backends.RemoteUserBackend"
        }
    }

    fn is_remote(&self) -> bool {
        true
    }

    fn clean_username<'u>(&self, username: &'u str) -> Cow<'u, str> {
        match &self.clean {
            Some(clean) => clean(username).into(),
            None => username.into(),
        }
    }

    fn authenticate<'a>(
        &'a self,
        auth: &'a Auth,
        credentials: &'a Credentials,
    ) -> BoxFuture<'a, Result<Verdict, Error>> {
        Box::pin(async move {
            let Some(said) = credentials.get(REMOTE_USER).filter(|said| !said.is_empty()) else {
                return Ok(Verdict::Pass);
            };
            let username = self.clean_username(said);
            // Of two spellings of one name only that of the table is anybody: another is not made into it.
            let is_name = !username.is_empty()
                && username.chars().count() <= MAX_USERNAME_LENGTH
                && !username.contains(char::is_control)
                && *normalize_username(&username) == *username;
            if !is_name {
                return Ok(Verdict::Pass);
            }
            let Some((mut user, created)) = self.find(auth, &username).await? else {
                return Ok(Verdict::Pass);
            };
            if let Some(configure) = &self.configure {
                user = configure(user, created).await?;
            }
            Ok(if self.users.allows(&user) {
                Verdict::Accept(user)
            } else {
                Verdict::Pass
            })
        })
    }

    fn get_user<'a>(
        &'a self,
        auth: &'a Auth,
        id: i64,
    ) -> BoxFuture<'a, Result<Option<User>, Error>> {
        self.users.get_user(auth, id)
    }

    fn user_permissions<'a>(
        &'a self,
        auth: &'a Auth,
        user: &'a User,
    ) -> BoxFuture<'a, Result<BTreeSet<String>, Error>> {
        self.users.user_permissions(auth, user)
    }

    fn group_permissions<'a>(
        &'a self,
        auth: &'a Auth,
        user: &'a User,
    ) -> BoxFuture<'a, Result<BTreeSet<String>, Error>> {
        self.users.group_permissions(auth, user)
    }
}

impl fmt::Debug for RemoteUserBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteUserBackend")
            .field("create_unknown_user", &self.create_unknown_user)
            .finish_non_exhaustive()
    }
}
