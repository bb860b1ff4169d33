//! What happened to users.
//!
//! Connect to them with `signals.connect("audit", |event: Arc<UserLoggedIn>| async move { … })`.

use std::borrow::Cow;
use std::net::IpAddr;
use std::time::Duration;

use crate::User;

/// A user logged in.
///
/// # Django
/// `user_logged_in`.
#[derive(Debug, Clone)]
pub struct UserLoggedIn {
    /// Who.
    pub user: User,
}

/// A user logged out, or somebody who was not logged in asked for it.
///
/// # Django
/// `user_logged_out`.
#[derive(Debug, Clone)]
pub struct UserLoggedOut {
    /// Who, if anybody.
    pub user: Option<User>,
}

/// Somebody was told to come back later, after too many failed logins; nobody has looked at the password.
#[derive(Debug, Clone)]
pub struct LoginThrottled {
    /// What was presented, with stars for what may be secret.
    pub credentials: Vec<(Cow<'static, str>, String)>,
    /// The address it came from, if it is known.
    pub client: Option<IpAddr>,
    /// How long to wait.
    pub retry_after: Duration,
}

/// Somebody was not let in.
///
/// # Django
/// `user_login_failed`.
#[derive(Debug, Clone)]
pub struct UserLoginFailed {
    /// What was presented, with stars for what may be secret.
    pub credentials: Vec<(Cow<'static, str>, String)>,
}
