//! Integration tests of the auth room.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it skipped, also in the functions that tests share"
)]

#[path = "../../../../conformance/src/asserted.rs"]
mod asserted;
mod attacks;
mod database;
mod forms;
mod hasher_records;
mod hashers;
mod login;
mod pages;
mod redirect_records;
mod scenario;
mod site;
mod tokens;
#[path = "../../../../conformance/src/replay.rs"]
mod told;
mod users;
mod validators;
