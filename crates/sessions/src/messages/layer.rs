//! The layer that gives each request its messages.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum_core::body::Body;
use futures_util::future::BoxFuture;
use http::{Request, Response};
use nuages_base::Clock;
use nuages_crypto::KeyRing;
use tower_layer::Layer;
use tower_service::Service;

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

impl<S> Layer<S> for MessagesLayer {
    type Service = MessagesService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        MessagesService {
            inner,
            site: self.0.clone(),
        }
    }
}

/// The service of a [`MessagesLayer`].
#[derive(Clone)]
pub struct MessagesService<S> {
    inner: S,
    site: Arc<Site>,
}

impl<S> fmt::Debug for MessagesService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessagesService").finish_non_exhaustive()
    }
}

impl<S> Service<Request<Body>> for MessagesService<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>
        + Clone
        + Send
        + 'static,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut req: Request<Body>) -> Self::Future {
        let cookie = cookie::find(req.headers(), MESSAGES_COOKIE);
        let session = req.extensions().get::<Session>().cloned();
        let messages = Messages::new(self.site.clone(), cookie, session);
        req.extensions_mut().insert(messages.clone());
        let handled = self.inner.call(req);
        Box::pin(async move {
            let mut res = handled.await?;
            if let Err(error) = messages.store(&mut res).await {
                tracing::error!(target: "nuages.messages", error = &error as &dyn std::error::Error, "messages could not be kept");
            }
            Ok(res)
        })
    }
}
