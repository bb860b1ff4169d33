//! The site's mail: a queue, and the thread that empties it.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use nuages_base::Clock;
use tokio::sync::{oneshot, watch};
use tracing::dispatcher;

use crate::backends::{self, Backend, Memory};
use crate::error::Error;
use crate::message::EmailMessage;
use crate::outgoing::Outgoing;
use crate::settings::MailSettings;

/// The site's mail. Cloning is cheap; a handler that names it gets the site's.
///
/// # Django
/// `django.core.mail`.
#[derive(Clone)]
pub struct Mail(Arc<Office>);

struct Office {
    settings: MailSettings,
    backend: Arc<dyn Backend>,
    memory: Option<Memory>,
    clock: Clock,
    /// How many mails, and works that make some, are under way.
    under_way: watch::Sender<usize>,
    /// Where the thread takes its letters from, once there is one.
    box_: Mutex<Option<Sender<Letter>>>,
}

struct Letter {
    mail: Outgoing,
    answer: Option<oneshot::Sender<Result<(), Error>>>,
    _place: Place,
}

/// A place in the queue, free again when this is dropped.
pub struct Place(watch::Sender<usize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count = count.saturating_sub(1));
    }
}

impl Mail {
    /// The mail of these settings. Nothing is connected, no thread started.
    ///
    /// # Errors
    /// When the settings do not fit together, or this build lacks the backend.
    pub fn open(
        settings: &MailSettings,
        base_dir: &Path,
        debug: bool,
        clock: Clock,
    ) -> Result<Self, Error> {
        let memory = Memory::default();
        let backend = backends::open(settings, base_dir, debug, &memory)?;
        Ok(Self::with(settings.clone(), backend, Some(memory), clock))
    }

    /// Mail that goes to a backend of your own.
    pub fn new(settings: MailSettings, backend: impl Backend, clock: Clock) -> Self {
        Self::with(settings, Arc::new(backend), None, clock)
    }

    /// Mail that goes nowhere: each is an error in the log.
    pub fn nowhere(clock: Clock) -> Self {
        Self::new(MailSettings::default(), backends::Nowhere, clock)
    }

    fn with(
        settings: MailSettings,
        backend: Arc<dyn Backend>,
        memory: Option<Memory>,
        clock: Clock,
    ) -> Self {
        Self(Arc::new(Office {
            settings,
            backend,
            memory,
            clock,
            under_way: watch::Sender::new(0),
            box_: Mutex::default(),
        }))
    }

    /// The settings.
    pub fn settings(&self) -> &MailSettings {
        &self.0.settings
    }

    /// Queues a mail and comes back at once; whether it could be sent, the log tells.
    ///
    /// A mail to nobody is nothing to do.
    ///
    /// # Errors
    /// When the message is at fault, or the queue is full.
    pub fn queue(&self, message: EmailMessage) -> Result<(), Error> {
        self.post(message, None)
    }

    /// Sends a mail, and waits until the backend has it.
    ///
    /// # Errors
    /// When the message is at fault, the queue is full, or the backend fails.
    ///
    /// # Django
    /// `EmailMessage.send()`.
    pub async fn send(&self, message: EmailMessage) -> Result<(), Error> {
        let (answer, sent) = oneshot::channel();
        self.post(message, Some(answer))?;
        let broken = || Error::Transport("the mail backend broke off".to_owned());
        sent.await.unwrap_or_else(|_| Err(broken()))
    }

    /// Queues a mail to `admins`; without any, nothing.
    ///
    /// # Errors
    /// As [`Mail::queue`].
    pub fn mail_admins(&self, message: EmailMessage) -> Result<(), Error> {
        self.to_staff(message, &self.0.settings.admins)
    }

    /// Queues a mail to `managers`; without any, nothing.
    ///
    /// # Errors
    /// As [`Mail::queue`].
    pub fn mail_managers(&self, message: EmailMessage) -> Result<(), Error> {
        self.to_staff(message, &self.0.settings.managers)
    }

    fn to_staff(&self, mut message: EmailMessage, staff: &[String]) -> Result<(), Error> {
        let settings = &self.0.settings;
        message
            .subject
            .insert_str(0, &settings.email_subject_prefix);
        message.to = staff.to_vec();
        message.from_email = Some(settings.server_email.clone());
        self.queue(message)
    }

    /// A place in the queue, for work that makes mails; [`Mail::flush`] waits until it is dropped.
    ///
    /// # Errors
    /// When the queue is full.
    pub fn place(&self) -> Result<Place, Error> {
        let most = self.0.settings.email_queue;
        let entered = self.0.under_way.send_if_modified(|count| {
            let has_room = *count < most;
            *count += usize::from(has_room);
            has_room
        });
        let place = entered.then(|| Place(self.0.under_way.clone()));
        place.ok_or(Error::QueueFull)
    }

    /// Waits until everything that is queued by now was handed to the backend, or has failed.
    pub async fn flush(&self) {
        let mut under_way = self.0.under_way.subscribe();
        // An error would say that the sender is gone, and we hold it.
        let _ = under_way.wait_for(|count| *count == 0).await;
    }

    /// What was sent with the backend `memory`, in order.
    ///
    /// # Django
    /// `mail.outbox`.
    pub fn outbox(&self) -> Vec<EmailMessage> {
        self.0
            .memory
            .as_ref()
            .map(Memory::messages)
            .unwrap_or_default()
    }

    /// Forgets what was sent with the backend `memory`.
    pub fn clear_outbox(&self) {
        if let Some(memory) = &self.0.memory {
            memory.clear();
        }
    }

    fn post(
        &self,
        message: EmailMessage,
        answer: Option<oneshot::Sender<Result<(), Error>>>,
    ) -> Result<(), Error> {
        let office = &self.0;
        let from = &office.settings.default_from_email;
        let mail = Outgoing::new(message, from, office.clock.now())?;
        if mail.recipients().is_empty() {
            answer.map(|answer| answer.send(Ok(())));
            return Ok(());
        }
        let letter = Letter {
            mail,
            answer,
            _place: self.place()?,
        };
        let mut sender = office.box_.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = match &mut *sender {
            Some(sender) => sender,
            none => {
                let (sender, letters) = channel();
                let backend = Arc::clone(&office.backend);
                // Who hears what this thread logs hears the other as well.
                let log = dispatcher::get_default(Clone::clone);
                let work = move || deliver_all(&*backend, &letters);
                thread::Builder::new()
                    .name("nuages-mail".to_owned())
                    .spawn(move || dispatcher::with_default(&log, work))?;
                none.insert(sender)
            }
        };
        sender.send(letter).map_err(|_| Error::NotConfigured)
    }
}

/// The thread: ends when the last [`Mail`] is gone and the queue is empty.
fn deliver_all(backend: &dyn Backend, letters: &Receiver<Letter>) {
    for letter in letters {
        let sent = catch_unwind(AssertUnwindSafe(|| backend.send(&letter.mail)));
        let sent =
            sent.unwrap_or_else(|_| Err(Error::Transport("the backend panicked".to_owned())));
        match letter.answer {
            // Who waits is told; if they have gone, it is their error all the same.
            Some(answer) => drop(answer.send(sent)),
            None => {
                if let Err(error) = sent {
                    let about = &letter.mail.message().about;
                    tracing::error!(target: "nuages.mail", about, %error, "a mail was not sent");
                }
            }
        }
    }
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail")
            .field("backend", &self.0.backend)
            .field("under_way", &*self.0.under_way.borrow())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Place")
    }
}
