//! E-mail: messages, backends, and a queue that keeps sending off the path of a request.
//!
//! A view hands a message to [`Mail::queue`] and answers at once; a thread of its own gives it to the backend.
//! So nobody waits for a mail server, and nobody learns from the time of an answer whether a mail was sent.
//!
//! ```
//! use nuages_base::Clock;
//! use nuages_mail::{EmailBackend, EmailMessage, Mail, MailSettings};
//!
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! let settings = MailSettings { email_backend: Some(EmailBackend::Memory), ..MailSettings::default() };
//! let mail = Mail::open(&settings, ".".as_ref(), false, Clock::system())?;
//!
//! mail.queue(EmailMessage::new("Your order", "It is on its way.").to("ann@example.com"))?;
//! mail.flush().await;
//! assert_eq!(mail.outbox()[0].subject, "Your order");
//!
//! // A line break in a header would let a visitor add headers, such as more recipients.
//! let forged = EmailMessage::new("Hello\r\nBcc: everybody@example.com", "").to("ann@example.com");
//! assert!(mail.queue(forged).is_err());
//! # Ok::<(), nuages_mail::Error>(())
//! # }).unwrap();
//! ```
//!
//! How it works, in reading order: an [`EmailMessage`] is checked and becomes an [`Outgoing`] with its envelope;
//! [`Mail`] queues it, up to `email_queue` of them; a [`Backend`] takes it from there.
//! What cannot be sent is logged under what the message is [`about`](EmailMessage::about), never with an address.
//!
//! # Deployment
//! Set `email_backend = "smtp"`, `email_host` and `email_use_tls`; SMTP is in builds with the feature `smtp`.
//!
//! ```toml
//! email_backend = "smtp"
//! email_host = "mail.example.com"
//! email_port = 587
//! email_use_tls = true
//! email_host_user = "site@example.com"          # its password: NUAGES_EMAIL_HOST_PASSWORD
//! default_from_email = "Our site <site@example.com>"
//! ```
//!
//! When the server stops, [`Mail::flush`] lets the queue run empty; what a process that dies has queued is lost.
//!
//! # Django
//! `django.core.mail`. Django sends while the visitor waits; [`Mail::send`] is that.
//!
//! Internal crate of `nuages`: versions move in lockstep, and only the facade promises stability.

mod address;
pub mod backends;
mod checks;
mod error;
mod extract;
mod mail;
mod message;
mod mime;
mod outgoing;
mod settings;

pub use address::Address;
pub use backends::Backend;
pub use checks::checks;
pub use error::Error;
pub use extract::MissingMail;
pub use mail::{Mail, Place};
pub use message::{Attachment, EmailMessage};
pub use outgoing::Outgoing;
pub use settings::{EmailBackend, MailSettings};
