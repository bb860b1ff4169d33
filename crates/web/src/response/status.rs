//! The words after a status.

use http::StatusCode;

/// The words of the standard, in Django's spelling.
pub(super) fn reason_of(status: StatusCode) -> &'static str {
    match status.as_u16() {
        413 => "Content Too Large",
        418 => "I'm a Teapot",
        422 => "Unprocessable Content",
        _ => status.canonical_reason().unwrap_or("Unknown Status Code"),
    }
}
