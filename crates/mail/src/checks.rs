//! What `check` says about mail.

use nuages_base::Check;

use crate::{Address, EmailBackend, MailSettings};

/// Findings about the settings of mail.
///
/// ```
/// use nuages_mail::{MailSettings, checks};
///
/// let both = MailSettings { email_use_tls: true, email_use_ssl: true, ..MailSettings::default() };
/// assert_eq!(checks(&both, true)[0].id, "mail.E100");
/// ```
pub fn checks(settings: &MailSettings, debug: bool) -> Vec<Check> {
    let mut checks = Vec::new();
    if settings.email_use_tls && settings.email_use_ssl {
        checks.push(
            Check::error(
                "mail.E100",
                "`email_use_tls` and `email_use_ssl` are mutually exclusive.",
            )
            .hint("Port 587 is for the first, port 465 for the second."),
        );
    }
    let senders = [&settings.default_from_email, &settings.server_email];
    let people = settings.admins.iter().chain(&settings.managers);
    if senders
        .into_iter()
        .chain(people)
        .any(|text| Address::parse("", text).is_err())
    {
        checks.push(Check::error(
            "mail.E101",
            "`default_from_email`, `server_email`, `admins` or `managers` has something in it that is not one e-mail address.",
        ));
    }
    let backend = settings.backend(debug);
    if backend == Some(EmailBackend::File) && settings.email_file_path.is_none() {
        checks.push(Check::error(
            "mail.E102",
            "The email backend `file` needs a folder: set `email_file_path`.",
        ));
    }
    if backend == Some(EmailBackend::Smtp) && cfg!(not(feature = "smtp")) {
        checks.push(
            Check::error("mail.E103", "This build has no SMTP.")
                .hint("Build it with the feature `smtp` of `nuages`."),
        );
    }
    if backend.is_none() {
        checks.push(
            Check::warning(
                "mail.W100",
                "Mails go nowhere: nobody can reset a password.",
            )
            .hint("Set `email_backend`; `smtp` needs the feature `smtp` of `nuages`.")
            .deploy(),
        );
    }
    let is_plain = !settings.email_use_tls && !settings.email_use_ssl;
    let is_local = matches!(
        settings.email_host.as_str(),
        "localhost" | "127.0.0.1" | "::1"
    );
    if backend == Some(EmailBackend::Smtp) && is_plain && !is_local {
        checks.push(
            Check::warning(
                "mail.W101",
                "Mails, and with them the links of password resets, go to the mail server in clear.",
            )
            .hint("Set `email_use_tls` or `email_use_ssl`.")
            .deploy(),
        );
    }
    checks
}
