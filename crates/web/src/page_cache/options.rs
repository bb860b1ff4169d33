//! How the pages of one route are kept.

use std::sync::Arc;
use std::time::Duration;

/// How the pages of one route are kept: for how long, in which cache, under which prefix.
///
/// In the extensions of a request, it asks the layers to keep the page; [`View::cache_page`](crate::View::cache_page)
/// puts it there.
///
/// ```
/// use std::time::Duration;
/// use nuages_web::page_cache::CachePage;
///
/// let how = CachePage::new(Duration::from_mins(15)).cache("slow").key_prefix("news");
/// assert_eq!(how.alias(), "slow");
/// ```
///
/// # Django
/// The arguments of `cache_page`. As there, the settings of the whole site have no say in alias and prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CachePage {
    timeout: Option<Duration>,
    cache: Option<Arc<str>>,
    key_prefix: Option<Arc<str>>,
    locks: bool,
}

impl CachePage {
    /// Kept for so long, whatever the response says of its age; `None` leaves it to the response, then to the settings.
    pub fn new(timeout: impl Into<Option<Duration>>) -> Self {
        Self {
            timeout: timeout.into(),
            cache: None,
            key_prefix: None,
            locks: true,
        }
    }

    /// In the cache of this alias rather than in `default`.
    pub fn cache(mut self, alias: impl Into<Arc<str>>) -> Self {
        self.cache = Some(alias.into());
        self
    }

    /// With this in the keys.
    pub fn key_prefix(mut self, prefix: impl Into<Arc<str>>) -> Self {
        self.key_prefix = Some(prefix.into());
        self
    }

    /// Lets all visitors who miss a page work it out at the same time.
    ///
    /// Else one of this process does while the others wait for it; where the page turns out to be for one visitor alone,
    /// they have waited in vain, once.
    pub fn without_lock(mut self) -> Self {
        self.locks = false;
        self
    }

    /// The alias of the cache.
    pub fn alias(&self) -> &str {
        self.cache.as_deref().unwrap_or("default")
    }

    pub(super) fn prefix(&self) -> &str {
        self.key_prefix.as_deref().unwrap_or_default()
    }

    pub(super) fn has_lock(&self) -> bool {
        self.locks
    }

    pub(super) fn seconds(&self) -> Option<i64> {
        let timeout = self.timeout?;
        Some(i64::try_from(timeout.as_secs()).unwrap_or(i64::MAX))
    }
}

impl From<Duration> for CachePage {
    fn from(timeout: Duration) -> Self {
        Self::new(timeout)
    }
}

/// In the extensions of a request, it keeps the page out of the caches: it is neither taken from one nor put into one.
///
/// For a layer that finds another visitor behind a request than its cookies say.
///
/// ```
/// use axum::body::Body;
/// use http::Request;
/// use nuages_web::page_cache::NoPageCache;
///
/// let mut request = Request::new(Body::empty());
/// request.extensions_mut().insert(NoPageCache);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct NoPageCache;
