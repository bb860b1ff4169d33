//! The room as a whole, and held against what Django does.

#[cfg(test)]
mod conformance;
#[cfg(test)]
mod site;
#[path = "../../../../conformance/src/replay.rs"]
mod told;
