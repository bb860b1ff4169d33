//! The secret key and the former ones that are still accepted.

use std::fmt;
use std::sync::Arc;

use crate::Secret;

/// The secret key, with which everything is signed, and former ones, which are still accepted.
///
/// To rotate the key, make the old one the first fallback; drop it when what it signed has expired.
/// Cloning costs one reference count.
///
/// ```
/// use nuages_crypto::{KeyRing, signing::Signer};
///
/// let before = Signer::new(&KeyRing::new("old key"), "mail");
/// let signed = before.sign("ann@example.com");
///
/// let after = Signer::new(&KeyRing::new("new key").with_fallbacks(["old key"]), "mail");
/// assert_eq!(after.unsign(&signed)?, "ann@example.com");
/// assert_ne!(after.sign("ann@example.com"), signed);
/// # Ok::<(), nuages_crypto::signing::Error>(())
/// ```
///
/// # Django
/// `SECRET_KEY` and `SECRET_KEY_FALLBACKS`.
#[derive(Clone)]
pub struct KeyRing(Arc<Keys>);

struct Keys {
    current: Secret<Vec<u8>>,
    fallbacks: Vec<Secret<Vec<u8>>>,
}

impl KeyRing {
    /// A ring of one key.
    pub fn new(secret_key: impl AsRef<[u8]>) -> Self {
        Self(Arc::new(Keys {
            current: Secret::new(secret_key.as_ref().to_vec()),
            fallbacks: Vec::new(),
        }))
    }

    /// The same current key with these former ones, the latest first.
    pub fn with_fallbacks<K: AsRef<[u8]>>(&self, fallbacks: impl IntoIterator<Item = K>) -> Self {
        Self(Arc::new(Keys {
            current: self.0.current.clone(),
            fallbacks: fallbacks
                .into_iter()
                .map(|key| Secret::new(key.as_ref().to_vec()))
                .collect(),
        }))
    }

    /// The key that signs.
    pub fn current(&self) -> &Secret<Vec<u8>> {
        &self.0.current
    }

    /// The former keys.
    pub fn fallbacks(&self) -> &[Secret<Vec<u8>>] {
        &self.0.fallbacks
    }

    /// All keys that are accepted, the current one first.
    pub fn iter(&self) -> impl Iterator<Item = &Secret<Vec<u8>>> {
        std::iter::once(&self.0.current).chain(&self.0.fallbacks)
    }

    /// The ring with every key prefixed, as Django does to keep signed cookies apart.
    pub fn prefixed(&self, prefix: &[u8]) -> Self {
        let prefixed = |key: &Secret<Vec<u8>>| [prefix, key.expose().as_slice()].concat();
        Self::new(prefixed(&self.0.current)).with_fallbacks(self.0.fallbacks.iter().map(prefixed))
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyRing")
            .field("fallbacks", &self.0.fallbacks.len())
            .finish_non_exhaustive()
    }
}
