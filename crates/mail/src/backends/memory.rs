//! Mails that stay in memory, for tests.

use std::sync::{Arc, Mutex, PoisonError};

use super::Backend;
use crate::error::Error;
use crate::message::EmailMessage;
use crate::outgoing::Outgoing;

/// Keeps mails in memory; clones share them.
///
/// # Django
/// `django.core.mail.backends.locmem.EmailBackend`.
#[derive(Debug, Clone, Default)]
pub struct Memory(Arc<Mutex<Vec<EmailMessage>>>);

impl Memory {
    /// What was sent, in order; the sender is filled in.
    pub fn messages(&self) -> Vec<EmailMessage> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Forgets what was sent.
    pub fn clear(&self) {
        let mut sent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sent.clear();
    }
}

impl Backend for Memory {
    fn send(&self, mail: &Outgoing) -> Result<(), Error> {
        let mut message = mail.message().clone();
        message
            .from_email
            .get_or_insert_with(|| mail.sender().to_owned());
        let mut sent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sent.push(message);
        Ok(())
    }
}
