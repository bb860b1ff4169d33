//! `Cache-Control`: the directives, and how two lists of them become one.

use std::borrow::Cow;
use std::fmt;

use http::header::{CACHE_CONTROL, HeaderMap, HeaderValue};
use nuages_security::vary::split_commas;

/// Directives for `Cache-Control`, in order.
///
/// ```
/// use http::HeaderMap;
/// use nuages_web::cache_headers::CacheControl;
///
/// let mut headers = HeaderMap::new();
/// CacheControl::new().public().max_age(3600).patch(&mut headers)?;
/// assert_eq!(headers["cache-control"], "public, max-age=3600");
/// // What comes later joins: the shorter age counts, private ends public.
/// CacheControl::new().private().max_age(60).patch(&mut headers)?;
/// assert_eq!(headers["cache-control"], "max-age=60, private");
/// # Ok::<(), nuages_web::cache_headers::InvalidMaxAge>(())
/// ```
///
/// # Django
/// `patch_cache_control(response, **kwargs)`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CacheControl {
    directives: Vec<(Cow<'static, str>, Value)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    /// The name alone.
    Flag,
    Text(String),
}

/// The response has a `max-age` already, and that is no number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the max-age of Cache-Control is no number: '{0}'")]
pub struct InvalidMaxAge(String);

impl CacheControl {
    /// No directives yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Any cache may keep it.
    pub fn public(self) -> Self {
        self.flag("public")
    }

    /// Only the visitor's own browser may keep it.
    pub fn private(self) -> Self {
        self.flag("private")
    }

    /// Caches ask each time whether it is still good.
    pub fn no_cache(self) -> Self {
        self.flag("no-cache")
    }

    /// Nobody keeps it.
    pub fn no_store(self) -> Self {
        self.flag("no-store")
    }

    /// Not used once it is too old.
    pub fn must_revalidate(self) -> Self {
        self.flag("must-revalidate")
    }

    /// For how many seconds it is good; the shorter counts if the response says so already.
    pub fn max_age(self, seconds: i64) -> Self {
        self.value("max-age", seconds)
    }

    /// The same for shared caches only.
    pub fn s_maxage(self, seconds: i64) -> Self {
        self.value("s-maxage", seconds)
    }

    /// Any directive without a value.
    pub fn flag(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.directives.push((name.into(), Value::Flag));
        self
    }

    /// Any directive with a value.
    pub fn value(mut self, name: impl Into<Cow<'static, str>>, value: impl fmt::Display) -> Self {
        let value = Value::Text(format!("{value}"));
        self.directives.push((name.into(), value));
        self
    }

    /// Adds the directives to those that a response has.
    ///
    /// # Errors
    /// When an age is given, and the one of the response is no number.
    pub fn patch(&self, headers: &mut HeaderMap) -> Result<(), InvalidMaxAge> {
        let mut list = Directives::of(headers);
        let has = |name: &str| self.directives.iter().any(|(known, _)| known == name);
        let known_age = match list.get("max-age") {
            Some(value) if has("max-age") => Some(number(value).ok_or_else(|| {
                InvalidMaxAge(match value {
                    Value::Text(text) => text.clone(),
                    Value::Flag => String::new(),
                })
            })?),
            _ => None,
        };
        if list.get("private").is_some() && has("public") {
            list.remove("private");
        } else if list.get("public").is_some() && has("private") {
            list.remove("public");
        }
        for (name, value) in &self.directives {
            let age = number(value).filter(|_| name == "max-age");
            match (age, known_age) {
                (Some(age), Some(known)) => {
                    list.set(name, Value::Text(age.min(known).to_string()));
                }
                _ => list.set(name, value.clone()),
            }
        }
        if let Ok(value) = HeaderValue::try_from(list.write()) {
            headers.insert(CACHE_CONTROL, value);
        }
        Ok(())
    }
}

/// For how many seconds a response is good; absent when it does not say.
///
/// # Django
/// `get_max_age`.
pub fn get_max_age(headers: &HeaderMap) -> Option<i64> {
    let text = text_of(headers)?;
    let mut age = None;
    for directive in split_commas(&text) {
        let (name, value) = take_apart(directive);
        if name == "max-age" {
            age = Some(value);
        }
    }
    number(&age?)
}

