//! Integration tests of the sessions room.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it skipped, also in the functions that tests share"
)]

#[path = "../../../../conformance/src/asserted.rs"]
mod asserted;
#[path = "../../../../tests/src/bomb.rs"]
#[expect(unreachable_pub, reason = "the file is shared with a library")]
mod bomb;
mod corpus;
mod corpus_messages;
mod corpus_ops;
mod database;
mod engine;
mod engines;
mod layer;
mod log;
mod messages;
#[path = "../../../../tests/src/peak.rs"]
#[expect(unreachable_pub, reason = "the file is shared with a library")]
mod peak;
mod site;
#[path = "../../../../tests/src/skip.rs"]
#[expect(unreachable_pub, reason = "the file is shared with a library")]
mod skip;
#[path = "../../../../conformance/src/replay.rs"]
mod told;
