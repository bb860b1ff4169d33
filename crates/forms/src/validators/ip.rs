//! IP addresses.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::text_of;
use crate::errors::ValidationError;
use crate::value::Value;

/// The longest text of an IPv6 address, with an IPv4 address at its end.
const LONGEST: usize = 39;

fn complaint(value: &Value, protocol: &'static str) -> ValidationError {
    ValidationError::new("Enter a valid %(protocol)s address.")
        .code("invalid")
        .param("protocol", protocol)
        .param("value", value.clone())
}

pub(super) fn is_ipv4(text: &str) -> bool {
    text.parse::<Ipv4Addr>().is_ok()
}

/// The address of a text of at most so many characters; a zone after `%` is left out.
fn ipv6_of(text: &str, longest: usize) -> Option<Ipv6Addr> {
    if text.chars().count() > longest {
        return None;
    }
    let (address, zone) = match text.split_once('%') {
        Some((address, zone)) => (address, Some(zone)),
        None => (text, None),
    };
    let zone_right = zone.is_none_or(|zone| !zone.is_empty() && !zone.contains('%'));
    zone_right.then(|| address.parse().ok())?
}

/// Is the text an IPv6 address?
///
/// ```
/// use nuages_forms::validators::is_valid_ipv6_address;
///
/// assert!(is_valid_ipv6_address("2a02::223:6cff:fe8a:2e8a"));
/// assert!(!is_valid_ipv6_address("127.0.0.1"));
/// ```
///
/// # Django
/// `django.utils.ipv6.is_valid_ipv6_address`.
pub fn is_valid_ipv6_address(text: &str) -> bool {
    ipv6_of(text, LONGEST).is_some()
}

/// Writes IPv6 addresses in the one way that is the shortest.
///
/// ```
/// use nuages_forms::validators::Ipv6Cleaner;
///
/// let cleaner = Ipv6Cleaner::default();
/// assert_eq!(cleaner.clean("2001:000:a:0000:0:FE:fe:beef")?, "2001:0:a::fe:fe:beef");
/// assert_eq!(cleaner.clean("::ffff:1234:1234")?, "::ffff:18.52.18.52");
/// assert_eq!(cleaner.clone().unpack_ipv4().clean("::ffff:1234:1234")?, "18.52.18.52");
/// assert!(cleaner.clean("1:2").is_err());
/// # Ok::<(), nuages_forms::ValidationError>(())
/// ```
///
/// # Django
/// `django.utils.ipv6.clean_ipv6_address`, its arguments being the methods.
#[derive(Clone, Debug)]
pub struct Ipv6Cleaner {
    unpack_ipv4: bool,
    error_message: String,
    max_length: usize,
}

impl Default for Ipv6Cleaner {
    fn default() -> Self {
        Self {
            unpack_ipv4: false,
            error_message: "This is not a valid IPv6 address.".to_owned(),
            max_length: LONGEST,
        }
    }
}

impl Ipv6Cleaner {
    /// An IPv4 address that was mapped to IPv6 becomes one again.
    #[must_use]
    pub fn unpack_ipv4(mut self) -> Self {
        self.unpack_ipv4 = true;
        self
    }

    /// The words of the error.
    #[must_use]
    pub fn error_message(mut self, message: impl Into<String>) -> Self {
        self.error_message = message.into();
        self
    }

    /// How many characters a text may have; 39 unless told.
    #[must_use]
    pub fn max_length(mut self, characters: usize) -> Self {
        self.max_length = characters;
        self
    }

    /// The address of a text in its shortest form.
    ///
    /// # Errors
    /// The text is no IPv6 address, or too long.
    pub fn clean(&self, text: &str) -> Result<String, ValidationError> {
        let address = ipv6_of(text, self.max_length).ok_or_else(|| {
            ValidationError::new(self.error_message.clone())
                .code("invalid")
                .param("protocol", "IPv6")
        })?;
        Ok(match address.to_ipv4_mapped() {
            Some(mapped) if self.unpack_ipv4 => mapped.to_string(),
            _ => address.to_string(),
        })
    }
}

/// A text must be an IPv4 address.
///
/// # Errors
/// It is none.
pub fn validate_ipv4_address(value: &Value) -> Result<(), ValidationError> {
    if is_ipv4(&text_of(value)) {
        return Ok(());
    }
    Err(complaint(value, "IPv4"))
}

/// A text must be an IPv6 address.
///
/// # Errors
/// It is none.
pub fn validate_ipv6_address(value: &Value) -> Result<(), ValidationError> {
    if is_valid_ipv6_address(&text_of(value)) {
        return Ok(());
    }
    Err(complaint(value, "IPv6"))
}

/// A text must be an IPv4 or an IPv6 address.
///
/// # Errors
/// It is neither.
pub fn validate_ipv46_address(value: &Value) -> Result<(), ValidationError> {
    let text = text_of(value);
    if is_ipv4(&text) || is_valid_ipv6_address(&text) {
        return Ok(());
    }
    Err(complaint(value, "IPv4 or IPv6"))
}
