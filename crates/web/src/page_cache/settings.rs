//! The settings of the page cache.

use nuages_base::settings;

settings! {
    /// The page cache of a site.
    pub struct PageCacheSettings {
        /// UpdateCacheMiddleware and FetchFromCacheMiddleware in MIDDLEWARE: the pages of all routes are kept.
        pub cache_middleware: bool = false,
        /// CACHE_MIDDLEWARE_ALIAS: in which cache, for routes that say nothing else.
        pub cache_middleware_alias: String = "default".to_owned(),
        /// CACHE_MIDDLEWARE_SECONDS: for how long, where neither the route nor the response says it.
        pub cache_middleware_seconds: i64 = 600,
        /// CACHE_MIDDLEWARE_KEY_PREFIX: stands in the keys, so that sites that share a cache do not meet.
        pub cache_middleware_key_prefix: String = String::new(),
    }
}
