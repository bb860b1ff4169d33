//! The `Cookie` header, taken apart.

use std::borrow::Cow;
use std::collections::HashMap;

use http::HeaderMap;
use http::header::COOKIE;

use super::quote::unquote;

/// More cookies than a site and its neighbours set.
const MANY: usize = 32;

/// All cookies of a `Cookie` header in the order of first appearance; of equal names the last wins.
///
/// A part without `=` is the value of a cookie without a name.
///
/// # Django
/// `django.http.cookie.parse_cookie`.
pub fn parse_cookie(header: &str) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
    let mut cookies: Vec<(Cow<'_, str>, Cow<'_, str>)> = Vec::new();
    // Few names are found faster one by one; of thousands none may be looked for among all others.
    let is_long = header.bytes().filter(|byte| *byte == b';').count() >= MANY;
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (name, value) in pairs(header) {
        let place = if is_long {
            let next = places.len();
            *places.entry(name).or_insert(next)
        } else {
            let known = cookies.iter().position(|(known, _)| known == name);
            known.unwrap_or(cookies.len())
        };
        let value = unquote(value);
        match cookies.get_mut(place) {
            Some(known) => known.1 = value,
            None => cookies.push((Cow::Borrowed(name), value)),
        }
    }
    cookies
}

/// The value of one cookie of a request, without looking at the others closer than needed.
///
/// Bytes that are not UTF-8 are replaced, as everywhere in Django.
///
/// # Django
/// `request.COOKIES.get(name)`.
pub fn get<'a>(headers: &'a HeaderMap, name: &str) -> Option<Cow<'a, str>> {
    let mut found = None;
    // HTTP/2 may split the header; the parts count as joined by "; ".
    for header in headers.get_all(COOKIE) {
        match String::from_utf8_lossy(header.as_bytes()) {
            Cow::Borrowed(text) => {
                if let Some((_, value)) = pairs(text).filter(|(known, _)| *known == name).last() {
                    found = Some(unquote(value));
                }
            }
            Cow::Owned(text) => {
                if let Some((_, value)) = pairs(&text).filter(|(known, _)| *known == name).last() {
                    found = Some(Cow::Owned(unquote(value).into_owned()));
                }
            }
        }
    }
    found
}

fn pairs(header: &str) -> impl Iterator<Item = (&str, &str)> {
    header.split(';').filter_map(|part| {
        let (name, value) = part.split_once('=').unwrap_or(("", part));
        let (name, value) = (strip(name), strip(value));
        (!name.is_empty() || !value.is_empty()).then_some((name, value))
    })
}

/// Python's `str.strip()`, which takes the four separators before the space for white space too.
fn strip(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c))
}
