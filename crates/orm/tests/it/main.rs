//! The room against a database in memory.

mod deleting;
mod library;
mod models;
mod querying;
mod saving;
mod sql;
mod templates;
