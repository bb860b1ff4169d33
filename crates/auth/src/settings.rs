//! The settings of users, passwords and login.

use std::collections::BTreeMap;

use nuages_base::settings;
use serde::Deserialize;
use serde_json::Value;

use crate::RemoteUser;
use crate::passwords::{
    CommonPasswordValidator, Hashers, HashersError, MinimumLengthValidator,
    NumericPasswordValidator, PasswordPool, PasswordValidators, UserAttributeSimilarityValidator,
};

settings! {
    /// How users log in, and what passwords have to be like.
    pub struct AuthSettings {
        /// LOGIN_URL: where visitors are sent to log in: a path, a URL or the name of one.
        pub login_url: String = "/accounts/login/".to_owned(),
        /// LOGIN_REDIRECT_URL: where users go after the login, when nothing else was asked for.
        pub login_redirect_url: String = "/accounts/profile/".to_owned(),
        /// LOGOUT_REDIRECT_URL: where users go after the logout; without it a page says that they are out.
        pub logout_redirect_url: Option<String> = None,
        /// PASSWORD_HASHERS: the algorithm of new passwords, then those that are still accepted, each by its name or Django's dotted path: `pbkdf2_sha256`, `pbkdf2_sha1`, `argon2`, `bcrypt_sha256`, `bcrypt`, `scrypt`, `md5`.
        pub password_hashers: Vec<String> = ["pbkdf2_sha256", "pbkdf2_sha1", "argon2", "bcrypt_sha256", "scrypt"].map(str::to_owned).to_vec(),
        /// AUTH_PASSWORD_VALIDATORS: the rules for new passwords; the defaults are the four of Django's `startproject`.
        pub auth_password_validators: Vec<ValidatorSetting> = ValidatorSetting::defaults(),
        /// PASSWORD_RESET_TIMEOUT: how many seconds the link of a password reset works.
        pub password_reset_timeout: u64 = 259_200,
        /// How many logins may fail for one account from one address within `login_failure_window`, before more of them are answered with 429; 0 is no limit.
        /// Ours, as are the next four: Django limits nothing. `django-axes` calls it AXES_FAILURE_LIMIT.
        pub login_failure_limit: u32 = 10,
        /// The same for one account from all addresses together.
        pub login_failure_limit_per_account: u32 = 100,
        /// For how many seconds a failed login counts. `django-axes` calls it AXES_COOLOFF_TIME.
        pub login_failure_window: u64 = 900,
        /// The header in which a proxy says who the user is, such as `X-Remote-User`: see [`RemoteUser`](crate::RemoteUser).
        /// Django has a class for it and the next three, `RemoteUserMiddleware`, and believes everybody.
        pub remote_user_header: Option<String> = None,
        /// The proxies who are believed: addresses, or networks such as `10.1.0.0/16`.
        pub remote_user_proxies: Vec<String> = Vec::new(),
        /// Keeps users logged in where the header is missing.
        pub remote_user_persistent: bool = false,
        /// Makes users whom the site does not know.
        pub remote_user_create: bool = true,
        /// How many passwords are hashed at once; 0 leaves one processor for everything else.
        pub password_hashing_threads: usize = 0,
        /// How many more passwords may wait to be hashed; the next one is answered with 503.
        pub password_hashing_queue: usize = 64,
    }
}

impl AuthSettings {
    /// The proxies that say who the user is, if there are any.
    ///
    /// # Errors
    /// When the header or a proxy cannot be used.
    pub fn remote_user(&self) -> Result<Option<RemoteUser>, AuthSettingsError> {
        let Some(header) = &self.remote_user_header else {
            return Ok(None);
        };
        let remote = RemoteUser::new(header, &self.remote_user_proxies)?;
        Ok(Some(remote.persistent(self.remote_user_persistent)))
    }
}

/// One entry of AUTH_PASSWORD_VALIDATORS.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValidatorSetting {
    /// Which validator: its class name, or Django's dotted path to it.
    #[serde(alias = "NAME")]
    pub name: String,
    /// Its options, such as `min_length`.
    #[serde(default, alias = "OPTIONS")]
    pub options: BTreeMap<String, Value>,
}

