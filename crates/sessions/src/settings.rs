//! The settings of sessions and messages.

use std::collections::BTreeMap;

use nuages_base::settings;
use nuages_security::cookie::SameSite;

settings! {
    /// How sessions live and travel. The defaults are Django's.
    pub struct SessionSettings {
        /// SESSION_COOKIE_NAME: the cookie that carries the key.
        pub session_cookie_name: String = "sessionid".to_owned(),
        /// SESSION_COOKIE_AGE: how long a session lasts after its last change, in seconds (two weeks).
        pub session_cookie_age: i64 = 1_209_600,
        /// SESSION_COOKIE_DOMAIN: sends the cookie to the subdomains of this domain too.
        pub session_cookie_domain: Option<String> = None,
        /// SESSION_COOKIE_PATH: sends the cookie below this path only.
        pub session_cookie_path: String = "/".to_owned(),
        /// SESSION_COOKIE_SECURE: sends the cookie over HTTPS only. Turn it on where the site has HTTPS.
        pub session_cookie_secure: bool = false,
        /// SESSION_COOKIE_HTTPONLY: hides the cookie from scripts.
        pub session_cookie_httponly: bool = true,
        /// SESSION_COOKIE_SAMESITE: whether requests from other sites carry the cookie.
        pub session_cookie_samesite: SameSite = SameSite::Lax,
        /// SESSION_SAVE_EVERY_REQUEST: writes a known session at every request, so that its age counts from the last visit.
        pub session_save_every_request: bool = false,
        /// SESSION_EXPIRE_AT_BROWSER_CLOSE: leaves the cookie's age out, so that browsers forget it when they close.
        pub session_expire_at_browser_close: bool = false,
    }
}

settings! {
    /// How flash messages are kept.
    pub struct MessageSettings {
        /// MESSAGE_LEVEL: messages below this level are dropped (20 is info).
        pub message_level: u32 = 20,
        /// MESSAGE_TAGS: the CSS class of a level, where it should not be Django's own.
        pub message_tags: BTreeMap<u32, String> = BTreeMap::new(),
    }
}
