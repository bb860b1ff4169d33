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
    let mut merged: Vec<String> = Vec::new();
    let lines: Vec<String> = headers
        .get_all(VARY)
        .iter()
        .map(|line| String::from_utf8_lossy(line.as_bytes()).into_owned())
        .collect();
    // An existing header is taken apart as it is; Django keeps even an empty name.
    for line in &lines {
        merged.extend(line.split(',').map(|name| name.trim().to_owned()));
    }
    for name in names
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
    {
        if !merged.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            merged.push(name.to_owned());
        }
    }
    let value = if merged.iter().any(|name| name == "*") {
        "*".to_owned()
    } else {
        merged.join(", ")
    };
    if let Ok(value) = HeaderValue::from_str(&value) {
        headers.insert(VARY, value);
    }
}
