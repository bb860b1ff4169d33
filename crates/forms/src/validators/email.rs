//! E-mail addresses.

use super::domain::{TrailingDot, is_domain};
use super::ip::{is_ipv4, is_valid_ipv6_address};
use super::{Complaint, Validator};
use crate::errors::ValidationError;
use crate::text::Text;
use crate::value::Value;

/// The longest address, in characters (RFC 3696, section 3).
const LONGEST: usize = 320;

/// A text must be an e-mail address.
///
/// ```
/// use nuages_forms::validators::{EmailValidator, Validator};
/// let email = EmailValidator::new();
/// assert!(email.validate(&"ada@example.com".into()).is_ok());
/// assert!(email.validate(&"ada@example".into()).is_err());
/// ```
///
/// # Django
/// `EmailValidator`, `validate_email`.
#[derive(Clone, Debug, PartialEq)]
pub struct EmailValidator {
    allowlist: Vec<String>,
    complaint: Complaint,
}

impl EmailValidator {
    /// Addresses at a domain name, an IP address in brackets or `localhost`.
    pub fn new() -> Self {
        Self {
            allowlist: vec!["localhost".to_owned()],
            complaint: Complaint::new("Enter a valid email address.", "invalid"),
        }
    }

    /// With these hosts, instead of `localhost`, that are right without being domain names.
    pub fn allowlist<S: Into<String>>(mut self, hosts: impl IntoIterator<Item = S>) -> Self {
        self.allowlist = hosts.into_iter().map(Into::into).collect();
        self
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
        if text.chars().take(LONGEST + 1).count() > LONGEST {
            return false;
        }
        let Some((user, host)) = text.rsplit_once('@') else {
            return false;
        };
        (is_dot_atom(user) || is_quoted(user))
            && (self.allowlist.iter().any(|allowed| allowed == host)
                || is_domain(host, TrailingDot::Refused)
                || is_literal(host))
    }
}

impl Default for EmailValidator {
    fn default() -> Self {
        Self::new()
    }
}

impl Validator for EmailValidator {
    fn validate(&self, value: &Value) -> Result<(), ValidationError> {
        if value.as_str().is_some_and(|text| self.accepts(text)) {
            return Ok(());
        }
        Err(self.complaint.about(value))
    }
}

/// Letters beyond ASCII that are A to Z when case does not matter, as Django's regular expression reads them.
///
/// # Security
/// An address with one of them is not the address without: who compares addresses has to know.
const NEARLY_ASCII: [char; 4] = ['\u{130}', '\u{131}', '\u{17f}', '\u{212a}'];

/// Words of letters, digits and signs, with single dots between them.
fn is_dot_atom(user: &str) -> bool {
    let right = |char: char| {
        char.is_ascii_alphanumeric()
            || "-!#$%&'*+/=?^_`{}|~".contains(char)
            || NEARLY_ASCII.contains(&char)
    };
    user.split('.')
        .all(|word| !word.is_empty() && word.chars().all(right))
}

/// Nearly any ASCII in quotes, with a backslash before what needs one.
fn is_quoted(user: &str) -> bool {
    let Some(inner) = user
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    else {
        return false;
    };
    let mut chars = inner.chars();
    while let Some(char) = chars.next() {
        let right = match char {
            '\\' => chars.next().is_some_and(|char| {
                matches!(char, '\u{1}'..='\t' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{7f}')
                    || NEARLY_ASCII.contains(&char)
            }),
            '"' => false,
            char => {
                matches!(char, '\u{1}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '!' | '#'..='[' | ']'..='\u{7f}')
                    || NEARLY_ASCII.contains(&char)
            }
        };
        if !right {
            return false;
        }
    }
    true
}

/// An IP address in brackets.
fn is_literal(host: &str) -> bool {
    host.strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .filter(|ip| {
            ip.bytes()
                .all(|b| b.is_ascii_hexdigit() || matches!(b, b':' | b'.'))
        })
        .is_some_and(|ip| is_ipv4(ip) || is_valid_ipv6_address(ip))
}
