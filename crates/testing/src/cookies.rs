//! The client's cookies.

use std::collections::BTreeMap;

use http::HeaderMap;
use http::header::SET_COOKIE;

/// What a browser keeps between requests, as far as a test needs it: names, values, deletion.
///
/// # Django
/// `Client.cookies`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cookies(BTreeMap<String, String>);

impl Cookies {
    /// The value of a cookie.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Puts a cookie in, as if the site had set it.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(name.into(), value.into());
    }

    /// Takes a cookie out.
    pub fn remove(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    /// Forgets all of them: a new browser.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The `Cookie` header.
    pub(crate) fn header(&self) -> String {
        let pairs: Vec<_> = self
            .0
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }

    /// Takes over what a response sets and deletes.
    pub(crate) fn take_from(&mut self, headers: &HeaderMap) {
        for line in headers.get_all(SET_COOKIE) {
            let Ok(line) = line.to_str() else { continue };
            let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
            let Some((name, value)) = pair.split_once('=') else {
                continue;
            };
            let deleted = attributes
                .split(';')
                .any(|part| part.trim().eq_ignore_ascii_case("max-age=0"));
            if deleted {
                self.0.remove(name.trim());
            } else {
                self.0
                    .insert(name.trim().to_owned(), value.trim().to_owned());
            }
        }
    }
}
