//! The mail with the link that lets its reader set a new password.

use std::sync::Arc;

use nuages_mail::EmailMessage;
use nuages_orm::Model as _;
use nuages_template::{Value, context};
use nuages_web::{Error, Language, Page, Result, SiteContext};

use crate::{Auth, User, uid_encode};

/// The mail with the link that lets its reader set a new password: its templates, its sender.
///
/// Templates see `email`, `domain`, `site_name`, `uid`, `user`, `token` and `protocol`.
///
/// # Django
/// The attributes of `PasswordResetView` that end in `email…`.
#[derive(Debug, Clone)]
pub struct ResetMail {
    subject_template: String,
    text_template: String,
    html_template: Option<String>,
    from_email: Option<String>,
    extra_context: Vec<(String, String)>,
}

impl Default for ResetMail {
    fn default() -> Self {
        Self {
            subject_template: "registration/password_reset_subject.txt".to_owned(),
            text_template: "registration/password_reset_email.html".to_owned(),
            html_template: None,
            from_email: None,
            extra_context: Vec::new(),
        }
    }
}

impl ResetMail {
    /// The mail of the templates `registration/password_reset_subject.txt` and `registration/password_reset_email.html`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another template of the subject.
    pub fn subject_template(mut self, template: impl Into<String>) -> Self {
        self.subject_template = template.into();
        self
    }

    /// Another template of the text.
    pub fn text_template(mut self, template: impl Into<String>) -> Self {
        self.text_template = template.into();
        self
    }

    /// A template for the same as HTML.
    pub fn html_template(mut self, template: impl Into<String>) -> Self {
        self.html_template = Some(template.into());
        self
    }

    /// The sender, instead of `default_from_email`.
    pub fn from_email(mut self, address: impl Into<String>) -> Self {
        self.from_email = Some(address.into());
        self
    }

    /// One more variable, or another value of one that the templates see.
    pub fn extra_context(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.extra_context.push((name.into(), value.into()));
        self
    }

    /// Begins to look for who has the address, and to send them the link.
    ///
    /// # Security
    /// Nothing of that is done before the answer, so neither it nor its time tells whether somebody has the address.
    /// The link leads to the host of the request, which was validated.
    pub(crate) fn begin(&self, auth: &Auth, page: &Page, email: String) -> Result<()> {
        let host = page.request().host().ok_or_else(|| {
            Error::server("A password reset needs a host for its link to lead to.")
                .with_hint("Put HostsLayer around the service, as Site does it.")
        })?;
        let work = Work {
            mail: self.clone(),
            auth: auth.clone(),
            site: Arc::clone(page.site()),
            language: page.language().clone(),
            domain: host.to_owned(),
            protocol: page.request().scheme(),
            email,
        };
        match auth.mail().place() {
            Ok(place) => drop(tokio::spawn(async move {
                work.run().await;
                drop(place);
            })),
            Err(error) => {
                tracing::error!(target: "nuages.auth", %error, "a password reset was dropped");
            }
        }
        Ok(())
    }
}

/// One reset: what is done after the answer.
struct Work {
    mail: ResetMail,
    auth: Auth,
    site: Arc<SiteContext>,
    language: Language,
    domain: String,
    protocol: &'static str,
    email: String,
}

impl Work {
    async fn run(self) {
        let users = match self.auth.users().by_email(&self.email).await {
            Ok(users) => users,
            Err(error) => {
                tracing::error!(target: "nuages.auth", %error, "a password reset could not be carried out");
                return;
            }
        };
        if users.is_empty() {
            // The work of one mail all the same: also how busy the site is afterwards tells nothing.
            let _ = self.message(&User::blank());
        }
        for user in users {
            let id = user.id.get().unwrap_or_default();
            let queued = self
                .message(&user)
                .map(|message| self.auth.mail().queue(message));
            match queued {
                Ok(Ok(())) => {}
                Ok(Err(error)) => {
                    tracing::error!(target: "nuages.auth", user = id, %error, "the mail of a password reset could not be sent");
                }
                Err(error) => {
                    tracing::error!(target: "nuages.auth", user = id, %error, "the mail of a password reset could not be written");
                }
            }
        }
    }

    fn message(&self, user: &User) -> Result<EmailMessage> {
        let id = user.id.get().unwrap_or_default();
        let tokens = self.auth.password_reset_tokens();
        let zone = self.site.time_zone().clone();
        let mut context = context! {
            email: user.email.clone(),
            domain: self.domain.clone(),
            site_name: self.domain.clone(),
            uid: uid_encode(id),
            user: Value::object(user.clone()),
            token: tokens.time_zone(zone).make_token(user),
            protocol: self.protocol,
        };
        for (name, value) in &self.mail.extra_context {
            context.set(name.clone(), value.clone());
        }
        let render = |name: &str| {
            self.site
                .render_to_string(name, &context, Some(&self.language))
        };
        // Line breaks of the template are no part of a subject.
        let subject: String = render(&self.mail.subject_template)?.lines().collect();
        let text = render(&self.mail.text_template)?;
        let mut message = EmailMessage::new(subject, text)
            .to(user.email.clone())
            .about(format!("password reset of user {id}"));
        if let Some(name) = &self.mail.html_template {
            message = message.html(render(name)?);
        }
        message.from_email.clone_from(&self.mail.from_email);
        Ok(message)
    }
}
