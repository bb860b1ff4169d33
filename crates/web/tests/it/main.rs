//! The room as a whole, and held against what Django does.

mod conformance;
mod site;
#[path = "../../../../conformance/src/replay.rs"]
mod told;
