//! The settings of mail.

use nuages_base::settings;
use nuages_crypto::Secret;
use serde::Deserialize;

settings! {
    /// How mails are sent. Names and defaults are Django's, but where it says so.
    pub struct MailSettings {
        /// EMAIL_BACKEND: who takes the mails. Without one, the console in debug; else SMTP, where this build has it.
        pub email_backend: Option<EmailBackend> = None,
        /// EMAIL_HOST: the mail server.
        pub email_host: String = "localhost".to_owned(),
        /// EMAIL_PORT: its port; 587 is usual with `email_use_tls`, 465 with `email_use_ssl`.
        pub email_port: u16 = 25,
        /// EMAIL_HOST_USER: the name to log in with; empty is no login.
        pub email_host_user: String = String::new(),
        /// EMAIL_HOST_PASSWORD: the password to log in with.
        pub email_host_password: Secret<String> = Secret::default(),
        /// EMAIL_USE_TLS: begins in clear and changes to TLS (STARTTLS) before anything else is said; a server that refuses gets nothing.
        pub email_use_tls: bool = false,
        /// EMAIL_USE_SSL: TLS from the first byte on.
        pub email_use_ssl: bool = false,
        /// EMAIL_TIMEOUT: how many seconds the mail server may be silent. Django waits forever.
        pub email_timeout: Option<u64> = Some(30),
        /// EMAIL_FILE_PATH: the folder of the backend `file`.
        pub email_file_path: Option<String> = None,
        /// EMAIL_SUBJECT_PREFIX: what subjects of mails to admins and managers begin with. Django's says `[Django] `.
        pub email_subject_prefix: String = "[Nuages] ".to_owned(),
        /// DEFAULT_FROM_EMAIL: the sender of mails that name none.
        pub default_from_email: String = "webmaster@localhost".to_owned(),
        /// SERVER_EMAIL: the sender of mails to admins and managers.
        pub server_email: String = "root@localhost".to_owned(),
        /// ADMINS: the addresses of who looks after the server.
        pub admins: Vec<String> = Vec::new(),
        /// MANAGERS: the addresses of who looks after the contents.
        pub managers: Vec<String> = Vec::new(),
        /// How many mails may wait to be sent; more are refused. Ours: Django has no queue.
        pub email_queue: usize = 1000,
    }
}

/// Who takes the mails; each has a short name and Django's dotted one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub enum EmailBackend {
    /// They are printed.
    #[serde(
        rename = "console",
        alias = "django.core.mail.backends.console.EmailBackend"
    )]
    Console,
    /// They are written into files.
    #[serde(
        rename = "file",
        alias = "django.core.mail.backends.filebased.EmailBackend"
    )]
    File,
    /// They are kept in memory, for tests.
    #[serde(
        rename = "memory",
        alias = "django.core.mail.backends.locmem.EmailBackend"
    )]
    Memory,
    /// They are thrown away.
    #[serde(
        rename = "dummy",
        alias = "django.core.mail.backends.dummy.EmailBackend"
    )]
    Dummy,
    /// They go to a mail server; in builds with the feature `smtp`.
    #[serde(rename = "smtp", alias = "django.core.mail.backends.smtp.EmailBackend")]
    Smtp,
}

impl MailSettings {
    /// The backend that is meant; none when mails go nowhere.
    pub(crate) fn backend(&self, debug: bool) -> Option<EmailBackend> {
        let smtp = cfg!(feature = "smtp").then_some(EmailBackend::Smtp);
        let default = if debug {
            Some(EmailBackend::Console)
        } else {
            smtp
        };
        self.email_backend.or(default)
    }
}
