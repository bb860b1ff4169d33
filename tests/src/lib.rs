//! What whole-site tests share: how a test says that it was skipped, and why.
//!
//! The journeys themselves are in `tests/it`.

mod skip;

pub use skip::skip;
