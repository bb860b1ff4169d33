//! A mail as a site writes it.

use std::fmt;

/// A mail: what it says, to whom, and what is attached.
///
/// Nothing is checked before it is queued or sent.
///
/// ```
/// use nuages_mail::{Attachment, EmailMessage};
///
/// let message = EmailMessage::new("Your tickets", "They are attached.")
///     .html("<p>They are <b>attached</b>.</p>")
///     .from_email("Box office <office@example.com>")
///     .to("ann@example.com")
///     .bcc("archive@example.com")
///     .reply_to("help@example.com")
///     .header("X-Order", "17")
///     .attach(Attachment::new("tickets.pdf", "application/pdf", b"%PDF".to_vec()));
/// assert_eq!(message.to, ["ann@example.com"]);
/// ```
///
/// # Django
/// `EmailMessage` and `EmailMultiAlternatives`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct EmailMessage {
    /// The subject, on one line.
    pub subject: String,
    /// The mail as plain text.
    pub text: String,
    /// The same as HTML, for readers that show it.
    pub html: Option<String>,
    /// The sender; without one, that of `default_from_email`.
    pub from_email: Option<String>,
    /// Who gets it.
    pub to: Vec<String>,
    /// Who gets a copy.
    pub cc: Vec<String>,
    /// Who gets a copy without the others knowing.
    pub bcc: Vec<String>,
    /// Where answers go.
    pub reply_to: Vec<String>,
    /// Further headers.
    pub headers: Vec<(String, String)>,
    /// Attached files.
    pub attachments: Vec<Attachment>,
    /// What the log calls this mail when it cannot be sent.
    pub about: String,
}

impl EmailMessage {
    /// A mail of plain text, to nobody yet.
    pub fn new(subject: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            subject: subject.into(),
            text: text.into(),
            ..Self::default()
        }
    }

    /// The same as HTML, for readers that show it.
    ///
    /// # Django
    /// `attach_alternative(html, "text/html")`.
    pub fn html(mut self, html: impl Into<String>) -> Self {
        self.html = Some(html.into());
        self
    }

    /// The sender.
    pub fn from_email(mut self, address: impl Into<String>) -> Self {
        self.from_email = Some(address.into());
        self
    }

    /// One more who gets it: `ann@example.com`, or `Ann <ann@example.com>`.
    pub fn to(mut self, address: impl Into<String>) -> Self {
        self.to.push(address.into());
        self
    }

    /// One more who gets a copy.
    pub fn cc(mut self, address: impl Into<String>) -> Self {
        self.cc.push(address.into());
        self
    }

    /// One more who gets a copy without the others knowing.
    pub fn bcc(mut self, address: impl Into<String>) -> Self {
        self.bcc.push(address.into());
        self
    }

    /// One more address where answers go.
    pub fn reply_to(mut self, address: impl Into<String>) -> Self {
        self.reply_to.push(address.into());
        self
    }

    /// One more header; one that the mail has anyway, such as `Date`, is replaced.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// One more attached file.
    pub fn attach(mut self, file: Attachment) -> Self {
        self.attachments.push(file);
        self
    }

    /// What the log calls this mail when it cannot be sent, such as `password reset of user 17`.
    ///
    /// # Security
    /// Not an address: who reads the log need not know who has an account.
    pub fn about(mut self, about: impl Into<String>) -> Self {
        self.about = about.into();
        self
    }

    /// Everyone who gets it.
    ///
    /// # Django
    /// `recipients()`.
    pub fn recipients(&self) -> impl Iterator<Item = &str> {
        let all = self.to.iter().chain(&self.cc).chain(&self.bcc);
        all.map(String::as_str)
            .filter(|address| !address.is_empty())
    }
}

/// What it says is left out: mails carry links that are worth an account.
impl fmt::Debug for EmailMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmailMessage")
            .field("subject", &self.subject)
            .field("recipients", &self.recipients().count())
            .field("about", &self.about)
            .finish_non_exhaustive()
    }
}

/// A file in a mail.
///
/// # Django
/// `EmailAttachment`.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name; empty without one.
    pub filename: String,
    /// Its type, such as `application/pdf`.
    pub mimetype: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

impl Attachment {
    /// A file of this name, type and content.
    pub fn new(
        filename: impl Into<String>,
        mimetype: impl Into<String>,
        content: impl Into<Vec<u8>>,
    ) -> Self {
        Self {
            filename: filename.into(),
            mimetype: mimetype.into(),
            content: content.into(),
        }
    }
}

impl fmt::Debug for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attachment")
            .field("filename", &self.filename)
            .field("mimetype", &self.mimetype)
            .field("bytes", &self.content.len())
            .finish()
    }
}
