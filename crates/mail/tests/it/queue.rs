//! The queue: bounded, emptied on a thread of its own, flushed at the end.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use nuages_base::Clock;
use nuages_mail::{Backend, EmailBackend, EmailMessage, Error, Mail, MailSettings, Outgoing};

/// Sends when it is told to.
#[derive(Debug)]
struct Slow {
    go: Mutex<Receiver<Result<(), Error>>>,
    done: Sender<String>,
}

impl Backend for Slow {
    fn send(&self, mail: &Outgoing) -> Result<(), Error> {
        let result = self.go.lock().unwrap().recv().unwrap();
        self.done.send(mail.message().subject.clone()).unwrap();
        result
    }
}

fn slow(limit: usize) -> (Mail, Sender<Result<(), Error>>, Receiver<String>) {
    let (go, gone) = channel();
    let (done, sent) = channel();
    let settings = MailSettings {
        email_queue: limit,
        ..MailSettings::default()
    };
    let backend = Slow {
        go: Mutex::new(gone),
        done,
    };
    (Mail::new(settings, backend, Clock::system()), go, sent)
}

fn message(subject: &str) -> EmailMessage {
    EmailMessage::new(subject, "").to("a@b.c")
}

fn memory(settings: MailSettings) -> Mail {
    let settings = MailSettings {
        email_backend: Some(EmailBackend::Memory),
        ..settings
    };
    Mail::open(&settings, ".".as_ref(), false, Clock::system()).unwrap()
}

#[tokio::test]
async fn a_mail_is_queued_while_the_server_hangs() {
    let (mail, go, sent) = slow(10);
    let start = Instant::now();
    for _ in 0..10 {
        mail.queue(message("x")).unwrap();
    }
    assert!(start.elapsed() < Duration::from_millis(500));
    assert!(sent.try_recv().is_err());
    (0..10).for_each(|_| go.send(Ok(())).unwrap());
    mail.flush().await;
    assert_eq!(sent.try_iter().count(), 10);
}

#[tokio::test]
async fn a_full_queue_refuses_and_has_room_again() {
    let (mail, go, _sent) = slow(2);
    mail.queue(message("1")).unwrap();
    let place = mail.place().unwrap();
    assert!(matches!(mail.queue(message("2")), Err(Error::QueueFull)));
    drop(place);
    mail.queue(message("2")).unwrap();
    (0..2).for_each(|_| go.send(Ok(())).unwrap());
    mail.flush().await;
    mail.queue(message("3")).unwrap();
    go.send(Ok(())).unwrap();
    mail.flush().await;
}

#[tokio::test]
async fn flush_waits_for_work_that_makes_mails() {
    let mail = memory(MailSettings::default());
    let (place, later) = (mail.place().unwrap(), mail.clone());
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(50)).await;
        later.queue(message("late")).unwrap();
        drop(place);
    });
    mail.flush().await;
    assert_eq!(mail.outbox().len(), 1);
}

#[tokio::test]
async fn who_waits_is_told_what_went_wrong() {
    let (mail, go, _sent) = slow(10);
    go.send(Err(Error::Transport("no".to_owned()))).unwrap();
    let error = mail.send(message("x")).await.unwrap_err();
    assert_eq!(error.to_string(), "no");
    go.send(Ok(())).unwrap();
    mail.send(message("x")).await.unwrap();
    // A mail to nobody is nothing to do.
    mail.send(EmailMessage::new("x", "").to("")).await.unwrap();
}

#[derive(Debug)]
struct Panics;

impl Backend for Panics {
    fn send(&self, mail: &Outgoing) -> Result<(), Error> {
        assert!(mail.message().subject != "bad", "as it was told");
        Ok(())
    }
}

#[tokio::test]
async fn a_backend_that_panics_does_not_end_the_queue() {
    let mail = Mail::new(MailSettings::default(), Panics, Clock::system());
    assert!(mail.send(message("bad")).await.is_err());
    mail.send(message("good")).await.unwrap();
}

#[tokio::test]
async fn admins_and_managers_get_mail_from_the_server() {
    let settings = MailSettings {
        admins: vec![
            "Ann <ann@example.com>".to_owned(),
            "bob@example.com".to_owned(),
        ],
        ..MailSettings::default()
    };
    let mail = memory(settings);
    mail.mail_admins(EmailMessage::new("broken", "x")).unwrap();
    mail.mail_managers(EmailMessage::new("broken", "x"))
        .unwrap();
    mail.flush().await;
    let sent = mail.outbox();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].subject, "[Nuages] broken");
    assert_eq!(sent[0].from_email.as_deref(), Some("root@localhost"));
    assert_eq!(sent[0].to.len(), 2);
    mail.clear_outbox();
    assert!(mail.outbox().is_empty());
}
