//! Sessions that lie with the visitors.

use std::borrow::Cow;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use nuages_base::Clock;
use nuages_crypto::KeyRing;
use nuages_crypto::signing::TimestampSigner;

use crate::expiry::Ending;
use crate::store::{Listed, Replaced, Revision, Stored};
use crate::{Error, SessionData, SessionSettings, SessionStore};

/// Longer cookies are not kept by browsers.
const BROWSER_LIMIT: usize = 4096;

/// Sessions in signed cookies: nothing is stored here.
///
/// # Security
/// The visitor can read the session, though not change it, and a cookie that was copied is good until its age is over: a
/// logout cannot end it, and neither can [`Sessions::end`](crate::Sessions::end).
///
/// # Django
/// `django.contrib.sessions.backends.signed_cookies.SessionStore`. A session that was told to end earlier than
/// SESSION_COOKIE_AGE (`set_expiry`) does end then; Django would take its cookie for the whole age.
#[derive(Debug, Clone)]
pub struct CookieStore {
    signer: TimestampSigner,
    settings: SessionSettings,
    clock: Clock,
}

impl CookieStore {
    /// Sessions in cookies signed with these keys.
    pub fn new(keys: &KeyRing, settings: SessionSettings, clock: Clock) -> Self {
        Self {
            signer: TimestampSigner::new(keys, "django.contrib.sessions.backends.signed_cookies"),
            settings,
            clock,
        }
    }

    fn sign(&self, data: &SessionData) -> Result<Arc<str>, Error> {
        let signed = self
            .signer
            .sign_object_compressed(data, self.clock.now())
            .map_err(Error::encode)?;
        if signed.len() > BROWSER_LIMIT {
            tracing::warn!(target: "nuages.sessions", "a session of {} bytes does not fit into a cookie", signed.len());
        }
        Ok(signed.into())
    }

    fn read(&self, cookie: &str, now: Timestamp) -> Option<SessionData> {
        let max_age = SignedDuration::from_secs(self.settings.session_cookie_age);
        let data: SessionData = match self.signer.unsign_object(cookie, now, Some(max_age)) {
            Ok(data) => data,
            Err(error) => {
                if !error.is_expired() {
                    tracing::warn!(target: "nuages.security.SuspiciousSession", "Session data corrupted");
                }
                return None;
            }
        };
        let signed_at = self.signer.signed_at(cookie)?;
        (Ending::of(&data, &self.settings).date(signed_at) >= now).then_some(data)
    }
}

impl SessionStore for CookieStore {
    fn accepts(&self, key: &str) -> bool {
        // As Django; the server's limit for headers is the only other one that a cookie has.
        key.len() >= 8
    }

    fn is_with_visitor(&self) -> bool {
        true
    }

    fn load<'a>(
        &'a self,
        key: &'a str,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Option<Stored>, Error>> {
        Box::pin(async move {
            Ok(self.read(key, now).map(|data| Stored {
                data,
                revision: Some(Revision::text("")),
            }))
        })
    }

    fn create<'a>(
        &'a self,
        _: &'a str,
        _: &'a SessionData,
        _: Timestamp,
    ) -> BoxFuture<'a, Result<bool, Error>> {
        Box::pin(async {
            Err(Error::store(
                "the key of a session in a cookie is the session",
            ))
        })
    }

    fn issue<'a>(
        &'a self,
        data: &'a SessionData,
        _: Timestamp,
        _: fn(&str) -> Cow<'_, str>,
    ) -> BoxFuture<'a, Result<Arc<str>, Error>> {
        Box::pin(async move { self.sign(data) })
    }

    fn replace<'a>(
        &'a self,
        _: &'a str,
        _: &'a Revision,
        data: &'a SessionData,
        _: Timestamp,
    ) -> BoxFuture<'a, Result<Replaced, Error>> {
        Box::pin(async move {
            Ok(Replaced::Saved {
                key: self.sign(data)?,
                revision: Some(Revision::text("")),
            })
        })
    }

    fn delete<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async { Ok(()) })
    }

    fn clear_expired(&self, _: Timestamp) -> BoxFuture<'_, Result<u64, Error>> {
        Box::pin(async { Ok(0) })
    }

    fn each<'a>(
        &'a self,
        _: Timestamp,
        _: &'a mut (dyn FnMut(Listed) + Send),
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async {
            Err(Error::store(
                "sessions in cookies lie with the visitors and cannot be listed",
            ))
        })
    }
}
