//! The settings of the site itself.

use nuages_base::settings;
use nuages_crypto::Secret;

settings! {
    /// What belongs to no single room.
    pub struct SiteSettings {
        /// DEBUG: error pages with details, templates read anew, a key made for you. Never on the open net.
        pub debug: bool = false,
        /// SECRET_KEY: what sessions, tokens and signed values are signed with.
        pub secret_key: Secret<String> = Secret::default(),
        /// SECRET_KEY_FALLBACKS: former keys, still accepted, never used for new signatures.
        pub secret_key_fallbacks: Vec<Secret<String>> = Vec::new(),
        /// DATABASES["default"], as a URL: `sqlite:///db.sqlite3` below the base folder, `sqlite:////absolute/path`.
        pub database_url: String = "sqlite:///db.sqlite3".to_owned(),
    }
}
