//! Who may say that somebody is a user.

mod model;
mod remote;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, ready};

use crate::{Auth, Credentials, Error, User};

pub use model::ModelBackend;
pub(crate) use remote::REMOTE_USER;
pub use remote::RemoteUserBackend;

/// What a backend says about credentials.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// They are this user's.
    Accept(User),
    /// Not mine: ask the next backend.
    Pass,
    /// Nobody is to be let in with these, whatever the next backends say.
    Refuse,
}

/// Somebody who can say that credentials are a user's, and what users may do.
///
/// Every method has a default that says nothing, so a backend writes only what it is about.
///
/// # Django
/// `BaseBackend`; `Refuse` is a raised `PermissionDenied`.
pub trait Backend: fmt::Debug + Send + Sync {
    /// What the session notes about who let the user in: Django's dotted path where Django has the backend.
    fn path(&self) -> &'static str;

    /// True for a backend that believes what a proxy says: its users are logged out where the proxy names nobody.
    fn is_remote(&self) -> bool {
        false
    }

    /// The username in what a proxy says.
    fn clean_username<'u>(&self, username: &'u str) -> Cow<'u, str> {
        username.into()
    }

    /// Whose credentials these are.
    fn authenticate<'a>(
        &'a self,
        auth: &'a Auth,
        credentials: &'a Credentials,
    ) -> BoxFuture<'a, Result<Verdict, Error>> {
        let _ = (auth, credentials);
        ready(Ok(Verdict::Pass)).boxed()
    }

    /// The user of a key, if still allowed in: asked at every request.
    fn get_user<'a>(
        &'a self,
        auth: &'a Auth,
        id: i64,
    ) -> BoxFuture<'a, Result<Option<User>, Error>> {
        let _ = (auth, id);
        ready(Ok(None)).boxed()
    }

    /// The permissions that were given to an active user.
    fn user_permissions<'a>(
        &'a self,
        auth: &'a Auth,
        user: &'a User,
    ) -> BoxFuture<'a, Result<BTreeSet<String>, Error>> {
        let _ = (auth, user);
        ready(Ok(BTreeSet::new())).boxed()
    }

    /// The permissions that an active user has through groups.
    fn group_permissions<'a>(
        &'a self,
        auth: &'a Auth,
        user: &'a User,
    ) -> BoxFuture<'a, Result<BTreeSet<String>, Error>> {
        let _ = (auth, user);
        ready(Ok(BTreeSet::new())).boxed()
    }
}
