//! The messages of one request.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum_core::body::Body;
use http::Response;
use nuages_base::Clock;
use nuages_security::vary::patch_vary;

use super::codec::{Keeping, MessageCodec};
use super::{Level, Message};
use crate::cookie::{self, MESSAGES_COOKIE};
use crate::{Error, MessageSettings, MessageStorage, Session, SessionSettings};

/// Where the session keeps what does not fit in the cookie.
const SESSION_NAME: &str = "_messages";

/// The messages of one request: those that wait to be shown, and new ones.
///
/// It comes as an extractor; in templates it is `messages`.
///
/// # Django
/// `django.contrib.messages`: `messages.success(request, …)` is `messages.success(…)` here.
#[derive(Clone)]
pub struct Messages(Arc<Inner>);

struct Inner {
    site: Arc<Site>,
    cookie: Option<String>,
    session: Option<Session>,
    state: Mutex<State>,
}

/// What the requests of a site have in common.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) codec: MessageCodec,
    pub(super) debug: bool,
    pub(super) settings: MessageSettings,
    pub(super) cookie: SessionSettings,
    pub(super) clock: Clock,
}

/// What waited to be shown.
#[derive(Default)]
struct Found {
    messages: Vec<Message>,
    in_cookie: bool,
    in_session: bool,
    damaged: bool,
}

#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are independent facts of one request"
)]
struct State {
    queued: Vec<Message>,
    loaded: Option<Vec<Message>>,
    shown: bool,
    added: bool,
    level: Option<Level>,
    in_cookie: bool,
    in_session: bool,
}

impl Messages {
    pub(super) fn new(site: Arc<Site>, cookie: Option<String>, session: Option<Session>) -> Self {
        Self(Arc::new(Inner {
            site,
            cookie,
            session,
            state: Mutex::default(),
        }))
    }

    /// Says something to developers; dropped unless MESSAGE_LEVEL is lowered.
    pub fn debug(&self, text: impl Into<String>) {
        self.add(Message::new(Level::DEBUG, text));
    }

    /// Says what is worth knowing.
    pub fn info(&self, text: impl Into<String>) {
        self.add(Message::new(Level::INFO, text));
    }

    /// Says that something went well.
    pub fn success(&self, text: impl Into<String>) {
        self.add(Message::new(Level::SUCCESS, text));
    }

    /// Says that something may go wrong.
    pub fn warning(&self, text: impl Into<String>) {
        self.add(Message::new(Level::WARNING, text));
    }

    /// Says that something went wrong.
    pub fn error(&self, text: impl Into<String>) {
        self.add(Message::new(Level::ERROR, text));
    }

    /// Adds a message, unless it is empty or below MESSAGE_LEVEL.
    pub fn add(&self, message: Message) {
        if !message.text.is_empty() && message.level >= self.level() {
            let mut state = self.state();
            state.added = true;
            state.queued.push(message);
        }
    }

    /// The level below which messages of this request are dropped.
    ///
    /// # Django
    /// `messages.get_level(request)`.
    pub fn level(&self) -> Level {
        let usual = Level(self.0.site.settings.message_level);
        self.state().level.unwrap_or(usual)
    }

    /// Drops messages of this request below another level than MESSAGE_LEVEL; `None` is MESSAGE_LEVEL again.
    ///
    /// # Django
    /// `messages.set_level(request, level)`.
    pub fn set_level(&self, level: impl Into<Option<Level>>) {
        self.state().level = level.into();
    }

    /// How many wait to be shown, those of this request included.
    ///
    /// # Errors
    /// When some wait in the session and it cannot be loaded.
    pub async fn count(&self) -> Result<usize, Error> {
        Ok(self.peek().await?.len())
    }

    /// Lets messages that were taken be shown in the next page again.
    ///
    /// # Django
    /// `storage.used = False`.
    pub fn keep(&self) {
        self.state().shown = false;
    }

    /// All messages, those of this request included; they are then not shown again.
    ///
    /// # Errors
    /// When some wait in the session and it cannot be loaded.
    pub async fn take(&self) -> Result<Vec<Message>, Error> {
        let messages = self.peek().await?;
        self.mark_shown();
        Ok(messages)
    }

    /// All messages, which stay to be shown.
    ///
    /// # Errors
    /// When some wait in the session and it cannot be loaded.
    pub async fn peek(&self) -> Result<Vec<Message>, Error> {
        self.load().await?;
        let state = self.state();
        let mut messages = state.loaded.clone().unwrap_or_default();
        messages.extend_from_slice(&state.queued);
        Ok(messages)
    }

    /// What [`peek`](Self::peek) gave has reached the visitor.
    pub(super) fn mark_shown(&self) {
        let mut state = self.state();
        state.shown = true;
        let mut queued = std::mem::take(&mut state.queued);
        state.loaded.get_or_insert_default().append(&mut queued);
    }

