//! How keys are made, and which ones other caches would not take.

use std::fmt;
use std::sync::Arc;

/// Longer keys are not taken by memcached.
pub const MAX_KEY_LENGTH: usize = 250;

/// Django's key: prefix, version and the site's own key, with colons between.
///
/// ```
/// assert_eq!(nuages_cache::django_key("blog", 1, "front page"), "blog:1:front page");
/// ```
///
/// # Django
/// `django.core.cache.backends.base.default_key_func`.
pub fn django_key(prefix: &str, version: u32, key: &str) -> String {
    format!("{prefix}:{version}:{key}")
}

/// Why other caches (memcached) would not take this key.
///
/// Every cache of this house takes it; Django warns, and so do we, in the log.
///
/// # Django
/// `CacheKeyWarning`, with its words.
pub fn key_warning(key: &str) -> Option<String> {
    if key.chars().count() > MAX_KEY_LENGTH {
        return Some(format!(
            "Cache key will cause errors if used with memcached: {key:?} (longer than {MAX_KEY_LENGTH})"
        ));
    }
    let odd = |character: char| character < '!' || character == '\u{7f}';
    key.contains(odd).then(|| {
        format!(
            "Cache key contains characters that will cause errors if used with memcached: {key:?}"
        )
    })
}

/// How a cache makes its keys of prefix, version and the site's own key.
///
/// # Django
/// `KEY_FUNCTION`; here it is given in the program, since a settings file cannot name a function.
#[derive(Clone, Default)]
pub struct KeyFunction(Option<Arc<Make>>);

type Make = dyn Fn(&str, u32, &str) -> String + Send + Sync;

impl KeyFunction {
    /// Keys made by this function of prefix, version and key.
    pub fn new(make: impl Fn(&str, u32, &str) -> String + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(make)))
    }

    pub(crate) fn make(&self, prefix: &str, version: u32, key: &str) -> String {
        match &self.0 {
            Some(make) => make(prefix, version, key),
            None => django_key(prefix, version, key),
        }
    }
}

impl fmt::Debug for KeyFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("KeyFunction")
            .field(&self.0.as_ref().map_or("django", |_| "custom"))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_memcached_refuses_are_named() {
        assert_eq!(key_warning(":1:plain"), None);
        for odd in [":1:a b", ":1:a\r\nset x", ":1:\u{7f}", ":1:\0"] {
            assert!(key_warning(odd).is_some(), "{odd:?}");
        }
        assert_eq!(key_warning(&"é".repeat(250)), None);
        assert!(key_warning(&"x".repeat(251)).is_some());
    }
}
