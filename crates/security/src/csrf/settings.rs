//! Settings of the CSRF protection.

use nuages_base::settings;

use crate::cookie::SameSite;

settings! {
    /// The CSRF protection.
    pub struct CsrfSettings {
        /// CSRF_COOKIE_AGE: for how many seconds the cookie is kept; nothing for the browser's session.
        pub csrf_cookie_age: Option<i64> = Some(60 * 60 * 24 * 7 * 52),
        /// CSRF_COOKIE_DOMAIN: the domain that shares the cookie with its subdomains.
        pub csrf_cookie_domain: Option<String> = None,
        /// CSRF_COOKIE_HTTPONLY: hide the cookie from scripts.
        pub csrf_cookie_httponly: bool = false,
        /// CSRF_COOKIE_NAME: its name.
        pub csrf_cookie_name: String = "csrftoken".to_owned(),
        /// CSRF_COOKIE_PATH: the path it is sent back to.
        pub csrf_cookie_path: String = "/".to_owned(),
        /// CSRF_COOKIE_SAMESITE: whether other sites' requests carry it.
        pub csrf_cookie_samesite: SameSite = SameSite::Lax,
        /// CSRF_COOKIE_SECURE: send it over HTTPS only.
        pub csrf_cookie_secure: bool = false,
        /// CSRF_HEADER_NAME: the header that scripts send the token in, as Django writes it
        /// (`HTTP_X_CSRFTOKEN`) or as it is (`X-CSRFToken`).
        pub csrf_header_name: String = "HTTP_X_CSRFTOKEN".to_owned(),
        /// CSRF_TRUSTED_ORIGINS: other origins whose forms are accepted: `"https://www.example.com"`,
        /// `"https://*.example.com"`.
        pub csrf_trusted_origins: Vec<String> = Vec::new(),
        /// CSRF_USE_SESSIONS: keep the secret in the session instead of a cookie.
        pub csrf_use_sessions: bool = false,
    }
}
