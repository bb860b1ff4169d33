//! What `check --deploy` says about the session cookie.

use nuages_base::Check;
use nuages_security::cookie::SameSite;

use crate::SessionSettings;

/// Findings about the session settings.
///
/// ```
/// use nuages_sessions::{SessionSettings, checks};
///
/// let ids: Vec<_> = checks(&SessionSettings::default()).into_iter().map(|check| check.id).collect();
/// assert_eq!(ids, ["security.W012"]);
/// ```
///
/// # Django
/// `security.W012` and `security.W015`, with Django's words; `nuages.W003` for a cookie that other sites' requests carry.
pub fn checks(settings: &SessionSettings) -> Vec<Check> {
    let mut checks = Vec::new();
    if !settings.session_cookie_secure {
        checks.push(Check::warning("security.W012", W012).deploy());
    }
    if !settings.session_cookie_httponly {
        checks.push(Check::warning("security.W015", W015).deploy());
    }
    if settings.session_cookie_samesite == SameSite::None {
        let check = Check::warning("nuages.W003", W003)
            .hint("Set `session_cookie_samesite` to \"Lax\" or \"Strict\".");
        checks.push(check.deploy());
    }
    checks
}

const W003: &str = "SESSION_COOKIE_SAMESITE is 'None': requests that other sites make a browser send carry the session cookie.";
const W012: &str = "SESSION_COOKIE_SECURE is not set to True. Using a secure-only session cookie makes it more difficult for network traffic sniffers to hijack user sessions.";
const W015: &str = "SESSION_COOKIE_HTTPONLY is not set to True. Using an HttpOnly session cookie makes it more difficult for cross-site scripting attacks to hijack user sessions.";
