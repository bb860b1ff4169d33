//! Domain names.

use super::{Complaint, Validator};
use crate::errors::ValidationError;
use crate::value::Value;

/// The longest domain name, in characters.
const LONGEST: usize = 255;

/// A text must be a domain name with at least two labels.
///
/// # Django
/// `DomainNameValidator`, `validate_domain_name`.
#[derive(Clone, Debug, PartialEq)]
pub struct DomainNameValidator {
    accept_idna: bool,
    complaint: Complaint,
}

impl DomainNameValidator {
    /// Letters of all scripts are right.
    pub fn new() -> Self {
        Self {
            accept_idna: true,
            complaint: Complaint::new("Enter a valid domain name.", "invalid"),
        }
    }

    /// Only ASCII is right.
    pub fn ascii_only(mut self) -> Self {
        self.accept_idna = false;
        self
    }
}

impl Default for DomainNameValidator {
    fn default() -> Self {
        Self::new()
    }
}

impl Validator for DomainNameValidator {
    fn validate(&self, value: &Value) -> Result<(), ValidationError> {
        let right = value.as_str().is_some_and(|text| {
            text.chars().count() <= LONGEST
                && if self.accept_idna {
                    is_domain(text, TrailingDot::Allowed)
                } else {
                    is_ascii_domain(text)
                }
        });
        if right {
            Ok(())
        } else {
            Err(self.complaint.about(value))
        }
    }
}

/// May a name end with a dot, which makes it absolute?
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum TrailingDot {
    Allowed,
    Refused,
}

/// The characters beyond ASCII that Django takes for letters of a name, but for white space and line ends.
fn is_letter_beyond_ascii(c: char) -> bool {
    ('\u{a1}'..='\u{ffff}').contains(&c) && !c.is_whitespace()
}

fn is_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || is_letter_beyond_ascii(c)
}

/// A label of 1 to 63 characters that has no hyphen at its ends.
fn is_label(label: &str, right: impl Fn(char) -> bool) -> bool {
    let length = label.chars().take(64).count();
    (1..=63).contains(&length)
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.chars().all(|c| c == '-' || right(c))
}

fn is_top_level(label: &str) -> bool {
    let is_punycode = label
        .get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("xn--"))
        && label[4..].bytes().all(|b| b.is_ascii_alphanumeric())
        && (5..=63).contains(&label.len());
    is_punycode
        || label.chars().nth(1).is_some()
            && is_label(label, |c| {
                c.is_ascii_alphabetic() || is_letter_beyond_ascii(c)
            })
}

/// Labels with dots between them, the last of which is a top-level domain.
pub(super) fn is_domain(name: &str, dot: TrailingDot) -> bool {
    let name = match name.strip_suffix('.') {
        Some(rest) if dot == TrailingDot::Allowed => rest,
        _ => name,
    };
    match name.rsplit_once('.') {
        Some((labels, last)) => {
            is_top_level(last) && labels.split('.').all(|label| is_label(label, is_name_char))
        }
        None => false,
    }
}

fn is_ascii_domain(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let right = |c: char| c.is_ascii_alphanumeric();
    match name.rsplit_once('.') {
        Some((labels, last)) => {
            last.len() >= 2
                && is_label(last, right)
                && labels.split('.').all(|label| is_label(label, right))
        }
        None => false,
    }
}