impl ValidatorSetting {
    fn defaults() -> Vec<Self> {
        [
            "UserAttributeSimilarityValidator",
            "MinimumLengthValidator",
            "CommonPasswordValidator",
            "NumericPasswordValidator",
        ]
        .map(|name| Self {
            name: name.to_owned(),
            options: BTreeMap::new(),
        })
        .to_vec()
    }
}

/// A setting of this room cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuthSettingsError {
    /// PASSWORD_HASHERS.
    #[error("password_hashers: {0}")]
    Hashers(#[from] HashersError),
    /// The header or the proxies of remote users.
    #[error("{0}")]
    RemoteUser(String),
    /// AUTH_PASSWORD_VALIDATORS names an unknown validator.
    #[error(
        "auth_password_validators: `{0}` is no validator: there are MinimumLengthValidator, UserAttributeSimilarityValidator, CommonPasswordValidator and NumericPasswordValidator"
    )]
    UnknownValidator(String),
    /// AUTH_PASSWORD_VALIDATORS has an option that the validator does not know, or of the wrong type.
    #[error("auth_password_validators: {validator}: {message}")]
    Option {
        /// The validator.
        validator: String,
        /// What is wrong.
        message: String,
    },
}

impl AuthSettings {
    /// The hashers behind their bounded queue. Make it once a site.
    ///
    /// # Errors
    /// When a hasher is unknown.
    pub fn password_pool(&self) -> Result<PasswordPool, AuthSettingsError> {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = match self.password_hashing_threads {
            0 => processors.saturating_sub(1),
            threads => threads,
        };
        let hashers = Hashers::from_names(&self.password_hashers)?;
        Ok(PasswordPool::new(
            hashers,
            threads,
            self.password_hashing_queue,
        ))
    }

    /// The rules for new passwords.
    ///
    /// # Errors
    /// When a validator or one of its options is unknown.
    pub fn password_validators(&self) -> Result<PasswordValidators, AuthSettingsError> {
        self.auth_password_validators
            .iter()
            .try_fold(PasswordValidators::none(), add_validator)
    }
}

fn add_validator(
    list: PasswordValidators,
    setting: &ValidatorSetting,
) -> Result<PasswordValidators, AuthSettingsError> {
    let name = setting
        .name
        .strip_prefix("django.contrib.auth.password_validation.")
        .unwrap_or(&setting.name);
    let mut options = setting.options.clone();
    let list = match name {
        "MinimumLengthValidator" => {
            let mut validator = MinimumLengthValidator::default();
            option(name, &mut options, "min_length", &mut validator.min_length)?;
            list.with(validator)
        }
        "UserAttributeSimilarityValidator" => {
            let mut validator = UserAttributeSimilarityValidator::default();
            let limit = &mut validator.max_similarity;
            option(name, &mut options, "max_similarity", limit)?;
            let attributes = &mut validator.user_attributes;
            option(name, &mut options, "user_attributes", attributes)?;
            if validator.max_similarity < 0.1 {
                return Err(bad_option(name, "max_similarity must be at least 0.1"));
            }
            list.with(validator)
        }
        "CommonPasswordValidator" => {
            let mut path = None::<std::path::PathBuf>;
            option(name, &mut options, "password_list_path", &mut path)?;
            list.with(match path {
                None => CommonPasswordValidator::default(),
                Some(path) => CommonPasswordValidator::from_file(&path)
                    .map_err(|error| bad_option(name, format!("password_list_path: {error}")))?,
            })
        }
        "NumericPasswordValidator" => list.with(NumericPasswordValidator),
        other => return Err(AuthSettingsError::UnknownValidator(other.to_owned())),
    };
    match options.into_keys().next() {
        Some(unknown) => Err(bad_option(name, format!("there is no option `{unknown}`"))),
        None => Ok(list),
    }
}

fn option<T: for<'de> Deserialize<'de>>(
    validator: &str,
    options: &mut BTreeMap<String, Value>,
    name: &str,
    target: &mut T,
) -> Result<(), AuthSettingsError> {
    if let Some(value) = options.remove(name) {
        *target = serde_json::from_value(value)
            .map_err(|error| bad_option(validator, format!("{name}: {error}")))?;
    }
    Ok(())
}

fn bad_option(validator: &str, message: impl Into<String>) -> AuthSettingsError {
    AuthSettingsError::Option {
        validator: validator.to_owned(),
        message: message.into(),
    }
}
