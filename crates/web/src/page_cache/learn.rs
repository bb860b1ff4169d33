//! The list of headers that pages of a URL vary on, kept beside them.

use http::{HeaderMap, Method};
use nuages_cache::{Cache, Result, Ttl, Value};

use super::key::PageRequest;

/// The key of the cached page for a request; `None` where nothing is known of its URL.
///
/// Delete what lies under it, and the page is made anew.
///
/// ```
/// use http::{HeaderMap, Method, Request};
/// use nuages_base::Clock;
/// use nuages_cache::{Cache, MemoryCache};
/// use nuages_web::page_cache::{PageRequest, get_cache_key, learn_cache_key};
/// use std::time::Duration;
///
/// # futures_util::FutureExt::now_or_never(async {
/// let cache = Cache::new(MemoryCache::new(Clock::system()));
/// let page = PageRequest::of(&Request::get("https://example.com/news/").body(()).unwrap());
/// assert_eq!(get_cache_key(&cache, &page, "", &Method::GET).await?, None);
/// let key = learn_cache_key(&cache, &page, "", &HeaderMap::new(), Some(Duration::from_mins(5))).await?;
/// assert_eq!(get_cache_key(&cache, &page, "", &Method::GET).await?, Some(key));
/// # Ok::<(), nuages_cache::Error>(())
/// # }).unwrap().unwrap();
/// ```
///
/// # Errors
/// When the cache fails.
///
/// # Django
/// `get_cache_key(request, key_prefix, method, cache)`.
pub async fn get_cache_key(
    cache: &Cache,
    page: &PageRequest,
    prefix: &str,
    method: &Method,
) -> Result<Option<String>> {
    let list = get_list(cache, &page.header_key(prefix)).await?;
    Ok(list.map(|list| page.page_key(prefix, method, &list)))
}

/// Keeps the list of headers that a response varies on, and gives the key for the response.
///
/// # Errors
/// When the cache fails.
///
/// # Django
/// `learn_cache_key(request, response, cache_timeout, key_prefix, cache)`.
pub async fn learn_cache_key(
    cache: &Cache,
    page: &PageRequest,
    prefix: &str,
    response: &HeaderMap,
    timeout: Ttl,
) -> Result<String> {
    let list = page.list_of(response);
    let key = page.page_key(prefix, page.method(), &list);
    let value = Value::List(list.into_iter().map(Value::from).collect());
    cache
        .set_value(&page.header_key(prefix), value, timeout)
        .await?;
    Ok(key)
}

/// The list under a key; what is no list of texts is none.
pub(super) async fn get_list(cache: &Cache, key: &str) -> Result<Option<Vec<String>>> {
    let Some(Value::List(list)) = cache.get_value(key).await? else {
        return Ok(None);
    };
    let texts = list.into_iter().map(|name| match name {
        Value::Str(name) => Some(name),
        _ => None,
    });
    Ok(texts.collect())
}
