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
/// ```
/// assert!(nuages_cache::key_warnings(":1:plain").is_empty());
/// assert_eq!(
///     nuages_cache::key_warnings(":1:a b"),
///     ["Cache key contains characters that will cause errors if used with memcached: ':1:a b'"],
/// );
/// ```
///
/// # Django
/// `memcache_key_warnings`, with its words.
pub fn key_warnings(key: &str) -> Vec<String> {
    let mut warnings = Vec::new();
    if key.chars().count() > MAX_KEY_LENGTH {
        warnings.push(format!(
            "Cache key will cause errors if used with memcached: {} (longer than {MAX_KEY_LENGTH})",
            repr(key)
        ));
    }
    if key.contains(|sign: char| sign < '!' || sign == '\u{7f}') {
        warnings.push(format!(
            "Cache key contains characters that will cause errors if used with memcached: {}",
            repr(key)
        ));
    }
    warnings
}

/// Python's `repr` of a text, so that no sign of it can break a line of the log.
fn repr(text: &str) -> String {
    use fmt::Write as _;
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for sign in text.chars() {
        let code = u32::from(sign);
        // Rust writes what cannot be printed as `\u{…}`, and combining marks, which Python prints, too.
        let printable = !matches!(sign.escape_debug().nth(1), Some('u')) && sign != '\u{ad}';
        // Writing into a String cannot fail.
        let _ = match sign {
            '\n' => out.write_str("\\n"),
            '\r' => out.write_str("\\r"),
            '\t' => out.write_str("\\t"),
            '\\' => out.write_str("\\\\"),
            sign if sign == quote => write!(out, "\\{sign}"),
            _ if code < 0x20 || (0x7f..=0xa0).contains(&code) => write!(out, "\\x{code:02x}"),
            sign if printable => out.write_char(sign),
            _ if code <= 0xff => write!(out, "\\x{code:02x}"),
            _ if code <= 0xffff => write!(out, "\\u{code:04x}"),
            _ => write!(out, "\\U{code:08x}"),
        };
    }
    out.push(quote);
    out
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
        assert!(key_warnings(":1:plain").is_empty());
        for odd in [":1:a b", ":1:a\r\nset x", ":1:\u{7f}", ":1:\0"] {
            assert_eq!(key_warnings(odd).len(), 1, "{odd:?}");
        }
        assert!(key_warnings(&"é".repeat(250)).is_empty());
        assert_eq!(key_warnings(&"x".repeat(251)).len(), 1);
        assert_eq!(key_warnings(&" ".repeat(251)).len(), 2);
    }

    #[test]
    fn texts_are_shown_as_python_does() {
        for (text, expected) in [
            ("a", "'a'"),
            ("it's", "\"it's\""),
            ("it's \"", "'it\\'s \"'"),
            ("a\r\n\t\\", "'a\\r\\n\\t\\\\'"),
            (
                "\0\u{1f}\u{7f}\u{80}\u{a0}\u{ad}",
                "'\\x00\\x1f\\x7f\\x80\\xa0\\xad'",
            ),
            ("é🙂", "'é🙂'"),
            ("\u{2028}\u{200b}", "'\\u2028\\u200b'"),
        ] {
            assert_eq!(repr(text), expected);
        }
    }
}
