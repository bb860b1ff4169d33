//! Where sessions are kept.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use nuages_cache::Token;
use serde_json::{Map, Value};

use crate::key::{is_key, new_key};
use crate::{Error, SessionInfo};

/// What a session holds: names and JSON values, in the order of their first setting.
pub type SessionData = Map<String, Value>;

/// A session as the store has it.
#[derive(Debug, Clone)]
pub struct Stored {
    /// What it holds.
    pub data: SessionData,
    /// Tells whether it is still the same; `None` where the store must be asked again before a change.
    pub revision: Option<Revision>,
}

/// What tells whether a stored session is still the one that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision(pub(crate) Mark);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mark {
    /// The stored text.
    Text(String),
    /// A cache's own mark.
    Cache(Token),
}

impl Revision {
    /// The session is the same while its text is.
    pub fn text(text: impl Into<String>) -> Self {
        Self(Mark::Text(text.into()))
    }

    /// The session is the same while the cached value is.
    pub fn cached(token: Token) -> Self {
        Self(Mark::Cache(token))
    }

    /// The text of [`Revision::text`].
    pub fn as_text(&self) -> Option<&str> {
        match &self.0 {
            Mark::Text(text) => Some(text),
            Mark::Cache(_) => None,
        }
    }
}

/// How replacing a session went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replaced {
    /// It is stored.
    Saved {
        /// The key of the session from now on; it changes only where the key is the session itself.
        key: Arc<str>,
        /// As [`Stored::revision`].
        revision: Option<Revision>,
    },
    /// The store holds another revision, or none: nothing was changed.
    Changed,
}

/// One session of a listing.
#[derive(Clone)]
pub struct Listed {
    /// Its key: as good as a password.
    pub key: String,
    /// What it holds.
    pub data: SessionData,
    /// When it ends, where the store knows.
    pub expires: Option<Timestamp>,
}

impl fmt::Debug for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listed")
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

/// A place where sessions are kept, by key.
///
/// # Django
/// `SessionBase`'s abstract methods. What Django does not have is [`replace`](Self::replace), which changes a session only
/// where it is still the one that was read: so of two requests that change different names, neither is lost.
pub trait SessionStore: fmt::Debug + Send + Sync {
    /// True when what a cookie brought could be a key: 8 to 40 lower-case letters and digits.
    ///
    /// What could not is never looked up.
    fn accepts(&self, key: &str) -> bool {
        is_key(key)
    }

    /// True when the key is the session itself, and nothing is kept here.
    fn is_with_visitor(&self) -> bool {
        false
    }

    /// A session that has not expired by `now`.
    ///
    /// Data that was damaged or signed by somebody else is an empty session.
    fn load<'a>(
        &'a self,
        key: &'a str,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Option<Stored>, Error>>;

    /// As [`load`](Self::load), never from a copy that may be old.
    fn reload<'a>(
        &'a self,
        key: &'a str,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Option<Stored>, Error>> {
        self.load(key, now)
    }

    /// Adds a session; `false` when the key is taken, which leaves the other session as it is.
    fn create<'a>(
        &'a self,
        key: &'a str,
        data: &'a SessionData,
        expires: Timestamp,
    ) -> BoxFuture<'a, Result<bool, Error>>;

    /// Adds a session under a new key that nobody can guess.
    ///
    /// `name` says under which name the store keeps a key: the key itself, or its hash (`session_hash_keys`).
    fn issue<'a>(
        &'a self,
        data: &'a SessionData,
        expires: Timestamp,
        name: fn(&str) -> Cow<'_, str>,
    ) -> BoxFuture<'a, Result<Arc<str>, Error>> {
        Box::pin(async move {
            // A key that is taken is not to be expected in the age of the universe: more than one is a store that refuses.
            for _ in 0..100 {
                let key = new_key();
                if self.create(&name(&key), data, expires).await? {
                    return Ok(key);
                }
            }
            Err(Error::store(
                "no new session can be stored: the cache may be full or turned off",
            ))
        })
    }

    /// Replaces a session where it is still of this revision.
    fn replace<'a>(
        &'a self,
        key: &'a str,
        revision: &'a Revision,
        data: &'a SessionData,
        expires: Timestamp,
    ) -> BoxFuture<'a, Result<Replaced, Error>>;

    /// Removes a session, if there is one.
    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), Error>>;

    /// Removes the sessions that have expired by `now`, and says how many (the `clearsessions` command).
    fn clear_expired(&self, now: Timestamp) -> BoxFuture<'_, Result<u64, Error>>;

    /// Shows every session that has not expired by `now`.
    ///
    /// It costs a reading of all of them: a page where a user looks at their devices, not every request.
    fn each<'a>(
        &'a self,
        now: Timestamp,
        look: &'a mut (dyn FnMut(Listed) + Send),
    ) -> BoxFuture<'a, Result<(), Error>>;

    /// Shows the sessions in which a user is logged in and that have not expired by `now`.
    ///
    /// A store that has no index of users reads all of its sessions for it.
    fn each_of<'a>(
        &'a self,
        user: &'a str,
        now: Timestamp,
        look: &'a mut (dyn FnMut(Listed) + Send),
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move { self.each(now, &mut only_of(user, look)).await })
    }
}

/// Looks only at the sessions of a user.
pub(crate) fn only_of<'a>(
    user: &'a str,
    look: &'a mut (dyn FnMut(Listed) + Send),
) -> impl FnMut(Listed) + Send + 'a {
    move |listed| {
        if SessionInfo::user_of(&listed.data) == Some(user) {
            look(listed);
        }
    }
}
