//! The user who makes a request.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use tokio::sync::OnceCell;

use crate::{Auth, Error, Permissions, User};

/// The user who makes a request, with what they may do.
///
/// As an extractor it refuses visitors who have not logged in; `Option<CurrentUser>` takes them, too.
///
/// # Django
/// `request.user`.
#[derive(Clone)]
pub struct CurrentUser(Arc<Inner>);

struct Inner {
    user: User,
    auth: Auth,
    permissions: OnceCell<Permissions>,
}

impl CurrentUser {
    pub(crate) fn new(user: User, auth: Auth) -> Self {
        Self(Arc::new(Inner {
            user,
            auth,
            permissions: OnceCell::new(),
        }))
    }

    /// What the user may do; asked of the database at the first use.
    ///
    /// # Errors
    /// When a backend fails.
    pub async fn permissions(&self) -> Result<&Permissions, Error> {
        let load = || self.0.auth.permissions(&self.0.user);
        self.0.permissions.get_or_try_init(load).await
    }

    /// True when the user has a permission, named `app.codename`.
    ///
    /// # Errors
    /// When a backend fails.
    pub async fn has_perm(&self, permission: &str) -> Result<bool, Error> {
        Ok(self.permissions().await?.contains(permission))
    }

    /// Ends the view with 403 unless the user has a permission.
    ///
    /// # Errors
    /// When the user lacks it, or a backend fails.
    pub async fn require(&self, permission: &str) -> Result<(), Error> {
        if self.has_perm(permission).await? {
            Ok(())
        } else {
            Err(Error::permission_denied(permission))
        }
    }
}

impl Deref for CurrentUser {
    type Target = User;

    fn deref(&self) -> &User {
        &self.0.user
    }
}

impl fmt::Debug for CurrentUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.user.fmt(f)
    }
}
