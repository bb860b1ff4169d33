//! Usernames and passwords in the database.

use std::collections::BTreeSet;

use futures_util::future::BoxFuture;

use super::{Backend, Verdict};
use crate::permissions::{of_groups, of_user};
use crate::{Auth, Credentials, Error, User};

/// Lets users in by `username` and `password`, as the table `auth_user` has them.
///
/// # Security
/// The answer takes one full hash for every kind of account, also for one that does not exist or is inactive.
/// Inactive users are not let in, and one who becomes inactive is out at the next request.
///
/// # Django
/// `ModelBackend`, and with [`allow_inactive`](Self::insecure_allow_inactive) `AllowAllUsersModelBackend`.
#[derive(Debug, Clone, Copy, Default)]
pub struct ModelBackend {
    allow_inactive: bool,
}

impl ModelBackend {
    /// Lets active users in.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets inactive users in, too; the login form then says that the account is inactive.
    ///
    /// # Security
    /// Taking `is_active` from a user no longer ends what they are doing.
    pub fn insecure_allow_inactive() -> Self {
        Self {
            allow_inactive: true,
        }
    }

    pub(super) fn allows_inactive(self) -> bool {
        self.allow_inactive
    }

    pub(super) fn allows(self, user: &User) -> bool {
        user.is_active || self.allow_inactive
    }
}

impl Backend for ModelBackend {
    fn path(&self) -> &'static str {
        if self.allow_inactive {
            "django.contrib.auth.backends.AllowAllUsersModelBackend"
        } else {
            "django.contrib.auth.backends.ModelBackend"
        }
    }

    fn authenticate<'a>(
        &'a self,
        auth: &'a Auth,
        credentials: &'a Credentials,
    ) -> BoxFuture<'a, Result<Verdict, Error>> {
        Box::pin(async move {
            let (Some(username), Some(password)) =
                (credentials.get("username"), credentials.get("password"))
            else {
                return Ok(Verdict::Pass);
            };
            let users = auth.users();
            let Some(mut user) = users.by_username(username).await? else {
                users.waste_one_hash(password).await?;
                return Ok(Verdict::Pass);
            };
            let correct = users.check_password(&mut user, password).await?;
            Ok(if correct && self.allows(&user) {
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
        Box::pin(async move {
            let user = auth.users().by_id(id).await?;
            Ok(user.filter(|user| self.allows(user)))
        })
    }

    fn user_permissions<'a>(
        &'a self,
        auth: &'a Auth,
        user: &'a User,
    ) -> BoxFuture<'a, Result<BTreeSet<String>, Error>> {
        Box::pin(async move {
            let id = user.id.get().ok_or_else(Error::unsaved_user)?;
            Ok(of_user(auth.db(), id).await?)
        })
    }

    fn group_permissions<'a>(
        &'a self,
        auth: &'a Auth,
        user: &'a User,
    ) -> BoxFuture<'a, Result<BTreeSet<String>, Error>> {
        Box::pin(async move {
            let id = user.id.get().ok_or_else(Error::unsaved_user)?;
            Ok(of_groups(auth.db(), id).await?)
        })
    }
}
