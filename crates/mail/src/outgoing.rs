//! A mail that was checked, with its envelope: what a backend gets.

use std::fmt;

use jiff::Timestamp;
use nuages_crypto::random_string;

use crate::address::Address;
use crate::error::Error;
use crate::message::EmailMessage;
use crate::mime;

/// A mail that was checked, with its envelope, date and id.
///
/// ```
/// use jiff::Timestamp;
/// use nuages_mail::{EmailMessage, Outgoing};
///
/// let message = EmailMessage::new("Hello", "How are you?").to("Ann <ann@example.com>");
/// let mail = Outgoing::new(message, "webmaster@localhost", Timestamp::UNIX_EPOCH)?;
/// assert_eq!(mail.recipients(), ["ann@example.com"]);
/// let text = String::from_utf8(mail.to_bytes(false)).unwrap();
/// assert!(text.contains("To: Ann <ann@example.com>\r\n"));
/// assert!(text.ends_with("\r\n\r\nHow are you?\r\n"));
/// # Ok::<(), nuages_mail::Error>(())
/// ```
pub struct Outgoing {
    message: EmailMessage,
    sender: String,
    recipients: Vec<String>,
    /// All headers but those of the body, encoded.
    head: Vec<u8>,
}

/// Headers that are the envelope's or the body's, and no further ones.
const RESERVED: [&str; 5] = [
    "bcc",
    "content-transfer-encoding",
    "content-type",
    "mime-version",
    "subject",
];

impl Outgoing {
    /// Checks a message. `from` is the sender of one that names none.
    ///
    /// # Errors
    /// When an address is not one, or a header has control characters in it.
    pub fn new(message: EmailMessage, from: &str, now: Timestamp) -> Result<Self, Error> {
        let mut head = Vec::with_capacity(512);
        let from = message.from_email.as_deref().unwrap_or(from);
        let own = |name: &str| {
            let mut all = message.headers.iter();
            let found = all.find(|(known, _)| known.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.as_str())
        };
        let sender = Address::parse("From", from)?;
        mime::text_header(&mut head, "Subject", &message.subject)?;
        match own("From") {
            // The envelope keeps its sender, as in Django.
            Some(shown) => mime::addresses(&mut head, "From", &[Address::parse("From", shown)?]),
            None => mime::addresses(&mut head, "From", std::slice::from_ref(&sender)),
        }
        let mut recipients = Vec::new();
        for (name, list, is_recipient) in [
            ("To", &message.to, true),
            ("Cc", &message.cc, true),
            ("Reply-To", &message.reply_to, false),
        ] {
            let list = parse_all(name, list)?;
            if is_recipient {
                recipients.extend(list.iter().map(|address| address.email().to_owned()));
            }
            match own(name) {
                Some(shown) => mime::text_header(&mut head, name, shown)?,
                None => mime::addresses(&mut head, name, &list),
            }
        }
        let hidden = parse_all("Bcc", &message.bcc)?;
        recipients.extend(hidden.iter().map(|address| address.email().to_owned()));
        if own("Date").is_none() {
            let date = now.strftime("%a, %-d %b %Y %H:%M:%S +0000").to_string();
            mime::text_header(&mut head, "Date", &date)?;
        }
        if own("Message-ID").is_none() {
            let domain = match sender.domain() {
                "" => "localhost",
                domain => domain,
            };
            let id = format!("<{}.{}@{domain}>", now.as_second(), random_string(22));
            mime::text_header(&mut head, "Message-ID", &id)?;
        }
        for (name, value) in &message.headers {
            let lower = name.to_ascii_lowercase();
            if RESERVED.contains(&lower.as_str()) {
                return Err(Error::BadHeader(name.clone()));
            }
            if !["from", "to", "cc", "reply-to"].contains(&lower.as_str()) {
                mime::text_header(&mut head, name, value)?;
            }
        }
        for file in &message.attachments {
            mime::check_attachment(file)?;
        }
        Ok(Self {
            sender: sender.email().to_owned(),
            recipients,
            head,
            message,
        })
    }

    /// The message as the site wrote it.
    pub fn message(&self) -> &EmailMessage {
        &self.message
    }

    /// The address that the envelope says it is from.
    pub fn sender(&self) -> &str {
        &self.sender
    }

    /// The addresses that the envelope says it is for.
    pub fn recipients(&self) -> &[String] {
        &self.recipients
    }

    /// The whole mail as it travels, lines ended by CR LF. With `ascii` its body has only ASCII in it, for servers that want that.
    pub fn to_bytes(&self, ascii: bool) -> Vec<u8> {
        let mut out = self.head.clone();
        mime::body(&mut out, &self.message, ascii);
        out
    }
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing")
            .field("message", &self.message)
            .finish_non_exhaustive()
    }
}

fn parse_all(header: &str, list: &[String]) -> Result<Vec<Address>, Error> {
    let given = list.iter().filter(|text| !text.is_empty());
    given.map(|text| Address::parse(header, text)).collect()
}
