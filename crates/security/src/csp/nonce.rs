//! The nonce of a response.

use std::fmt;
use std::sync::{Arc, OnceLock};

use nuages_crypto::{encoding, random_bytes};

/// The nonce by which a page marks its own scripts and styles: made when it is first asked for.
///
/// In the extensions of every request that passed the [`CspLayer`](super::CspLayer). A nonce that
/// nobody asked for is left out of the header.
///
/// ```
/// use nuages_security::csp::Nonce;
///
/// let nonce = Nonce::new();
/// assert!(!nonce.is_used());
/// assert_eq!(nonce.get().len(), 22);
/// assert_eq!(nonce.get(), nonce.clone().get());
/// ```
///
/// # Django
/// `django.utils.csp.LazyNonce`, `{{ csp_nonce }}`: 128 random bits. As there, it counts as false in a
/// template until it was used ([`is_used`](Self::is_used)).
#[derive(Clone, Default)]
pub struct Nonce(Arc<OnceLock<String>>);

impl Nonce {
    /// A nonce that nobody has asked for yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The nonce; the same for the whole response.
    pub fn get(&self) -> &str {
        self.0
            .get_or_init(|| encoding::base64_encode(random_bytes::<16>()))
    }

    /// True when somebody has asked for it.
    pub fn is_used(&self) -> bool {
        self.0.get().is_some()
    }

    pub(super) fn used(&self) -> Option<&str> {
        self.0.get().map(String::as_str)
    }
}

impl fmt::Debug for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Nonce")
            .field("is_used", &self.is_used())
            .finish_non_exhaustive()
    }
}
