//! The stores that come with the room.

mod cache;
mod cached_db;
mod cookie;
mod db;
mod file;
mod memory;
mod user_index;

pub use cache::CacheStore;
pub use cached_db::CachedDbStore;
pub use cookie::CookieStore;
pub use db::DbStore;
pub use file::FileStore;
pub use memory::MemoryStore;
