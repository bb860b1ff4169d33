//! What `check` says about users and passwords.

use nuages_base::Check;

use crate::AuthSettings;

/// Findings about the settings of users and passwords.
///
/// ```
/// use nuages_auth::{AuthSettings, checks};
///
/// assert!(checks(&AuthSettings::default()).is_empty());
/// let weak = AuthSettings { password_hashers: vec!["md5".to_owned()], ..AuthSettings::default() };
/// assert_eq!(checks(&weak)[0].id, "auth.W100");
/// ```
pub fn checks(settings: &AuthSettings) -> Vec<Check> {
    let mut checks = Vec::new();
    if let Err(error) = settings.password_pool() {
        checks.push(Check::error("auth.E100", error.to_string()));
    }
    if let Err(error) = settings.password_validators() {
        checks.push(Check::error("auth.E101", error.to_string()));
    }
    if let Err(error) = settings.remote_user() {
        checks.push(Check::error("auth.E102", error.to_string()));
    }
    let everybody = |proxy: &String| proxy.trim_end().ends_with("/0");
    if settings.remote_user_header.is_some() && settings.remote_user_proxies.iter().any(everybody) {
        checks.push(
            Check::warning("auth.W103", "Anybody may say who they are, in a header.")
                .hint("Name only the addresses of your proxies in `remote_user_proxies`.")
                .deploy(),
        );
    }
    if settings
        .password_hashers
        .first()
        .is_some_and(|name| name == "md5" || name.ends_with(".MD5PasswordHasher"))
    {
        checks.push(
            Check::warning(
                "auth.W100",
                "New passwords are stored as MD5, which is guessed in seconds.",
            )
            .hint("Put `pbkdf2_sha256` first in `password_hashers`.")
            .deploy(),
        );
    }
    if settings.auth_password_validators.is_empty() {
        checks.push(
            Check::warning("auth.W101", "Any password is accepted, also `password`.")
                .hint("Name validators in `auth_password_validators`.")
                .deploy(),
        );
    }
    let limits = [
        settings.login_failure_limit,
        settings.login_failure_limit_per_account,
        settings.login_failure_window.try_into().unwrap_or(u32::MAX),
    ];
    if limits.contains(&0) {
        checks.push(
            Check::warning("auth.W102", "Passwords may be guessed without an end.")
                .hint("Set `login_failure_limit`, `login_failure_limit_per_account` and `login_failure_window` to more than 0.")
                .deploy(),
        );
    }
    checks
}
