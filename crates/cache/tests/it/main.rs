//! Integration tests of the cache room.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, also in the functions that tests share"
)]

mod bench;
#[path = "../../../../tests/src/bomb.rs"]
#[expect(unreachable_pub, reason = "the file is shared with a library")]
mod bomb;
mod conformance;
mod files;
mod hostile;
mod keys;
#[path = "../../../../tests/src/peak.rs"]
#[expect(unreachable_pub, reason = "the file is shared with a library")]
mod peak;
mod pickles;
mod python;
#[cfg(feature = "redis")]
mod redis;
#[path = "../../../../tests/src/skip.rs"]
#[expect(unreachable_pub, reason = "the file is shared with a library")]
mod skip;
mod suite;
#[path = "../../../../conformance/src/replay.rs"]
mod told;
mod values;
