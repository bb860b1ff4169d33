//! The cache: values that are kept for a while, so that they need not be worked out again.
//!
//! ```
//! use nuages_base::Clock;
//! use nuages_cache::{Cache, MemoryCache};
//! use std::time::Duration;
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! let cache = Cache::new(MemoryCache::new(Clock::system()));
//! cache.set_for("greeting", "hello", Duration::from_secs(60)).await?;
//! assert_eq!(cache.get::<String>("greeting").await?.as_deref(), Some("hello"));
//! // A key that is not there is no error, and neither is one whose time is over.
//! assert_eq!(cache.get::<String>("farewell").await?, None);
//! // A value of another type is one.
//! assert!(cache.get::<i64>("greeting").await.is_err());
//! # Ok::<(), nuages_cache::Error>(()) }).unwrap();
//! ```
//!
//! How it works, in reading order: [`Cache`] is what a site uses; it makes Django's keys and hands [`Value`]s to a
//! [`CacheBackend`]: [`MemoryCache`], [`FileCache`], [`DbCache`], `RedisCache` (feature `redis`), [`DummyCache`].
//! [`Caches`] are those that the settings name. [`pickle`] is how values lie in Redis, files and databases.
//!
//! # Deployment
//! Memory is each process's own: with several, use Redis or the database, and make its table with `createcachetable`.
//! A cache is no database: whatever is in it may be gone at the next moment.
//!
//! # Django
//! `django.core.cache`. Keys, rows, files and values are interchangeable with Django's, in both directions.
//! A pickle that would construct or call something is not read: it counts as a miss, and the log says so.
//!
//! Internal crate of `nuages`: versions move in lockstep, and only the facade promises stability.
#![forbid(unsafe_code)]

mod backend;
mod backends;
mod cache;
mod caches;
mod error;
mod extract;
mod flight;
mod key;
pub mod pickle;
mod settings;
mod value;

pub use backend::{CacheBackend, Keep, Token, Ttl};
#[cfg(feature = "redis")]
pub use backends::RedisCache;
pub use backends::{DbCache, DummyCache, FileCache, MemoryCache};
pub use cache::Cache;
pub use caches::Caches;
pub use error::{Error, ErrorKind, Result};
pub use extract::MissingCache;
pub use flight::Turn;
pub use key::{KeyFunction, MAX_KEY_LENGTH, django_key, key_warnings};
pub use settings::{CacheConfig, CacheKind, CacheOptions, CacheSettings};
pub use value::{Value, ValueError};
