//! Where the secret is kept with `csrf_use_sessions`.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;

/// What keeping the secret may fail with.
pub type StoreError = Box<dyn Error + Send + Sync>;

/// A place for the secret of one visitor: the session.
pub trait SecretStore: Send + Sync {
    /// The secret kept there.
    fn load(&self) -> BoxFuture<'_, Result<Option<String>, StoreError>>;

    /// Keeps another one.
    fn store(&self, secret: String) -> BoxFuture<'_, Result<(), StoreError>>;

    /// True when the place was looked into during this request: its response may be for this visitor alone.
    fn is_accessed(&self) -> bool;
}

/// The store of a request: the session layer puts it into the extensions.
///
/// # Django
/// `request.session["_csrftoken"]`, which is the key a session keeps it under.
#[derive(Clone)]
pub struct SessionSecret(pub Arc<dyn SecretStore>);

impl SessionSecret {
    /// The session key Django keeps the secret under.
    pub const KEY: &'static str = "_csrftoken";
}

impl fmt::Debug for SessionSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionSecret(…)")
    }
}
