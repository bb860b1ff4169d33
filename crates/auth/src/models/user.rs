//! Users.

use std::fmt;

use jiff::Timestamp;
use nuages_crypto::{Algorithm, salted_hmac};
use nuages_orm::{Auto, ForeignKey, Model};

use super::{Group, Permission};
use crate::passwords::{PasswordOwner, is_password_usable};

/// A user.
///
/// Make one with [`Users::create_user`](crate::Users::create_user), which hashes the password.
///
/// # Django
/// `django.contrib.auth.models.User`, on the table `auth_user`.
#[derive(Model, Clone)]
#[model(
    app = "auth",
    display,
    template(
        get_username,
        get_full_name,
        get_short_name,
        is_authenticated,
        is_anonymous
    )
)]
pub struct User {
    /// The key.
    pub id: Auto<i64>,
    /// The hash of the password.
    #[field(max_length = 128)]
    pub password: String,
    /// When the user last logged in.
    #[field(blank)]
    pub last_login: Option<Timestamp>,
    /// Has every permission without being given it.
    #[field(default = false, verbose_name = "superuser status")]
    pub is_superuser: bool,
    /// The name to log in with.
    #[field(max_length = 150, unique)]
    pub username: String,
    /// The first name.
    #[field(max_length = 150, blank)]
    pub first_name: String,
    /// The last name.
    #[field(max_length = 150, blank)]
    pub last_name: String,
    /// The e-mail address.
    #[field(max_length = 254, blank, verbose_name = "email address")]
    pub email: String,
    /// May enter the admin.
    #[field(default = false, verbose_name = "staff status")]
    pub is_staff: bool,
    /// May log in. Turn it off instead of deleting a user.
    #[field(default = true, verbose_name = "active")]
    pub is_active: bool,
    /// When the account was made.
    pub date_joined: Timestamp,
}

impl User {
    /// The name to log in with.
    pub fn get_username(&self) -> &str {
        &self.username
    }

    /// First and last name with a space between them.
    pub fn get_full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
            .trim()
            .to_owned()
    }

    /// The first name.
    pub fn get_short_name(&self) -> &str {
        &self.first_name
    }

    /// True: tells a user from an anonymous visitor in templates.
    pub fn is_authenticated(&self) -> bool {
        true
    }

    /// False.
    pub fn is_anonymous(&self) -> bool {
        false
    }

    /// False when the user logs in by other means than a password.
    pub fn has_usable_password(&self) -> bool {
        is_password_usable(&self.password)
    }

    /// The code that ties a session to the password: after a change of it, other sessions are worth nothing.
    ///
    /// # Django
    /// `get_session_auth_hash`.
    pub fn session_auth_hash(&self, secret_key: impl AsRef<[u8]>) -> String {
        salted_hmac(
            "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash",
            &self.password,
            secret_key,
            Algorithm::Sha256,
        )
        .to_hex()
    }

    /// What a new password of this user should not resemble.
    pub fn password_owner(&self) -> PasswordOwner<'_> {
        PasswordOwner::new()
            .with("username", "username", &self.username)
            .with("first_name", "first name", &self.first_name)
            .with("last_name", "last name", &self.last_name)
            .with("email", "email address", &self.email)
    }
}

impl fmt::Display for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.username)
    }
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The hash of the password is left out.
        f.debug_struct("User")
            .field("id", &self.id)
            .field("username", &self.username)
            .field("is_active", &self.is_active)
            .finish_non_exhaustive()
    }
}

/// A member of a group.
///
/// # Django
/// `User.groups.through`.
#[derive(Model, Debug, Clone)]
#[model(
    app = "auth",
    table = "auth_user_groups",
    unique_together(user, group),
    default_permissions()
)]
pub struct UserGroup {
    /// The key.
    pub id: Auto<i64>,
    /// The user.
    #[field(on_delete = Cascade)]
    pub user: ForeignKey<User>,
    /// The group.
    #[field(on_delete = Cascade)]
    pub group: ForeignKey<Group>,
}

/// A permission of a user's own.
///
/// # Django
/// `User.user_permissions.through`.
#[derive(Model, Debug, Clone)]
#[model(
    app = "auth",
    table = "auth_user_user_permissions",
    unique_together(user, permission),
    default_permissions()
)]
pub struct UserPermission {
    /// The key.
    pub id: Auto<i64>,
    /// The user.
    #[field(on_delete = Cascade)]
    pub user: ForeignKey<User>,
    /// The permission.
    #[field(on_delete = Cascade)]
    pub permission: ForeignKey<Permission>,
}
