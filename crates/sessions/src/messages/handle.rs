//! The messages of one request.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum_core::body::Body;
use http::Response;
use nuages_base::Clock;
use nuages_security::vary::patch_vary;

use super::codec::{Codec, from_session, to_session};
use super::{Level, Message};
use crate::cookie::{self, MESSAGES_COOKIE};
use crate::{Error, MessageSettings, Session, SessionSettings};

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
    pub(super) codec: Codec,
    pub(super) settings: MessageSettings,
    pub(super) cookie: SessionSettings,
    pub(super) clock: Clock,
}

#[derive(Default)]
struct State {
    queued: Vec<Message>,
    loaded: Option<Vec<Message>>,
    shown: bool,
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
        if !message.text.is_empty() && message.level.0 >= self.0.site.settings.message_level {
            self.state().queued.push(message);
        }
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
    pub(super) async fn peek(&self) -> Result<Vec<Message>, Error> {
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
        let Some(cookie) = &self.0.cookie else {
            self.state().loaded.get_or_insert_default();
            return Ok(());
        };
        let decoded = self.0.site.codec.decode(cookie);
        let in_cookie = !decoded.messages.is_empty() || decoded.unfinished;
        let mut messages = decoded.messages;
        let mut rest = Vec::new();
        if decoded.unfinished
            && let Some(session) = &self.0.session
            && let Some(text) = session.get::<String>(SESSION_NAME).await?
        {
            rest = from_session(&text);
        }
        let in_session = !rest.is_empty();
        messages.append(&mut rest);
        let mut state = self.state();
        if state.loaded.is_none() {
            state.loaded = Some(messages);
            state.in_cookie = in_cookie;
            state.in_session = in_session;
        }
        Ok(())
    }

    /// Puts what the visitor has not seen into the cookie and, where it is too much, into the session.
    pub(super) async fn store(&self, res: &mut Response<Body>) -> Result<(), Error> {
        let unseen = {
            let state = self.state();
            if !state.shown && state.queued.is_empty() {
                return Ok(());
            }
            state.shown.then(|| state.queued.clone())
        };
        let unseen = match unseen {
            Some(queued) => queued,
            None => self.peek().await?,
        };
        let (in_cookie, in_session) = {
            let state = self.state();
            (state.in_cookie, state.in_session)
        };
        let site = &self.0.site;
        let (encoded, stored) = site.codec.encode(&unseen, site.clock.now());
        if let Some(encoded) = &encoded {
            cookie::set_messages(res, encoded, &site.cookie);
        } else if in_cookie {
            cookie::delete_messages(res, &site.cookie);
        }
        patch_vary(res.headers_mut(), "Cookie");
        let rest = &unseen[stored..];
        if let Some(session) = &self.0.session {
            if !rest.is_empty() {
                session.set(SESSION_NAME, to_session(rest)).await?;
            } else if in_session {
                session.remove(SESSION_NAME).await?;
            }
        } else if !rest.is_empty() {
            tracing::warn!(
                target: "nuages.messages",
                "{} messages did not fit into the {MESSAGES_COOKIE} cookie, and there is no session",
                rest.len()
            );
        }
        Ok(())
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
