//! The stores that come with the room.

mod memory;

pub use memory::MemoryStore;
