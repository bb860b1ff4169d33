//! The settings of sessions and messages.

use std::collections::BTreeMap;

use nuages_base::settings;
use nuages_security::cookie::SameSite;
use serde::Deserialize;

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
        /// SESSION_ENGINE: where sessions are kept.
        pub session_engine: SessionEngine = SessionEngine::Db,
        /// SESSION_CACHE_ALIAS: which cache keeps them, for the engines `cache` and `cached_db`.
        pub session_cache_alias: String = "default".to_owned(),
        /// SESSION_FILE_PATH: the folder of the engine `file`; the system's folder of temporary files where nothing is said.
        pub session_file_path: Option<String> = None,
        /// SESSION_SERIALIZER: JSON, and nothing else (a pickle would run what it says).
        pub session_serializer: SessionSerializer = SessionSerializer::Json,
        /// Keeps sessions under a hash of their key, so that whoever reads the store, or measures how long it looks, learns no
        /// key; Django has no such setting and does not find these sessions.
        pub session_hash_keys: bool = false,
        /// How long a session may lie unused, in seconds; Django has no such setting.
        pub session_idle_age: Option<i64> = None,
        /// How long a session may last in all, used or not, in seconds; Django has no such setting.
        pub session_absolute_age: Option<i64> = None,
    }
}

settings! {
    /// How flash messages are kept.
    pub struct MessageSettings {
        /// MESSAGE_LEVEL: messages below this level are dropped (20 is info).
        pub message_level: i32 = 20,
        /// MESSAGE_STORAGE: where messages wait to be shown.
        pub message_storage: MessageStorage = MessageStorage::Fallback,
        /// MESSAGE_TAGS: the CSS class of a level, where it should not be Django's own.
        pub message_tags: BTreeMap<i32, String> = BTreeMap::new(),
    }
}

/// Where sessions are kept; each engine has a short name and Django's dotted one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub enum SessionEngine {
    /// In the database.
    #[default]
    #[serde(rename = "db", alias = "django.contrib.sessions.backends.db")]
    Db,
    /// In a cache.
    #[serde(rename = "cache", alias = "django.contrib.sessions.backends.cache")]
    Cache,
    /// In the database, with copies in a cache.
    #[serde(
        rename = "cached_db",
        alias = "django.contrib.sessions.backends.cached_db"
    )]
    CachedDb,
    /// In files.
    #[serde(rename = "file", alias = "django.contrib.sessions.backends.file")]
    File,
    /// In signed cookies.
    #[serde(
        rename = "signed_cookies",
        alias = "django.contrib.sessions.backends.signed_cookies"
    )]
    SignedCookies,
}

/// How sessions are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub enum SessionSerializer {
    /// As JSON.
    #[default]
    #[serde(
        rename = "json",
        alias = "django.contrib.sessions.serializers.JSONSerializer",
        alias = "django.core.signing.JSONSerializer"
    )]
    Json,
}

/// Where messages wait to be shown; each storage has a short name and Django's dotted one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub enum MessageStorage {
    /// In a cookie, and what does not fit there in the session.
    #[default]
    #[serde(
        rename = "fallback",
        alias = "django.contrib.messages.storage.fallback.FallbackStorage"
    )]
    Fallback,
    /// In a cookie; what does not fit there is lost, the oldest first.
    #[serde(
        rename = "cookie",
        alias = "django.contrib.messages.storage.cookie.CookieStorage"
    )]
    Cookie,
    /// In the session.
    #[serde(
        rename = "session",
        alias = "django.contrib.messages.storage.session.SessionStorage"
    )]
    Session,
}
