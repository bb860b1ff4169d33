//! Web addresses.

use super::domain::{TrailingDot, is_domain};
use super::ip::{is_ipv4, is_valid_ipv6_address};
use super::{Complaint, Validator};
use crate::errors::ValidationError;
use crate::number::is_space;
use crate::text::Text;
use crate::value::Value;

/// The longest address, in characters.
const LONGEST: usize = 2048;

/// The longest host name, in characters (RFC 1034, section 3.1).
const LONGEST_HOST: usize = 253;

/// Characters that turn into `/`, `?`, `#`, `@` or `:` when a host name is normalized, which would move its end.
static TREACHEROUS: &[char] = &[
    '\u{2047}', '\u{2048}', '\u{2049}', '\u{2100}', '\u{2101}', '\u{2105}', '\u{2106}', '\u{2a74}',
    '\u{fe13}', '\u{fe16}', '\u{fe55}', '\u{fe56}', '\u{fe5f}', '\u{fe6b}', '\u{ff03}', '\u{ff0f}',
    '\u{ff1a}', '\u{ff1f}', '\u{ff20}',
];

/// A text must be a whole URL: scheme, host and perhaps more.
///
/// ```
/// use nuages_forms::validators::{UrlValidator, Validator};
/// let url = UrlValidator::new();
/// assert!(url.validate(&"https://example.com/a?b=c".into()).is_ok());
/// assert!(url.validate(&"javascript:alert(1)".into()).is_err());
/// ```
///
/// # Django
/// `URLValidator`.
#[derive(Clone, Debug, PartialEq)]
pub struct UrlValidator {
    schemes: Vec<String>,
    complaint: Complaint,
}

impl UrlValidator {
    /// Addresses with `http`, `https`, `ftp` or `ftps`.
    pub fn new() -> Self {
        Self::with_schemes(["http", "https", "ftp", "ftps"])
    }

    /// Addresses with one of these schemes, written in lower case.
    pub fn with_schemes<S: Into<String>>(schemes: impl IntoIterator<Item = S>) -> Self {
        Self {
            schemes: schemes.into_iter().map(Into::into).collect(),
            complaint: Complaint::new("Enter a valid URL.", "invalid"),
        }
    }

    /// With another message.
    pub fn message(mut self, message: impl Into<Text>) -> Self {
        self.complaint.message = message.into();
        self
    }

    /// With another code.
    pub fn code(mut self, code: impl Into<std::borrow::Cow<'static, str>>) -> Self {
        self.complaint.code = code.into();
        self
    }

    fn accepts(&self, text: &str) -> bool {
        if text.chars().take(LONGEST + 1).count() > LONGEST || text.contains(['\t', '\r', '\n']) {
            return false;
        }
        let Some((scheme, rest)) = text.split_once("://") else {
            return false;
        };
        let scheme_right = scheme
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'+' | b'-'));
        let scheme = scheme.to_lowercase();
        scheme_right
            && self.schemes.contains(&scheme)
            && is_plain_authority(rest)
            && (after_user(rest).is_some_and(is_host_and_more) || is_host_and_more(rest))
    }
}

impl Default for UrlValidator {
    fn default() -> Self {
        Self::new()
    }
}

impl Validator for UrlValidator {
    fn validate(&self, value: &Value) -> Result<(), ValidationError> {
        if value.as_str().is_some_and(|text| self.accepts(text)) {
            return Ok(());
        }
        Err(self.complaint.about(value))
    }
}

/// The checks on user, host and port together, as a browser cuts them out: brackets and look-alikes.
fn is_plain_authority(rest: &str) -> bool {
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let authority = &rest[..end];
    let host = authority.rsplit('@').next().unwrap_or_default();
    if host.is_empty() || authority.contains(TREACHEROUS) {
        return false;
    }
    if authority.contains(['[', ']']) {
        let Some((ip, after)) = host
            .strip_prefix('[')
            .and_then(|inner| inner.split_once(']'))
        else {
            return false;
        };
        return is_valid_ipv6_address(ip) && (after.is_empty() || after.starts_with(':'));
    }
    let name = host.split(':').next().unwrap_or_default();
    !name.is_empty() && name.chars().take(LONGEST_HOST + 1).count() <= LONGEST_HOST
}

/// What follows `user:password@`; nothing if there is no such thing.
fn after_user(rest: &str) -> Option<&str> {
    let (user, after) = rest.split_once('@')?;
    let (name, password) = user.split_once(':').unwrap_or((user, ""));
    // Django lets `?` and `#` pass here, where browsers end the host.
    let right = |part: &str| !part.contains([':', '/', '?', '#']) && !part.contains(is_space);
    (!name.is_empty() && right(name) && right(password)).then_some(after)
}

/// A host, perhaps a port, perhaps a path, a query or a fragment, to the end.
fn is_host_and_more(rest: &str) -> bool {
    let host_end = if rest.starts_with('[') {
        rest.find(']').map_or(rest.len(), |at| at + 1)
    } else {
        rest.find([':', '/', '?', '#']).unwrap_or(rest.len())
    };
    let (host, mut rest) = rest.split_at(host_end);
    if let Some(port) = rest.strip_prefix(':') {
        let digits = port.bytes().take_while(u8::is_ascii_digit).count();
        if !(1..=5).contains(&digits) {
            return false;
        }
        rest = &port[digits..];
    }
    let rest_right =
        rest.is_empty() || rest.starts_with(['/', '?', '#']) && !rest.contains(is_space);
    let literal = host
        .strip_prefix('[')
        .and_then(|inner| inner.strip_suffix(']'))
        .is_some_and(|ip| {
            ip.bytes()
                .all(|b| b.is_ascii_hexdigit() || matches!(b, b':' | b'.'))
        });
    let host_right = literal
        || is_ipv4(host)
        || host.eq_ignore_ascii_case("localhost")
        || is_domain(host, TrailingDot::Allowed);
    rest_right && host_right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_of_the_slash_are_refused() {
        let check = |text: &str, expect: bool| {
            assert_eq!(UrlValidator::new().accepts(text), expect, "{text}");
        };
        check("http://example.com", true);
        check("http://example.com\u{ff0f}.evil.org", false);
        check("http://a?b@example.com/", false);
        check("http://[::1]:80/x", true);
        check("http://[::1", false);
        check("http://example.com:123456/", false);
    }
}
