//! The backends of the settings.

use std::fs;

use nuages_base::{Clock, SettingsGroup as _};
use nuages_mail::{EmailBackend, EmailMessage, Error, Mail, MailSettings, checks};

fn open(settings: &MailSettings, debug: bool) -> Result<Mail, Error> {
    Mail::open(settings, ".".as_ref(), debug, Clock::system())
}

fn with(backend: EmailBackend) -> MailSettings {
    MailSettings {
        email_backend: Some(backend),
        ..MailSettings::default()
    }
}

fn message() -> EmailMessage {
    EmailMessage::new("s", "https://example.com/reset/secret/").to("a@b.c")
}

#[tokio::test]
async fn files_hold_the_mails_of_one_start_and_are_for_the_owner_alone() {
    let folder = std::env::temp_dir().join(format!("nuages-mail-{}", std::process::id()));
    let settings = MailSettings {
        email_file_path: Some(folder.to_str().unwrap().to_owned()),
        ..with(EmailBackend::File)
    };
    let mail = open(&settings, false).unwrap();
    mail.send(message()).await.unwrap();
    mail.send(message()).await.unwrap();
    let files: Vec<_> = fs::read_dir(&folder).unwrap().map(Result::unwrap).collect();
    assert_eq!(files.len(), 1);
    let text = fs::read_to_string(files[0].path()).unwrap();
    assert_eq!(text.matches("/reset/secret/").count(), 2);
    assert_eq!(text.matches(&"-".repeat(79)).count(), 2);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(
            files[0].metadata().unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn without_a_backend_each_mail_is_an_error() {
    if cfg!(feature = "smtp") {
        return;
    }
    let mail = open(&MailSettings::default(), false).unwrap();
    assert!(matches!(
        mail.send(message()).await,
        Err(Error::NotConfigured)
    ));
    let found = checks(&MailSettings::default(), false);
    assert_eq!(found[0].id, "mail.W100");
    assert!(matches!(
        open(&with(EmailBackend::Smtp), false),
        Err(Error::Settings(_))
    ));
    assert_eq!(checks(&with(EmailBackend::Smtp), false)[0].id, "mail.E103");
}

#[tokio::test]
async fn a_mail_that_is_thrown_away_is_checked_all_the_same() {
    let mail = open(&with(EmailBackend::Dummy), false).unwrap();
    mail.send(message()).await.unwrap();
    assert!(mail.outbox().is_empty());
    let forged = EmailMessage::new("a\nb", "").to("a@b.c");
    assert!(mail.send(forged).await.unwrap_err().is_bad_message());
}

#[test]
fn settings_are_read_under_both_names_of_a_backend() {
    let mut settings = MailSettings::default();
    let dotted = "django.core.mail.backends.locmem.EmailBackend";
    assert!(settings.set("email_backend", &dotted.into()).unwrap());
    assert_eq!(settings.email_backend, Some(EmailBackend::Memory));
    assert!(settings.set("email_backend", &"console".into()).unwrap());
    assert!(settings.set("email_backend", &"pigeon".into()).is_err());
    assert!(
        settings
            .set("email_host_password", &"hunter2".into())
            .unwrap()
    );
    assert!(!format!("{settings:?}").contains("hunter2"));
}

#[test]
fn what_does_not_fit_together_is_found() {
    let both = MailSettings {
        email_use_tls: true,
        email_use_ssl: true,
        ..MailSettings::default()
    };
    assert!(open(&both, true).is_err());
    assert!(open(&with(EmailBackend::File), true).is_err());
    assert_eq!(checks(&with(EmailBackend::File), true)[0].id, "mail.E102");
    let sender = MailSettings {
        default_from_email: "a@b, c@d".to_owned(),
        ..MailSettings::default()
    };
    assert_eq!(checks(&sender, true)[0].id, "mail.E101");
    assert!(checks(&MailSettings::default(), true).is_empty());
}

#[test]
fn what_a_mail_says_is_in_no_debug_output() {
    let shown = format!("{:?}", message());
    assert!(
        !shown.contains("secret") && !shown.contains("a@b.c"),
        "{shown}"
    );
}
