//! How long a session may last in all, and how long it may lie unused.

use jiff::Timestamp;
use serde_json::Value;

use crate::{SessionData, SessionSettings};

/// When the session was begun, in seconds since 1970.
const BORN: &str = "_session_born";
/// When the session was last used.
const SEEN: &str = "_session_seen";

fn second(data: &SessionData, name: &str) -> Option<i64> {
    data.get(name).and_then(Value::as_i64)
}

/// True when the session has outlived what the settings allow.
pub(crate) fn is_over(data: &SessionData, settings: &SessionSettings, now: Timestamp) -> bool {
    let older = |name: &str, limit: Option<i64>| match (limit, second(data, name)) {
        (Some(limit), Some(then)) => now.as_second().saturating_sub(then) > limit,
        _ => false,
    };
    older(BORN, settings.session_absolute_age) || older(SEEN, settings.session_idle_age)
}

/// Notes that the session begins now.
pub(crate) fn begin(data: &mut SessionData, settings: &SessionSettings, now: Timestamp) {
    if settings.session_absolute_age.is_some() {
        data.insert(BORN.to_owned(), now.as_second().into());
    }
    if settings.session_idle_age.is_some() {
        data.insert(SEEN.to_owned(), now.as_second().into());
    }
}

/// True when [`begin`] or [`see`] has something to note: a session from before the setting, or one whose last use was
/// noted so long ago that it matters (a sixtieth of the idle time, so that not every request writes).
pub(crate) fn is_stale(data: &SessionData, settings: &SessionSettings, now: Timestamp) -> bool {
    let unborn = settings.session_absolute_age.is_some() && second(data, BORN).is_none();
    let unseen = settings.session_idle_age.is_some_and(|limit| {
        second(data, SEEN).is_none_or(|then| now.as_second().saturating_sub(then) > limit / 60)
    });
    unborn || unseen
}

/// Notes that the session is used now.
pub(crate) fn see(data: &mut SessionData, settings: &SessionSettings, now: Timestamp) {
    if settings.session_absolute_age.is_some() && second(data, BORN).is_none() {
        data.insert(BORN.to_owned(), now.as_second().into());
    }
    if settings.session_idle_age.is_some() {
        data.insert(SEEN.to_owned(), now.as_second().into());
    }
}
