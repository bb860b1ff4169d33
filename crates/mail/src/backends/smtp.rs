//! Mails that go to a mail server.

use std::error::Error as _;
use std::fmt;
use std::io;
use std::time::Duration;

use lettre::address::Envelope;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Address, SmtpTransport, Transport as _};

use super::Backend;
use crate::error::Error;
use crate::outgoing::Outgoing;
use crate::settings::MailSettings;

/// Sends over SMTP, each mail on a connection of its own.
///
/// # Security
/// With `email_use_tls` a server that does not begin TLS is left before a name, password, sender or recipient was said.
///
/// # Django
/// `django.core.mail.backends.smtp.EmailBackend`.
pub struct Smtp(SmtpTransport);

impl Smtp {
    /// The server of the settings.
    ///
    /// # Errors
    /// When its name is none, or the certificates of this machine cannot be read.
    pub fn new(settings: &MailSettings) -> Result<Self, Error> {
        let host = settings.email_host.as_str();
        let tls = || {
            let made = TlsParameters::new(host.to_owned());
            made.map_err(|error| Error::Settings(format!("TLS with the mail server: {error}")))
        };
        let tls = match (settings.email_use_ssl, settings.email_use_tls) {
            (true, _) => Tls::Wrapper(tls()?),
            (_, true) => Tls::Required(tls()?),
            _ => Tls::None,
        };
        let mut smtp = SmtpTransport::builder_dangerous(host)
            .port(settings.email_port)
            .timeout(settings.email_timeout.map(Duration::from_secs))
            .tls(tls);
        let password = settings.email_host_password.expose();
        if !settings.email_host_user.is_empty() && !password.is_empty() {
            let user = settings.email_host_user.clone();
            smtp = smtp.credentials(Credentials::new(user, password.clone()));
        }
        Ok(Self(smtp.build()))
    }
}

impl Backend for Smtp {
    fn send(&self, mail: &Outgoing) -> Result<(), Error> {
        let envelope = envelope(mail)
            .ok_or_else(|| Error::Transport("an address is not fit for SMTP".to_owned()))?;
        let sent = self.0.send_raw(&envelope, &mail.to_bytes(true));
        sent.map(|_| ())
            .map_err(|error| Error::Transport(told(&error, mail)))
    }
}

fn envelope(mail: &Outgoing) -> Option<Envelope> {
    let address = |text: &String| text.parse::<Address>().ok();
    let to: Option<Vec<_>> = mail.recipients().iter().map(address).collect();
    Envelope::new(Some(mail.sender().parse().ok()?), to?).ok()
}

/// What went wrong, without an address: servers like to quote them.
fn told(error: &lettre::transport::smtp::Error, mail: &Outgoing) -> String {
    let kind = match error {
        error if is_timeout(error) => "the mail server does not answer in time",
        error if error.is_tls() => "TLS with the mail server failed",
        error if error.is_permanent() => "the mail server refused the mail",
        error if error.is_transient() => "the mail server put the mail off",
        _ => "the mail server cannot be talked to",
    };
    let code = error.status().map(|code| format!(" ({code})"));
    let text = error.to_string();
    let lower = text.to_lowercase();
    let local = |address: &String| address.split('@').next().map(str::to_lowercase);
    let mut locals = mail.recipients().iter().filter_map(local);
    let quotes = text.contains('@') || locals.any(|local| lower.contains(&local));
    let detail = if quotes {
        String::new()
    } else {
        format!(": {text}")
    };
    format!("{kind}{}{detail}", code.unwrap_or_default())
}

/// A read that took too long is `WouldBlock` on Unix.
fn is_timeout(error: &lettre::transport::smtp::Error) -> bool {
    let cause = error
        .source()
        .and_then(|cause| cause.downcast_ref::<io::Error>());
    let kind = cause.map(io::Error::kind);
    matches!(
        kind,
        Some(io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
    ) || error.is_timeout()
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Smtp")
    }
}
