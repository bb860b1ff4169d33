//! The layers against Django's recorded behaviour, against attacks, and against random bytes.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::needless_pass_by_value,
    reason = "a test may fail, says what it skipped, and its words are chosen for the tables"
)]

mod attacks;
mod checks;
mod cookies;
mod corpus;
mod csrf;
mod headers;
mod hosts;
mod properties;
mod redirects;
mod request;
#[path = "../../../../conformance/src/replay.rs"]
mod told;
