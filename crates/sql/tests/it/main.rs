//! The SQL text, without a database.
//!
//! The modules are `cfg(test)` so that clippy knows their helper functions for tests.

#[cfg(test)]
mod alter;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod queries;
#[cfg(test)]
mod tables;
#[cfg(test)]
#[path = "../../../../conformance/src/replay.rs"]
mod told;
