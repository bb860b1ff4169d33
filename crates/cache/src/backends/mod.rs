//! The backends that come with the room.

mod db;
mod dummy;
mod file;
mod memory;
#[cfg(feature = "redis")]
mod redis;

#[cfg(feature = "redis")]
pub use self::redis::RedisCache;
pub use db::DbCache;
pub use dummy::DummyCache;
pub use file::FileCache;
pub use memory::MemoryCache;

use crate::{Result, Value};

/// What cannot be read counts as not there: a cache is shared, and other programs write what they like.
fn readable(key: &str, value: Result<Value>) -> Option<Value> {
    value
        .inspect_err(|error| {
            tracing::warn!(target: "nuages.cache", key, %error, "a cached value cannot be read");
        })
        .ok()
}
