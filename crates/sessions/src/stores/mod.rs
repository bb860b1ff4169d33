//! The stores that come with the room.

mod db;
mod memory;

pub use db::DbStore;
pub use memory::MemoryStore;