/// A list in which each name is once, but `no-cache` may name several fields.
struct Directives(Vec<(String, Value)>);

impl Directives {
    fn of(headers: &HeaderMap) -> Self {
        let mut list = Self(Vec::new());
        let text = text_of(headers).filter(|text| !text.is_empty());
        for directive in text.iter().flat_map(|text| split_commas(text)) {
            let (name, value) = take_apart(directive);
            list.set(&name, value);
        }
        list
    }

    fn get(&self, name: &str) -> Option<&Value> {
        let found = self.0.iter().find(|(known, _)| known == name)?;
        Some(&found.1)
    }

    fn remove(&mut self, name: &str) {
        self.0.retain(|(known, _)| known != name);
    }

    fn set(&mut self, name: &str, value: Value) {
        let last = self.0.iter().rposition(|(known, _)| known == name);
        match last {
            None => self.0.push((name.to_owned(), value)),
            Some(at) if name != "no-cache" => self.0[at].1 = value,
            // Without a field it holds for all of them.
            Some(_) if self.0.contains(&("no-cache".to_owned(), Value::Flag)) => {}
            Some(at) if value == Value::Flag => {
                let first = self.0.iter().position(|(known, _)| known == name);
                let at = first.unwrap_or(at);
                self.remove(name);
                self.0.insert(at, (name.to_owned(), value));
            }
            Some(at) => {
                let pair = (name.to_owned(), value);
                if !self.0.contains(&pair) {
                    self.0.insert(at + 1, pair);
                }
            }
        }
    }

    fn write(&self) -> String {
        let directives: Vec<Cow<'_, str>> = self
            .0
            .iter()
            .map(|(name, value)| match value {
                Value::Flag => Cow::Borrowed(name.as_str()),
                Value::Text(text) => Cow::Owned(format!("{name}={text}")),
            })
            .collect();
        directives.join(", ")
    }
}

fn text_of(headers: &HeaderMap) -> Option<String> {
    let lines: Vec<Cow<'_, str>> = headers
        .get_all(CACHE_CONTROL)
        .iter()
        .map(|line| String::from_utf8_lossy(line.as_bytes()))
        .collect();
    (!lines.is_empty()).then(|| lines.join(", "))
}

fn take_apart(directive: &str) -> (String, Value) {
    match directive.split_once('=') {
        Some((name, value)) => (name.to_lowercase(), Value::Text(value.to_owned())),
        None => (directive.to_lowercase(), Value::Flag),
    }
}

/// A number as Python reads it; a directive without a value counts as 1, as it does in Django.
fn number(value: &Value) -> Option<i64> {
    let Value::Text(text) = value else {
        return Some(1);
    };
    let text = text.trim();
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_number = digits
        .split('_')
        .all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit()));
    if !is_number {
        return None;
    }
    let digits = digits.replace('_', "").parse().unwrap_or(i64::MAX);
    Some(if text.starts_with('-') {
        -digits
    } else {
        digits
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(header: &'static str, patch: &CacheControl, expect: &str) {
        let mut headers = HeaderMap::new();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(header));
        patch.patch(&mut headers).unwrap();
        assert_eq!(headers[CACHE_CONTROL], expect, "{header}");
    }

    #[test]
    fn no_cache_may_name_fields_and_then_all() {
        let fields = CacheControl::new()
            .value("no-cache", "A")
            .value("no-cache", "B");
        check("x", &fields, "x, no-cache=A, no-cache=B");
        check(
            "no-cache=A, x",
            &CacheControl::new().no_cache(),
            "no-cache, x",
        );
        check("no-cache, x", &fields, "no-cache, x");
    }

    proptest! {
        #[test]
        fn any_header_can_be_patched(header in "[ -~]*", age in any::<i64>()) {
            let mut headers = HeaderMap::new();
            headers.insert(CACHE_CONTROL, HeaderValue::try_from(header).unwrap());
            let _ = get_max_age(&headers);
            let _ = CacheControl::new().private().max_age(age).no_cache().patch(&mut headers);
        }
    }
}
