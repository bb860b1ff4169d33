//! Who takes the mails.

mod console;
mod file;
mod memory;
#[cfg(feature = "smtp")]
mod smtp;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

pub use console::Console;
pub use file::File;
pub use memory::Memory;
#[cfg(feature = "smtp")]
pub use smtp::Smtp;

use crate::error::Error;
use crate::outgoing::Outgoing;
use crate::settings::{EmailBackend, MailSettings};

/// Takes mails. It is called on a thread of its own, one mail at a time, and may take its time.
///
/// ```
/// use nuages_mail::{Backend, Error, Outgoing};
///
/// #[derive(Debug)]
/// struct Pigeon;
///
/// impl Backend for Pigeon {
///     fn send(&self, mail: &Outgoing) -> Result<(), Error> {
///         let _ = (mail.recipients(), mail.to_bytes(true));
///         Err(Error::Transport("the pigeon is ill".to_owned()))
///     }
/// }
/// ```
///
/// # Security
/// The error goes to the log: leave addresses out.
///
/// # Django
/// `BaseEmailBackend`.
pub trait Backend: fmt::Debug + Send + Sync + 'static {
    /// Takes one mail.
    ///
    /// # Errors
    /// When it cannot be sent.
    fn send(&self, mail: &Outgoing) -> Result<(), Error>;
}

impl Backend for Arc<dyn Backend> {
    fn send(&self, mail: &Outgoing) -> Result<(), Error> {
        (**self).send(mail)
    }
}

/// Throws mails away.
#[derive(Debug, Clone, Copy)]
struct Dummy;

impl Backend for Dummy {
    fn send(&self, _: &Outgoing) -> Result<(), Error> {
        Ok(())
    }
}

/// There is no backend: each mail is an error in the log.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Nowhere;

impl Backend for Nowhere {
    fn send(&self, _: &Outgoing) -> Result<(), Error> {
        Err(Error::NotConfigured)
    }
}

/// The backend of the settings.
pub(crate) fn open(
    settings: &MailSettings,
    base_dir: &Path,
    debug: bool,
    memory: &Memory,
) -> Result<Arc<dyn Backend>, Error> {
    if settings.email_use_tls && settings.email_use_ssl {
        let text = "`email_use_tls` and `email_use_ssl` are mutually exclusive";
        return Err(Error::Settings(text.to_owned()));
    }
    Ok(match settings.backend(debug) {
        None => Arc::new(Nowhere),
        Some(EmailBackend::Console) => Arc::new(Console),
        Some(EmailBackend::Memory) => Arc::new(memory.clone()),
        Some(EmailBackend::Dummy) => Arc::new(Dummy),
        Some(EmailBackend::File) => {
            let path = settings.email_file_path.as_ref().ok_or_else(|| {
                let text = "the email backend `file` needs a folder: set `email_file_path`";
                Error::Settings(text.to_owned())
            })?;
            Arc::new(File::new(base_dir.join(path)))
        }
        Some(EmailBackend::Smtp) => smtp(settings)?,
    })
}

#[cfg(feature = "smtp")]
fn smtp(settings: &MailSettings) -> Result<Arc<dyn Backend>, Error> {
    Ok(Arc::new(Smtp::new(settings)?))
}

#[cfg(not(feature = "smtp"))]
fn smtp(_: &MailSettings) -> Result<Arc<dyn Backend>, Error> {
    let text = "this build has no SMTP: build it with the feature `smtp` of `nuages`";
    Err(Error::Settings(text.to_owned()))
}
