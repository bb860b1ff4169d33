//! Absolute URLs of a site.

use std::borrow::Cow;

use super::{Split, cut, iri_to_uri, urlsplit};

/// The absolute URL of a location, seen from a page of a site.
///
/// `site` is scheme and host (without one only an absolute location has an absolute URL), `path` that of the page. A location with a scheme and a host stays what it is,
/// so what a visitor has given must be checked first
/// ([`url_has_allowed_host_and_scheme`](crate::redirect::url_has_allowed_host_and_scheme)).
/// `None` for a location that is no URL.
///
/// ```
/// use nuages_security::uri::absolute_uri;
///
/// let from = |location| absolute_uri(Some("https://example.com"), "/blog/1/", location);
/// assert_eq!(from("/about/").as_deref(), Some("https://example.com/about/"));
/// assert_eq!(from("../2/").as_deref(), Some("https://example.com/blog/2/"));
/// assert_eq!(from("http://[").as_deref(), None);
/// ```
///
/// # Django
/// What `request.build_absolute_uri(location)` does with the location.
pub fn absolute_uri(site: Option<&str>, path: &str, location: &str) -> Option<String> {
    let split = urlsplit(location)?;
    if is_absolute(&split) {
        return Some(iri_to_uri(location).into_owned());
    }
    let site = site?;
    let (its_path, ..) = parts(&split);
    let is_plain = split.scheme.is_empty()
        && split.netloc.is_empty()
        && its_path.starts_with('/')
        && !its_path.contains("/./")
        && !its_path.contains("/../");
    let url = if is_plain {
        // Without a host of its own, `//` at the start is an empty one.
        let location = location.strip_prefix("//").unwrap_or(location);
        format!("{site}{location}")
    } else {
        urljoin(&format!("{site}{path}"), location)?
    };
    Some(iri_to_uri(&url).into_owned())
}

fn is_absolute(split: &Split<'_>) -> bool {
    !split.scheme.is_empty() && !split.netloc.is_empty()
}

/// Path, query, fragment.
fn parts<'s>(split: &'s Split<'_>) -> (&'s str, &'s str, &'s str) {
    let (rest, fragment) = cut(&split.rest, '#');
    let (path, query) = cut(rest, '?');
    (path, query, fragment)
}

/// The parameters of the last segment of a path, after its `;`.
fn params(path: &str) -> (&str, &str) {
    let last = path.rfind('/').unwrap_or(0);
    match path[last..].find(';') {
        Some(at) => (&path[..last + at], &path[last + at + 1..]),
        None => (path, ""),
    }
}

/// A reference resolved against a URL with a scheme and a host: Python's `urljoin`, which differs from the
/// URL Standard in what it leaves alone.
fn urljoin(base: &str, url: &str) -> Option<String> {
    if url.is_empty() {
        return Some(base.to_owned());
    }
    let (base, split) = (urlsplit(base)?, urlsplit(url)?);
    if !split.scheme.is_empty() && split.scheme != base.scheme {
        return Some(url.to_owned());
    }
    let scheme = base.scheme.clone();
    if !split.netloc.is_empty() {
        return Some(Split { scheme, ..split }.to_url());
    }
    let ((base_path, base_query, _), (path, query, fragment)) = (parts(&base), parts(&split));
    let (path, own_params) = params(path);
    let (base_path, base_params) = params(base_path);
    let (path, params, query) = if path.is_empty() && own_params.is_empty() {
        let query = if query.is_empty() { base_query } else { query };
        (Cow::Borrowed(base_path), base_params, query)
    } else {
        (Cow::Owned(resolve(base_path, path)), own_params, query)
    };
    let mut rest = path.into_owned();
    for (mark, part) in [(';', params), ('?', query), ('#', fragment)] {
        if !part.is_empty() {
            rest.push(mark);
            rest.push_str(part);
        }
    }
    let netloc = base.netloc.clone();
    let rest = Cow::Owned(rest);
    Some(
        Split {
            scheme,
            netloc,
            rest,
        }
        .to_url(),
    )
}

/// A path seen from another, without its dots.
fn resolve(base: &str, path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    if !path.starts_with('/') {
        segments.extend(base.split('/'));
        // What stands after the last slash is the page, not its folder.
        if segments.last().is_some_and(|page| !page.is_empty()) {
            segments.pop();
        }
    }
    let from_base = !segments.is_empty();
    segments.extend(path.split('/'));
    let last = segments.len().saturating_sub(1);
    let mut resolved: Vec<&str> = Vec::new();
    for (at, segment) in segments.iter().enumerate() {
        let is_gap = from_base && segment.is_empty() && at != 0 && at != last;
        match *segment {
            "." => {}
            ".." => {
                resolved.pop();
            }
            _ if is_gap => {}
            segment => resolved.push(segment),
        }
    }
    if matches!(segments.last(), Some(&("." | ".."))) {
        resolved.push("");
    }
    let path = resolved.join("/");
    if path.is_empty() {
        "/".to_owned()
    } else {
        path
    }
}