    /// The CSS class of a message's level.
    pub fn level_tag(&self, level: Level) -> &str {
        self.0
            .site
            .settings
            .message_tags
            .get(&level.0)
            .map_or(level.default_tag(), String::as_str)
    }

    async fn load(&self) -> Result<(), Error> {
        if self.state().loaded.is_some() {
            return Ok(());
        }
        let mut found = Found::default();
        match self.0.site.settings.message_storage {
            MessageStorage::Cookie => {
                self.load_cookie(&mut found);
            }
            MessageStorage::Session => {
                self.load_session(&mut found).await?;
            }
            MessageStorage::Fallback => {
                if self.load_cookie(&mut found) {
                    self.load_session(&mut found).await?;
                }
            }
        }
        let mut state = self.state();
        if state.loaded.is_none() {
            state.loaded = Some(found.messages);
            state.in_cookie = found.in_cookie;
            state.in_session = found.in_session;
            state.shown |= found.damaged;
        }
        Ok(())
    }

    /// True when the session holds the rest.
    fn load_cookie(&self, found: &mut Found) -> bool {
        let cookie = self.0.cookie.as_deref().filter(|cookie| !cookie.is_empty());
        let Some(cookie) = cookie else {
            return false;
        };
        let Some(mut decoded) = self.0.site.codec.read(cookie) else {
            // A cookie that cannot be read is as good as shown: it is deleted.
            found.damaged = self.0.site.settings.message_storage == MessageStorage::Cookie;
            return false;
        };
        found.in_cookie = !decoded.messages.is_empty();
        found.messages.append(&mut decoded.messages);
        decoded.unfinished
    }

    async fn load_session(&self, found: &mut Found) -> Result<(), Error> {
        if let Some(session) = &self.0.session
            && let Some(value) = session.get::<serde_json::Value>(SESSION_NAME).await?
        {
            let mut messages = MessageCodec::from_session(&value);
            found.in_session = !messages.is_empty();
            found.messages.append(&mut messages);
        }
        Ok(())
    }

    /// True when no message was shown or added: there is nothing to store.
    pub(super) fn is_unchanged(&self) -> bool {
        let state = self.state();
        !state.shown && !state.added
    }

    /// Puts what the visitor has not seen where the settings say.
    pub(super) async fn store(&self, res: &mut Response<Body>) -> Result<(), Error> {
        let unseen = {
            let state = self.state();
            state.shown.then(|| state.queued.clone())
        };
        let unseen = match unseen {
            Some(queued) => queued,
            None => self.peek().await?,
        };
        let lost = match self.0.site.settings.message_storage {
            MessageStorage::Cookie => self.store_in_cookie(&unseen, Keeping::Last, res),
            MessageStorage::Session => {
                self.store_in_session(&unseen).await?;
                &[]
            }
            MessageStorage::Fallback => {
                let (in_cookie, in_session) = {
                    let state = self.state();
                    (state.in_cookie, state.in_session)
                };
                let mut rest = unseen.as_slice();
                if !rest.is_empty() || in_cookie {
                    rest = self.store_in_cookie(rest, Keeping::First, res);
                }
                if self.0.session.is_some() {
                    if !rest.is_empty() || in_session {
                        self.store_in_session(rest).await?;
                    }
                    rest = &[];
                }
                rest
            }
        };
        patch_vary(res.headers_mut(), "Cookie");
        if !lost.is_empty() {
            tracing::warn!(
                target: "nuages.messages",
                "{} messages did not fit into the {MESSAGES_COOKIE} cookie",
                lost.len()
            );
            if self.0.site.debug {
                *res = crate::layer::plain(
                    http::StatusCode::INTERNAL_SERVER_ERROR,
                    "Not all temporary messages could be stored.",
                );
            }
        }
        Ok(())
    }

    /// Sets or deletes the cookie, and gives back what did not fit.
    fn store_in_cookie<'m>(
        &self,
        messages: &'m [Message],
        keeping: Keeping,
        res: &mut Response<Body>,
    ) -> &'m [Message] {
        let site = &self.0.site;
        let (cookie, left) = site.codec.fit(messages, keeping, site.clock.now());
        match cookie {
            Some(cookie) => cookie::set_messages(res, &cookie, &site.cookie),
            None => cookie::delete_messages(res, &site.cookie),
        }
        left
    }

    async fn store_in_session(&self, messages: &[Message]) -> Result<(), Error> {
        let Some(session) = &self.0.session else {
            tracing::error!(target: "nuages.messages", "messages are to be kept in the session, but there is no session layer around this one");
            return Ok(());
        };
        if messages.is_empty() {
            session.remove(SESSION_NAME).await.map(drop)
        } else {
            let text = MessageCodec::to_session(messages);
            session.set(SESSION_NAME, text).await
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Messages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Messages")
            .field("queued", &self.state().queued.len())
            .finish_non_exhaustive()
    }
}
