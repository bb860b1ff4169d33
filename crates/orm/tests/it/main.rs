//! The room against a database in memory.

mod deleting;
mod library;
mod models;
#[cfg(test)]
mod pagination;
mod querying;
mod saving;
mod sql;
mod templates;
#[path = "../../../../conformance/src/replay.rs"]
mod told;
