//! `FragmentStore`: where `{% cache %}` keeps what it rendered.

use std::collections::HashMap;
use std::fmt;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use md5::{Digest, Md5};

use crate::value::Value;

/// A store of rendered fragments, for `{% cache %}`. It answers at once: templates do not wait.
///
/// # Security
/// What is in the store is written as HTML. A key names a fragment and what it varies on, see
/// [`make_template_fragment_key`]: a fragment that depends on the visitor has to vary on the visitor.
///
/// # Django
/// The cache `template_fragments`, else `default`.
pub trait FragmentStore: Send + Sync {
    /// The fragment, unless it is missing or has expired by now.
    fn get(&self, key: &str, now: Timestamp) -> Option<String>;

    /// Keeps a fragment until it expires; for ever without a time.
    fn set(&self, key: &str, html: &str, expires: Option<Timestamp>);
}

/// A store in memory, with room for so many fragments.
///
/// ```
/// use jiff::Timestamp;
/// use nuages_template::{FragmentStore, MemoryFragments};
/// let store = MemoryFragments::new(100);
/// let (now, later) = (Timestamp::UNIX_EPOCH, Timestamp::from_second(60).unwrap());
/// store.set("key", "<p>", Some(later));
/// assert_eq!(store.get("key", now).as_deref(), Some("<p>"));
/// assert_eq!(store.get("key", later), None);
/// ```
///
/// # Django
/// `LocMemCache`: when it is full, a third of it goes.
pub struct MemoryFragments {
    entries: Mutex<HashMap<String, (String, Option<Timestamp>)>>,
    room: usize,
}

impl MemoryFragments {
    /// An empty store.
    pub fn new(room: usize) -> Self {
        Self {
            entries: Mutex::default(),
            room,
        }
    }
}

impl FragmentStore for MemoryFragments {
    fn get(&self, key: &str, now: Timestamp) -> Option<String> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let (html, expires) = entries.get(key)?;
        if expires.is_some_and(|expires| expires <= now) {
            entries.remove(key);
            return None;
        }
        Some(html.clone())
    }

    fn set(&self, key: &str, html: &str, expires: Option<Timestamp>) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= self.room && !entries.contains_key(key) {
            let mut index = 0;
            entries.retain(|_, _| {
                index += 1;
                index % 3 != 0
            });
        }
        if entries.len() < self.room {
            entries.insert(key.to_owned(), (html.to_owned(), expires));
        }
    }
}

impl fmt::Debug for MemoryFragments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryFragments")
            .field("room", &self.room)
            .finish_non_exhaustive()
    }
}

/// The key of a fragment: of its name, and of the values that it varies on.
///
/// ```
/// use nuages_template::make_template_fragment_key;
/// assert_eq!(
///     make_template_fragment_key("sidebar", &["ada".into()]),
///     "template.cache.sidebar.7158bb7b44c13dd9c70c881b9720a741",
/// );
/// ```
///
/// # Security
/// Django puts a colon behind each value, so that `a:` and `b` give the key of `a` and `:b`.
/// Here several values of which one has a colon have a key of their own kind, which no others share;
/// all other keys are Django's.
///
/// # Django
/// `django.core.cache.utils.make_template_fragment_key`.
pub fn make_template_fragment_key(name: &str, vary_on: &[Value<'_>]) -> String {
    let texts: Vec<_> = vary_on.iter().map(Value::to_text).collect();
    let ambiguous = texts.len() > 1 && texts.iter().any(|text| text.contains(':'));
    let mut hash = Md5::new();
    for text in &texts {
        if ambiguous {
            hash.update(text.len().to_string().as_bytes());
            hash.update(b":");
        }
        hash.update(text.as_bytes());
        hash.update(b":");
    }
    let mut key = format!("template.cache.{name}.");
    for byte in hash.finalize() {
        // Writing into a String cannot fail.
        let _ = write!(key, "{byte:02x}");
    }
    if ambiguous {
        key.push_str(".lengths");
    }
    key
}

#[cfg(test)]
mod tests {
    use super::make_template_fragment_key as key;

    #[test]
    fn k6_a_colon_in_a_value_does_not_make_two_keys_one() {
        assert_ne!(
            key("f", &["a:b".into(), "c".into()]),
            key("f", &["a".into(), "b:c".into()])
        );
        assert_ne!(
            key("f", &["3:a:b".into(), "c".into()]),
            key("f", &["3".into(), "a".into(), "b".into(), "c".into()])
        );
    }
}
