//! The room against a database in memory.

mod deleting;
mod library;
mod models;
mod pagination;
mod querying;
mod saving;
mod sql;
mod templates;
#[path = "../../../../conformance/src/replay.rs"]
mod told;
