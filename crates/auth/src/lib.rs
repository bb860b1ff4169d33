//! Users, groups, permissions, passwords, backends, login and its views.
//!
//! Who a visitor is: found out by backends, remembered by the session, tied to the password.
//!
//! ```
//! use nuages_auth::passwords::{Hashers, PasswordPool, Pbkdf2};
//! use nuages_auth::{Auth, AuthSettings, Credentials};
//! use nuages_base::{Clock, Signals};
//! use nuages_crypto::KeyRing;
//! use nuages_db::{Db, DbSettings};
//! use nuages_migrations::{Executor, Target};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! let db = Db::connect(&DbSettings::new("sqlite::memory:")).await?;
//! Executor::new(&nuages_auth::app_migrations())?.run(&db, &Target::All).await?;
//!
//! let keys = KeyRing::new("a long and random secret key");
//! let auth = Auth::new(db, keys, AuthSettings::default(), Signals::new(), Clock::system())?;
//! # let quick = PasswordPool::new(Hashers::new(Pbkdf2::sha256().iterations(10)), 1, 8);
//! # let auth = auth.with_password_pool(quick);
//! auth.users().create_user("ann", "ann@example.com", "correct horse").await?;
//!
//! let known = auth.authenticate(&Credentials::password("ann", "correct horse")).await?;
//! assert_eq!(known.unwrap().username, "ann");
//! // A wrong password and an unknown user are refused alike, after the same work.
//! for (username, password) in [("ann", "wrong horse"), ("bob", "correct horse")] {
//!     assert!(auth.authenticate(&Credentials::password(username, password)).await?.is_none());
//! }
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! # }).unwrap();
//! ```
//!
//! How it works, in reading order: [`Auth`] asks its [`backends`], [`AuthRequest`] logs in and out, the [`CurrentUserLayer`] gives it to each request and keeps others out, [`CurrentUser`] is who makes the request and what they may do.
//! [`passwords`] stores, checks and judges passwords; [`forms`] and [`views`] are the pages.
//!
//! A request that asks for the user costs two queries, the session's row and the user's, both by their keys; one that does not costs none.
//!
//! What an old login is not enough for, such as a new e-mail address, asks for it with [`recent_login`](nuages_web::View::recent_login).
//! Behind a proxy that logs users in itself, [`RemoteUser`] takes its word for who they are.
//!
//! # Deployment
//! `password_hashing_threads` and `password_hashing_queue` bound what a flood of logins may cost; what does not fit is answered with 503.
//! Guessing is slowed down by the [`LoginThrottle`]: 10 failures in 15 minutes for an account from one address, 100 from all.
//! Behind a proxy of your own set `num_proxies`, or all visitors count as one address.
//!
//! # Django
//! `django.contrib.auth` and `django.contrib.contenttypes`, on the same tables, with the same migrations, hashes and sessions.
//! A second login of the same user starts a new session key; Django keeps the old one.
//! Failed logins are limited, in a table of our own; Django limits nothing.
//! A stored hash that is malformed is a wrong password; Django raises.

mod auth;
pub mod backends;
mod checks;
mod context;
mod credentials;
mod current;
mod error;
mod extract;
pub mod forms;
mod layer;
mod migrations;
mod models;
pub mod passwords;
mod permissions;
mod post_migrate;
mod redirect;
mod remote_user;
mod request;
mod reset;
mod settings;
mod signals;
mod templates;
mod throttle;
mod tokens;
mod urls;
mod username;
mod users;
mod verify;
pub mod views;

pub use auth::Auth;
pub use checks::checks;
pub use context::{AnonymousUser, PermissionsContext, UserContext};
pub use credentials::Credentials;
pub use current::CurrentUser;
pub use error::{Error, ErrorKind};
pub use forms::{
    AuthenticationForm, PasswordChangeForm, PasswordResetForm, SetPasswordForm, UserCreationForm,
};
pub use layer::{CurrentUserLayer, CurrentUserService};
pub use migrations::app_migrations;
pub use models::{
    ContentType, Group, GroupPermission, Permission, User, UserGroup, UserPermission, models,
    through_models,
};
pub use permissions::Permissions;
pub use post_migrate::{Created, post_migrate};
pub use redirect::redirect_to_login;
pub use remote_user::RemoteUser;
pub use request::AuthRequest;
pub use reset::ResetMail;
pub use settings::{AuthSettings, AuthSettingsError, ValidatorSetting};
pub use signals::{LoginThrottled, UserLoggedIn, UserLoggedOut, UserLoginFailed};
pub use templates::templates;
pub use throttle::{Attempt, LoginThrottle, Throttled};
pub use tokens::{PasswordResetTokenGenerator, uid_decode, uid_encode};
pub use urls::urls;
pub use username::{
    AsciiUsernameValidator, MAX_USERNAME_LENGTH, UnicodeUsernameValidator, normalize_email,
    normalize_username, unicode_ci_compare,
};
pub use users::Users;
