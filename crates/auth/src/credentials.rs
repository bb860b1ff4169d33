//! What somebody presents to be let in.

use std::borrow::Cow;
use std::fmt;

/// What somebody presents to be let in: names and values, such as username and password.
///
/// ```
/// use nuages_auth::Credentials;
///
/// let credentials = Credentials::password("ann", "s3cret");
/// assert_eq!(credentials.get("username"), Some("ann"));
/// assert!(!format!("{credentials:?}").contains("s3cret"));
/// ```
///
/// # Django
/// The keyword arguments of `authenticate()`.
#[derive(Clone, Default)]
pub struct Credentials(Vec<(Cow<'static, str>, String)>);

impl Credentials {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A username and a password.
    pub fn password(username: impl Into<String>, password: impl Into<String>) -> Self {
        Self::new()
            .with("username", username)
            .with("password", password)
    }

    /// Adds a value under a name that a backend knows.
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.0.push((name.into(), value.into()));
        self
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The names and values that are no secrets.
    pub(crate) fn public(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.0.iter().filter(|(name, _)| !is_sensitive(name));
        all.map(|(name, value)| (&**name, value.as_str()))
    }

    /// The names and values, with stars for those that may be secret.
    ///
    /// # Django
    /// What `user_login_failed` gets.
    pub fn cleaned(&self) -> Vec<(Cow<'static, str>, String)> {
        self.0
            .iter()
            .map(|(name, value)| {
                let shown = if is_sensitive(name) {
                    "********************".to_owned()
                } else {
                    value.clone()
                };
                (name.clone(), shown)
            })
            .collect()
    }
}

/// True for names that may hold a secret.
fn is_sensitive(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["api", "token", "key", "secret", "password", "signature"]
        .iter()
        .any(|word| name.contains(word))
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.cleaned()).finish()
    }
}
