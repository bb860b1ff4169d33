//! What whole-site tests share: how a test says that it was skipped, and why; how much memory a piece of work takes.
//!
//! The journeys themselves are in `tests/it`.

mod peak;
mod skip;

pub use peak::Peak;
pub use skip::skip;
