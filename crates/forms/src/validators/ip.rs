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

pub(super) fn is_ipv6(text: &str) -> bool {
    if text.len() > LONGEST {
        return false;
    }
    let (address, zone) = match text.split_once('%') {
        Some((address, zone)) => (address, Some(zone)),
        None => (text, None),
    };
    zone.is_none_or(|zone| !zone.is_empty() && !zone.contains('%'))
        && address.parse::<Ipv6Addr>().is_ok()
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
    if is_ipv6(&text_of(value)) {
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
    if is_ipv4(&text) || is_ipv6(&text) {
        return Ok(());
    }
    Err(complaint(value, "IPv4 or IPv6"))
}
