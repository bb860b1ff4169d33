//! Integration tests of the mail room.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, also in the functions that tests share"
)]

mod backends;
mod headers;
mod queue;
#[cfg(feature = "smtp")]
mod smtp;
