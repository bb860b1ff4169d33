//! Mails that are printed, for the machine of a developer.

use std::io::{self, Write as _};

use super::Backend;
use crate::error::Error;
use crate::outgoing::Outgoing;

/// Prints mails.
///
/// # Django
/// `django.core.mail.backends.console.EmailBackend`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Console;

impl Backend for Console {
    fn send(&self, mail: &Outgoing) -> Result<(), Error> {
        io::stdout().lock().write_all(&printed(mail))?;
        Ok(())
    }
}

/// A mail with a rule below it, with the line ends of the system.
pub(super) fn printed(mail: &Outgoing) -> Vec<u8> {
    let mut text = mail.to_bytes(false);
    text.retain(|byte| *byte != b'\r');
    text.extend_from_slice(format!("\n{}\n", "-".repeat(79)).as_bytes());
    text
}
