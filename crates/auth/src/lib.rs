//! Users, groups, permissions, passwords, backends, login and its views.

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
mod request;
mod settings;
mod signals;
mod templates;
mod username;
mod users;
mod verify;

pub use auth::Auth;
pub use checks::checks;
pub use context::{AnonymousUser, PermissionsContext, UserContext};
pub use credentials::Credentials;
pub use current::CurrentUser;
pub use error::{Error, ErrorKind};
pub use forms::{AuthenticationForm, PasswordChangeForm, SetPasswordForm, UserCreationForm};
pub use layer::{CurrentUserLayer, CurrentUserService};
pub use migrations::app_migrations;
pub use models::{
    ContentType, Group, GroupPermission, Permission, User, UserGroup, UserPermission, models,
    through_models,
};
pub use permissions::Permissions;
pub use post_migrate::{Created, post_migrate};
pub use request::AuthRequest;
pub use settings::{AuthSettings, AuthSettingsError, ValidatorSetting};
pub use signals::{UserLoggedIn, UserLoggedOut, UserLoginFailed};
pub use templates::templates;
pub use username::{
    MAX_USERNAME_LENGTH, UnicodeUsernameValidator, normalize_email, normalize_username,
};
pub use users::Users;
