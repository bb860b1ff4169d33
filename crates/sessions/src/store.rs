//! Where sessions are kept.

use std::fmt;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::Error;

/// What a session holds: names and JSON values, in the order of their first setting.
pub type SessionData = Map<String, Value>;

/// A place where sessions are kept, by key.
///
/// # Django
/// `SessionBase`'s five abstract methods.
pub trait SessionStore: fmt::Debug + Send + Sync {
    /// The data of a session that has not expired by `now`.
    ///
    /// Data that was damaged or signed by somebody else is an empty session.
    fn load<'a>(
        &'a self,
        key: &'a str,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Option<SessionData>, Error>>;

    /// Adds a session; `false` when the key is taken, which leaves the other session as it is.
    fn create<'a>(
        &'a self,
        key: &'a str,
        data: &'a SessionData,
        expires: Timestamp,
    ) -> BoxFuture<'a, Result<bool, Error>>;

    /// Replaces a session; `false` when there is none, which adds none.
    fn update<'a>(
        &'a self,
        key: &'a str,
        data: &'a SessionData,
        expires: Timestamp,
    ) -> BoxFuture<'a, Result<bool, Error>>;

    /// Removes a session, if there is one.
    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), Error>>;

    /// Removes the sessions that have expired by `now`, and says how many (the `clearsessions` command).
    fn clear_expired(&self, now: Timestamp) -> BoxFuture<'_, Result<u64, Error>>;
}
