//! The page cache: a page that was made for one visitor is given to the next, where that is right.
//!
//! A route says it with [`View::cache_page`](crate::View::cache_page); the setting `cache_middleware` says it for the
//! whole site. In an app without `Site`, [`PageCacheLayer`] is an ordinary tower layer:
//!
//! ```
//! use std::time::Duration;
//! use axum::{Router, routing::get};
//! use nuages_base::Clock;
//! use nuages_cache::{Cache, MemoryCache};
//! use nuages_web::page_cache::PageCacheLayer;
//!
//! let cache = Cache::new(MemoryCache::new(Clock::system()));
//! let app: Router = Router::new()
//!     .route("/news", get(async || "news"))
//!     .layer(PageCacheLayer::new(cache, Duration::from_mins(15)));
//! ```
//!
//! How it works, in reading order: [`PageRequest`] is what decides which page a request gets, and makes the keys;
//! [`verify`] says whether a response may be kept, and for how long; [`FetchFromCacheLayer`] answers from the cache or
//! notes what it looked for, and [`UpdateCacheLayer`], further out, keeps the response that comes back.
//!
//! # Recipes
//! - One view: `get(news).cache_page(Duration::from_mins(15))`; in another cache, under another prefix:
//!   `.cache_page(CachePage::new(quarter).cache("slow").key_prefix("news"))`.
//! - The whole site: `cache_middleware = true` in `nuages.toml`, with `cache_middleware_alias`, `cache_middleware_seconds`
//!   and `cache_middleware_key_prefix`; a view that is not for it says `.never_cache()`.
//! - A page for each theme, kept in a cookie of its own: `.vary_on_headers(["Cookie"])`; better, a part of the URL.
//! - A page that has changed: ask [`get_cache_key`] for its key, and delete that.
//! - Visitors who miss a page wait for the one who works it out; [`CachePage::without_lock`] lets them all do it.
//!
//! # Security
//! Given to others is only what nobody's secret has gone into. A response is not kept that sets a cookie, is private, or
//! in which a CSRF token or a CSP nonce was printed; one that was made with the session is kept for this `Cookie` header
//! alone. What a view reads of a request by itself (a header, a cookie) it must name with
//! [`View::vary_on_headers`](crate::View::vary_on_headers): else one visitor chooses what all others see.
//!
//! # Deployment
//! In memory each process keeps pages of its own; use Redis or the database where there are several.
//! A cache that is down slows the site and breaks nothing: pages are made anew, and the log says so.
//! Give a Django site that shares the cache another `cache_middleware_key_prefix`: the keys are the same, what lies
//! under them is not.
//!
//! # Django
//! `cache_page`, `UpdateCacheMiddleware`, `FetchFromCacheMiddleware`, `CacheMiddleware`, `learn_cache_key`,
//! `get_cache_key`.

mod key;
mod layer;
mod learn;
mod options;
mod settings;
mod stored;
mod verify;

pub use key::{PageRequest, vary_list};
pub use layer::{
    FetchFromCache, FetchFromCacheLayer, PageCache, PageCacheLayer, UpdateCache, UpdateCacheLayer,
};
pub use learn::{get_cache_key, learn_cache_key};
pub use options::{CachePage, NoPageCache};
pub use settings::PageCacheSettings;
pub use verify::{NotKept, Timeouts, verify};
