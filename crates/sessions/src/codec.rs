//! The text that a session becomes in a store.

use std::sync::Arc;

use jiff::Timestamp;
use nuages_crypto::KeyRing;
use nuages_crypto::signing::TimestampSigner;

use crate::verified::Verified;
use crate::{Error, SessionData};

/// Signs sessions and reads them back.
///
/// The signature is checked before anything is unpacked or parsed, so that whoever can write to the table still cannot make up a session.
///
/// ```
/// use jiff::Timestamp;
/// use nuages_crypto::KeyRing;
/// use nuages_sessions::{SessionCodec, SessionData};
///
/// let codec = SessionCodec::new(&KeyRing::new("secret key"));
/// let mut data = SessionData::new();
/// data.insert("cart".to_owned(), 7.into());
/// let text = codec.encode(&data, Timestamp::from_second(1_780_000_000)?)?;
/// assert_eq!(codec.decode(&text), data);
/// assert!(codec.decode(&text[1..]).is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Django
/// `SessionBase.encode` and `.decode`: `signing.dumps` with compression and the salt `django.contrib.sessions.SessionStore`.
#[derive(Debug, Clone)]
pub struct SessionCodec {
    signer: TimestampSigner,
    verified: Arc<Verified>,
}

impl SessionCodec {
    /// A codec with the site's keys.
    pub fn new(keys: &KeyRing) -> Self {
        Self {
            signer: TimestampSigner::new(keys, "django.contrib.sessions.SessionStore"),
            verified: Arc::new(Verified::new()),
        }
    }

    /// The signed text.
    ///
    /// # Errors
    /// When the data cannot be written as JSON.
    pub fn encode(&self, data: &SessionData, now: Timestamp) -> Result<String, Error> {
        self.signer
            .sign_object_compressed(data, now)
            .map_err(Error::encode)
    }

    /// The data; an empty session when the text is damaged, foreign, or no session at all.
    ///
    /// How old the text is does not matter here: the store knows when the session expires.
    pub fn decode(&self, text: &str) -> SessionData {
        if let Some(data) = self.verified.get(text) {
            return data;
        }
        if let Ok(data) = self.signer.unsign_object(text, Timestamp::MIN, None) {
            self.verified.put(text, &data);
            return data;
        }
        tracing::warn!(target: "nuages.security.SuspiciousSession", "Session data corrupted");
        SessionData::new()
    }
}
