//! The layer that gives each request its messages.

use std::sync::Arc;

use axum_core::body::Body;
use http::{Request, Response};
use nuages_base::Clock;
use nuages_crypto::KeyRing;
use nuages_security::{Enter, Leave, Middleware, Wrapped, tower_layer};

use super::Messages;
use super::codec::MessageCodec;
use super::handle::Site;
use crate::cookie::{self, MESSAGES_COOKIE};
use crate::{MessageSettings, Session, SessionSettings};

/// Gives each request its [`Messages`]; stands inside of the session layer, if there is one.
///
/// # Django
/// `django.contrib.messages.middleware.MessageMiddleware`.
#[derive(Debug, Clone)]
pub struct MessagesLayer(Arc<Site>);

impl MessagesLayer {
    /// Messages signed with these keys, in a cookie like that of the session.
    pub fn new(
        keys: &KeyRing,
        settings: MessageSettings,
        cookie: SessionSettings,
        clock: Clock,
    ) -> Self {
        Self(Arc::new(Site {
            codec: MessageCodec::new(keys),
            debug: false,
            settings,
            cookie,
            clock,
        }))
    }

    /// In debug a response whose messages could not all be kept is an error, so that it is noticed.
    ///
    /// # Django
    /// The `ValueError` of `MessageMiddleware` with DEBUG.
    pub fn with_debug(self, debug: bool) -> Self {
        let Site {
            codec,
            settings,
            cookie,
            clock,
            ..
        } = &*self.0;
        Self(Arc::new(Site {
            codec: codec.clone(),
            debug,
            settings: settings.clone(),
            cookie: cookie.clone(),
            clock: clock.clone(),
        }))
    }
}

tower_layer!(MessagesLayer);

/// The service of a [`MessagesLayer`].
pub type MessagesService<S> = Wrapped<MessagesLayer, S>;

impl Middleware for MessagesLayer {
    type Kept = Messages;

    fn enter(&self, req: &mut Request<Body>) -> Enter<Messages> {
        let cookie = cookie::find(req.headers(), MESSAGES_COOKIE);
        let session = req.extensions().get::<Session>().cloned();
        let messages = Messages::new(self.0.clone(), cookie, session);
        req.extensions_mut().insert(messages.clone());
        Enter::Pass(messages)
    }

    fn leave(&self, messages: Messages, res: &mut Response<Body>) -> Leave {
        if messages.is_unchanged() {
            return Leave::Done;
        }
        Leave::wait(res, async move |mut res| {
            if let Err(error) = messages.store(&mut res).await {
                tracing::error!(target: "nuages.messages", error = &error as &dyn std::error::Error, "messages could not be kept");
            }
            res
        })
    }
}
