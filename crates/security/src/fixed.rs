//! Header values that are made once and sent with every response.

use http::HeaderValue;
use http::header::InvalidHeaderValue;

/// What sites usually say: a copy of these touches no counter that all threads share.
const USUAL: &[&str] = &[
    "DENY",
    "SAMEORIGIN",
    "no-referrer",
    "origin",
    "same-origin",
    "same-origin-allow-popups",
    "strict-origin",
    "strict-origin-when-cross-origin",
    "unsafe-none",
];

/// The header value of a text of the settings.
///
/// # Errors
/// When no header can hold the text.
pub(crate) fn fixed_value(text: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    match USUAL.iter().find(|usual| **usual == text) {
        Some(usual) => Ok(HeaderValue::from_static(usual)),
        None => HeaderValue::from_str(text),
    }
}
