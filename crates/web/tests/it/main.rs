//! The web room from outside: Django's recorded behaviour.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it skipped, also in the functions that tests share"
)]

#[path = "../../../../conformance/src/asserted.rs"]
mod asserted;
mod converters;
mod query_dict;
#[path = "../../../../conformance/src/replay.rs"]
mod told;
mod urls;
