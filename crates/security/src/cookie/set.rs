//! The `Set-Cookie` header.

use std::borrow::Cow;
use std::fmt::Write;

use http::HeaderValue;
use jiff::{SignedDuration, Timestamp};

use super::SameSite;
use super::quote::{is_plain, quote};
use crate::date::http_date;

/// A cookie to set.
///
/// # Django
/// The arguments of `HttpResponse.set_cookie()`.
#[derive(Debug, Clone)]
pub struct SetCookie<'a> {
    name: Cow<'a, str>,
    value: Cow<'a, str>,
    life: Life,
    path: Cow<'a, str>,
    domain: Cow<'a, str>,
    secure: bool,
    http_only: bool,
    same_site: SameSite,
}

/// How long the browser keeps it.
#[derive(Debug, Clone, Copy)]
enum Life {
    Session,
    MaxAge(i64),
    Until(Timestamp),
    Over,
}

/// A cookie that cannot be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CookieError {
    /// The name has characters that a name cannot have, or none at all.
    #[error("Illegal key: a cookie's name is letters, digits and !#$%&'*+-.^_`|~:")]
    IllegalName,
    /// The name is that of an attribute.
    #[error("Attempt to set a reserved key: the name is that of a cookie attribute")]
    ReservedName,
    /// A control character, which could end the header or the attribute.
    #[error("Control characters are not allowed in cookies")]
    ControlCharacter,
    /// A semicolon in the path or the domain would begin another attribute.
    #[error("The path and the domain of a cookie cannot have a semicolon")]
    Semicolon,
}

impl<'a> SetCookie<'a> {
    /// A cookie for the whole site that ends with the browser's session.
    pub fn new(name: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
            life: Life::Session,
            path: Cow::Borrowed("/"),
            domain: Cow::Borrowed(""),
            secure: false,
            http_only: false,
            same_site: SameSite::Unset,
        }
    }

    /// A cookie that makes the browser forget the one of this name.
    ///
    /// Path and domain must be those it was set with.
    ///
    /// # Django
    /// `HttpResponse.delete_cookie()`.
    pub fn delete(name: impl Into<Cow<'a, str>>) -> Self {
        let mut cookie = Self::new(name, "");
        // Without `Secure` browsers ignore what concerns these names.
        cookie.secure = cookie.name.starts_with("__Secure-") || cookie.name.starts_with("__Host-");
        cookie.life = Life::Over;
        cookie
    }

    /// Keeps it for so many seconds.
    pub fn max_age(mut self, seconds: i64) -> Self {
        self.life = Life::MaxAge(seconds);
        self
    }

    /// Keeps it until this moment.
    pub fn expires(mut self, at: Timestamp) -> Self {
        self.life = Life::Until(at);
        self
    }

    /// Sends it back only below this path; empty for the path of the request.
    pub fn path(mut self, path: impl Into<Cow<'a, str>>) -> Self {
        self.path = path.into();
        self
    }

    /// Sends it back to this domain and its subdomains.
    pub fn domain(mut self, domain: impl Into<Cow<'a, str>>) -> Self {
        self.domain = domain.into();
        self
    }

    /// Sends it back only over HTTPS.
    pub fn secure(mut self, secure: bool) -> Self {
        self.secure = secure;
        self
    }

    /// Hides it from scripts.
    pub fn http_only(mut self, http_only: bool) -> Self {
        self.http_only = http_only;
        self
    }

    /// Whether other sites' requests carry it.
    pub fn same_site(mut self, same_site: SameSite) -> Self {
        self.same_site = same_site;
        // A cookie to delete was set with `Secure`, else the browser had not taken it.
        if matches!(self.life, Life::Over) && same_site == SameSite::None {
            self.secure = true;
        }
        self
    }

    /// The value of the `Set-Cookie` header.
    ///
    /// # Errors
    /// When the name is not one, or a control character is anywhere.
    ///
    /// # Security
    /// Neither the value nor an attribute can begin another attribute or another header.
    pub fn to_header_value(&self, now: Timestamp) -> Result<HeaderValue, CookieError> {
        const RESERVED: [&str; 9] = [
            "expires", "path", "comment", "domain", "max-age", "secure", "httponly", "version",
            "samesite",
        ];
        if RESERVED
            .iter()
            .any(|word| word.eq_ignore_ascii_case(&self.name))
        {
            return Err(CookieError::ReservedName);
        }
        if self.name.is_empty() || !self.name.chars().all(is_plain) {
            return Err(CookieError::IllegalName);
        }
        let control = |text: &str| text.bytes().any(|byte| byte < 0x20 || byte == 0x7f);
        if control(&self.value) || control(&self.path) || control(&self.domain) {
            return Err(CookieError::ControlCharacter);
        }
        if self.path.contains(';') || self.domain.contains(';') {
            return Err(CookieError::Semicolon);
        }
        let mut text = String::with_capacity(160);
        let _ = write!(text, "{}={}", self.name, quote(&self.value));
        if !self.domain.is_empty() {
            let _ = write!(text, "; Domain={}", self.domain);
        }
        let (expires, max_age) = match self.life {
            Life::Session => (None, None),
            Life::Over => (Some(Timestamp::UNIX_EPOCH), Some(0)),
            Life::MaxAge(seconds) => (Some(later(now, seconds)), Some(seconds)),
            Life::Until(at) => {
                // Whole seconds, rounded up past the end: as Django counts them.
                let left = at.duration_since(now) + SignedDuration::from_secs(1);
                let seconds = left.as_secs().max(0);
                (Some(later(now, seconds)), Some(seconds))
            }
        };
        if let Some(at) = expires {
            let _ = write!(text, "; expires={}", http_date(at));
        }
        if self.http_only {
            text.push_str("; HttpOnly");
        }
        if let Some(seconds) = max_age {
            let _ = write!(text, "; Max-Age={seconds}");
        }
        if !self.path.is_empty() {
            let _ = write!(text, "; Path={}", self.path);
        }
        if let Some(same_site) = self.same_site.as_str() {
            let _ = write!(text, "; SameSite={same_site}");
        }
        if self.secure {
            text.push_str("; Secure");
        }
        HeaderValue::from_bytes(text.as_bytes()).map_err(|_| CookieError::ControlCharacter)
    }
}

fn later(now: Timestamp, seconds: i64) -> Timestamp {
    now.saturating_add(SignedDuration::from_secs(seconds))
        .unwrap_or(Timestamp::MAX)
}
