//! Signing against Django's recorded behaviour, and against random text.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::needless_pass_by_value,
    clippy::unnecessary_wraps,
    reason = "a test may fail, says what it skipped, and its words are chosen for the tables"
)]

mod attacks;
#[path = "../../../../tests/src/bomb.rs"]
#[expect(unreachable_pub, reason = "the file is shared with a library")]
mod bomb;
mod conformance;
#[path = "../../../../tests/src/peak.rs"]
#[expect(unreachable_pub, reason = "the file is shared with a library")]
mod peak;
mod properties;
mod timing;
#[path = "../../../../conformance/src/replay.rs"]
mod told;
