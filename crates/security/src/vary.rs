//! The `Vary` header: which request headers a response depends on.

use http::header::{Entry, HeaderMap, HeaderValue, VARY};

/// Says that the response depends on these request headers too.
///
/// Names already there are left as they are, and `*` swallows them all.
///
/// ```
/// use http::HeaderMap;
/// use nuages_security::vary::patch_vary;
///
/// let mut headers = HeaderMap::new();
/// patch_vary(&mut headers, "Cookie");
/// patch_vary(&mut headers, "Accept-Encoding, cookie");
/// assert_eq!(headers["vary"], "Cookie, Accept-Encoding");
/// ```
///
/// # Django
/// `django.utils.cache.patch_vary_headers`.
pub fn patch_vary(headers: &mut HeaderMap, names: &str) {
    if let Entry::Vacant(entry) = headers.entry(VARY)
        && names == "Cookie"
    {
        entry.insert(HeaderValue::from_static("Cookie"));
        return;
    }
    let names: Vec<&str> = names
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .collect();
    patch_vary_headers(headers, &names);
}

/// Says that the response depends on these request headers too, each a name.
///
/// ```
/// use http::HeaderMap;
/// use nuages_security::vary::{has_vary_header, patch_vary_headers};
///
/// let mut headers = HeaderMap::new();
/// patch_vary_headers(&mut headers, &["Accept", "Cookie"]);
/// patch_vary_headers(&mut headers, &["cookie"]);
/// assert_eq!(headers["vary"], "Accept, Cookie");
/// assert!(has_vary_header(&headers, "COOKIE"));
/// ```
///
/// # Django
/// `patch_vary_headers`. The order is kept, since the keys of cached pages follow it.
pub fn patch_vary_headers(headers: &mut HeaderMap, names: &[&str]) {
    let mut merged = vary_names(headers);
    let known: Vec<String> = merged.iter().map(|name| name.to_lowercase()).collect();
    merged.extend(
        names
            .iter()
            .filter(|name| !known.contains(&name.to_lowercase()))
            .map(|name| (*name).to_owned()),
    );
    let value = if merged.iter().any(|name| name == "*") {
        "*".to_owned()
    } else {
        merged.join(", ")
    };
    if let Ok(value) = HeaderValue::from_str(&value) {
        headers.insert(VARY, value);
    }
}

/// True when the response says that it depends on a request header.
///
/// # Django
/// `has_vary_header`.
pub fn has_vary_header(headers: &HeaderMap, name: &str) -> bool {
    let name = name.trim().to_lowercase();
    headers.contains_key(VARY)
        && vary_names(headers)
            .iter()
            .any(|known| known.trim().to_lowercase() == name)
}

/// The names of the header as it is; Django keeps even an empty one.
fn vary_names(headers: &HeaderMap) -> Vec<String> {
    let mut names = Vec::new();
    for line in headers.get_all(VARY) {
        let line = String::from_utf8_lossy(line.as_bytes());
        names.extend(split_commas(&line).into_iter().map(str::to_owned));
    }
    names
}

/// Splits a header at its commas and the spaces around them; spaces at the ends of the text stay, as
/// they do in Django.
pub fn split_commas(text: &str) -> Vec<&str> {
    let mut pieces: Vec<&str> = text.split(',').collect();
    let last = pieces.len() - 1;
    for (at, piece) in pieces.iter_mut().enumerate() {
        if at > 0 {
            *piece = piece.trim_start();
        }
        if at < last {
            *piece = piece.trim_end();
        }
    }
    pieces
}
