//! The settings of a site: every room's struct, filled from `nuages.toml`, then the environment.
//!
//! Names are Django's in lower case. A name that no room knows, or a value of the wrong type, is an error
//! that says where it stands and what the nearest name is; values are never shown.
//!
//! ```
//! use nuages_app::Settings;
//!
//! let error = Settings::from_toml("nuages.toml", "sesion_cookie_age = 60").unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "nuages.toml:1: unknown setting `sesion_cookie_age`\n\tHINT: did you mean `session_cookie_age`?"
//! );
//! ```

mod entry;
mod environment;
mod error;
mod file;
mod secret_key;
mod site;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use nuages_base::{SettingError, SettingsGroup};
use serde_json::Value;

use entry::Entry;
pub use entry::Origin;
pub use error::SettingsError;
pub use site::SiteSettings;

/// Gathers the rooms: one field a room, and the two questions asked of all of them.
macro_rules! rooms {
    ($( $(#[$doc:meta])* $room:ident : $type:ty ),* $(,)?) => {
        /// Every room's settings, one struct a room.
        ///
        /// # Django
        /// `django.conf.settings`, but handed from hand to hand: nothing reads it from afar.
        #[derive(Debug, Clone, Default)]
        #[non_exhaustive]
        pub struct Settings {
            $( $(#[$doc])* pub $room: $type, )*
            /// Where relative paths start.
            pub base_dir: PathBuf,
            /// The development key file, when this start made it.
            pub new_key_file: Option<PathBuf>,
        }

        impl Settings {
            /// Every name that may be set.
            pub fn keys() -> Vec<&'static str> {
                [$( <$type as SettingsGroup>::KEYS, )*].concat()
            }

            fn set_in_its_room(&mut self, key: &str, value: &Value) -> Result<bool, SettingError> {
                Ok($( self.$room.set(key, value)? || )* false)
            }
        }
    };
}

rooms! {
    /// The site itself: debug, the secret key, the database.
    site: SiteSettings,
    /// The limits of the server.
    server: crate::serve::ServerSettings,
    /// URLs, pages, limits, static files.
    web: nuages_web::WebSettings,
    /// The page cache.
    page_cache: nuages_web::page_cache::PageCacheSettings,
    /// Compression.
    gzip: nuages_security::gzip::GzipSettings,
    /// ALLOWED_HOSTS and proxies.
    hosts: nuages_security::hosts::HostsSettings,
    /// HTTPS and security headers.
    headers: nuages_security::headers::HeadersSettings,
    /// Content-Security-Policy.
    csp: nuages_security::csp::CspSettings,
    /// CSRF protection.
    csrf: nuages_security::csrf::CsrfSettings,
    /// Caches.
    caches: nuages_cache::CacheSettings,
    /// Sessions.
    sessions: nuages_sessions::SessionSettings,
    /// Flash messages.
    messages: nuages_sessions::MessageSettings,
    /// Mail.
    mail: nuages_mail::MailSettings,
    /// Users, passwords, login.
    auth: nuages_auth::AuthSettings,
}

impl Settings {
    /// Safe defaults, then `nuages.toml` (or the file that `NUAGES_SETTINGS` names), then `NUAGES_…` variables.
    ///
    /// # Errors
    /// When a file cannot be read, a name is unknown, a value has the wrong type, or there is no secret key
    /// outside debug.
    pub fn load() -> Result<Self, SettingsError> {
        let mut settings = Self::unlocked(environment::base_dir());
        let named = environment::settings_file();
        let path = named
            .clone()
            .unwrap_or_else(|| settings.base_dir.join("nuages.toml"));
        match fs::read_to_string(&path) {
            Ok(text) => settings.apply(file::entries(&path, &text)?)?,
            Err(error) if named.is_none() && error.kind() == io::ErrorKind::NotFound => {}
            Err(source) => return Err(SettingsError::Unreadable { path, source }),
        }
        settings.apply(environment::entries())?;
        settings.with_secret_key()
    }

    /// Safe defaults and the text of a settings file; the environment is not asked. For tests and tools.
    ///
    /// # Errors
    /// As [`Settings::load`], but a missing secret key is no error here.
    pub fn from_toml(name: impl AsRef<Path>, text: &str) -> Result<Self, SettingsError> {
        let mut settings = Self::unlocked(PathBuf::from("."));
        settings.apply(file::entries(name.as_ref(), text)?)?;
        Ok(settings)
    }

    /// Sets one value from the program, after file and environment.
    ///
    /// # Errors
    /// When the name is unknown or the value has the wrong type.
    pub fn set(&mut self, key: &str, value: impl Into<Value>) -> Result<(), SettingsError> {
        let readings = vec![value.into()];
        self.apply(vec![Entry {
            key: key.to_owned(),
            readings,
            origin: Origin::Code,
        }])
    }

    fn unlocked(base_dir: PathBuf) -> Self {
        Self {
            base_dir,
            ..Self::default()
        }
    }

    fn apply(&mut self, entries: Vec<Entry>) -> Result<(), SettingsError> {
        entries
            .into_iter()
            .try_for_each(|entry| self.apply_one(entry))
    }

    fn apply_one(&mut self, entry: Entry) -> Result<(), SettingsError> {
        let mut first_error = None;
        for value in &entry.readings {
            match self.set_in_its_room(&entry.key, value) {
                Ok(true) => return Ok(()),
                Ok(false) => {
                    let nearest = nearest(&entry.key, &Self::keys());
                    return Err(SettingsError::Unknown {
                        origin: entry.origin,
                        key: entry.key,
                        nearest,
                    });
                }
                Err(error) => first_error = first_error.or(Some(error)),
            }
        }
        Err(SettingsError::IllTyped {
            origin: entry.origin,
            key: entry.key,
            message: first_error.map_or_else(|| "no value".to_owned(), |error| error.message),
        })
    }

    /// Demands a secret key, or in debug makes one once.
    fn with_secret_key(mut self) -> Result<Self, SettingsError> {
        if self.site.secret_key.expose().is_empty() {
            if !self.site.debug {
                return Err(SettingsError::NoSecretKey);
            }
            let (key, new_key_file) = secret_key::development(&self.base_dir)?;
            self.site.secret_key = key.into();
            self.new_key_file = new_key_file;
        }
        Ok(self)
    }
}

/// The name most like `key`, when one is near enough to be meant.
fn nearest(key: &str, keys: &[&'static str]) -> Option<&'static str> {
    keys.iter()
        .map(|known| (strsim::damerau_levenshtein(key, known), *known))
        .min()
        .filter(|(distance, _)| *distance <= 2 + key.len() / 5)
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        Settings::from_toml("nuages.toml", text)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn an_unknown_name_gets_its_file_line_and_nearest() {
        assert_eq!(
            error("debug = true\nallowed_host = [\"a\"]\n"),
            "nuages.toml:2: unknown setting `allowed_host`\n\tHINT: did you mean `allowed_hosts`?"
        );
        assert_eq!(
            error("zzzzzzzzzzzz = 1"),
            "nuages.toml:1: unknown setting `zzzzzzzzzzzz`"
        );
    }

    #[test]
    fn a_wrong_type_is_named_without_the_value() {
        let error = error("session_cookie_age = \"s3cret\"");
        assert!(
            error.starts_with("nuages.toml:1: setting `session_cookie_age`: expected"),
            "{error}"
        );
        assert!(!error.contains("s3cret"));
    }

    #[test]
    fn no_secret_key_outside_debug_refuses_to_start() {
        let error = Settings::default().with_secret_key().unwrap_err();
        assert!(
            error
                .to_string()
                .contains("secret_key setting must not be empty")
        );
    }

    #[test]
    fn two_rooms_never_share_a_name() {
        let mut keys = Settings::keys();
        keys.sort_unstable();
        let all = keys.len();
        keys.dedup();
        assert_eq!(keys.len(), all);
    }
}
