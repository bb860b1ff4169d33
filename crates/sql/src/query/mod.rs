//! Statements that read and change rows.

mod delete;
mod insert;
mod select;
mod update;

pub use delete::Delete;
pub use insert::{ConflictAction, Insert, InsertSource, OnConflict};
pub use select::{Join, JoinKind, Select, SelectItem, Source};
pub use update::Update;
