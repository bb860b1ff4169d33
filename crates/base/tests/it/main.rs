//! The shared words, seen from outside.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking, also in the functions that tests share"
)]

mod signal_records;
mod signals;
#[path = "../../../../conformance/src/replay.rs"]
mod told;
