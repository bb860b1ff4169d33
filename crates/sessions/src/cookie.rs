//! The cookies of sessions and messages.

use axum_core::body::Body;
use http::header::SET_COOKIE;
use http::{HeaderMap, Response};
use jiff::Timestamp;
use nuages_security::cookie::{SetCookie, get};

use crate::{Error, Session, SessionSettings};

/// The cookie that carries messages.
pub(crate) const MESSAGES_COOKIE: &str = "messages";

/// The value of a cookie; an empty one counts as present.
pub(crate) fn find(headers: &HeaderMap, name: &str) -> Option<String> {
    get(headers, name).map(std::borrow::Cow::into_owned)
}

/// Sets the cookie of a session that was stored.
pub(crate) async fn set(res: &mut Response<Body>, session: &Session) -> Result<(), Error> {
    let settings = session.settings();
    let key = session.session_key().unwrap_or_default();
    let mut cookie = SetCookie::new(settings.session_cookie_name.as_str(), &*key)
        .path(settings.session_cookie_path.as_str())
        .secure(settings.session_cookie_secure)
        .http_only(settings.session_cookie_httponly);
    if !session.expires_at_browser_close().await? {
        cookie = cookie.max_age(session.expiry_age().await?.as_secs());
    }
    let now = session.sessions().now();
    append(res, &with_scope(cookie, settings), now);
    Ok(())
}

/// Deletes the cookie of a session that was emptied.
pub(crate) fn delete(res: &mut Response<Body>, settings: &SessionSettings) {
    let cookie = SetCookie::delete(settings.session_cookie_name.as_str())
        .path(settings.session_cookie_path.as_str());
    append(res, &with_scope(cookie, settings), Timestamp::UNIX_EPOCH);
}

/// Sets the cookie of messages, with the flags of the session's.
pub(crate) fn set_messages(res: &mut Response<Body>, value: &str, settings: &SessionSettings) {
    let cookie = SetCookie::new(MESSAGES_COOKIE, value)
        .secure(settings.session_cookie_secure)
        .http_only(settings.session_cookie_httponly);
    append(res, &with_scope(cookie, settings), Timestamp::UNIX_EPOCH);
}

/// Deletes the cookie of messages that were shown.
pub(crate) fn delete_messages(res: &mut Response<Body>, settings: &SessionSettings) {
    let cookie = SetCookie::delete(MESSAGES_COOKIE);
    append(res, &with_scope(cookie, settings), Timestamp::UNIX_EPOCH);
}

fn with_scope<'a>(cookie: SetCookie<'a>, settings: &'a SessionSettings) -> SetCookie<'a> {
    let cookie = cookie.same_site(settings.session_cookie_samesite);
    match &settings.session_cookie_domain {
        Some(domain) => cookie.domain(domain.as_str()),
        None => cookie,
    }
}

fn append(res: &mut Response<Body>, cookie: &SetCookie<'_>, now: Timestamp) {
    match cookie.to_header_value(now) {
        Ok(value) => {
            res.headers_mut().append(SET_COOKIE, value);
        }
        // Only settings can be wrong here, and a check at the start says so.
        Err(error) => tracing::error!(target: "nuages.sessions", %error, "a cookie cannot be set"),
    }
}
