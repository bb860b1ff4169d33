//! The keys of cached pages: Django's, where those mean one page only.

use std::borrow::Cow;
use std::fmt;

use http::header::{HOST, HeaderMap, HeaderValue, VARY};
use http::{Extensions, Method, Request, Uri};
use md5::{Digest, Md5};
use nuages_crypto::encoding::hex_encode;
use nuages_crypto::{Algorithm, salted_hmac};
use nuages_security::hosts::{Host, IsSecure};
use nuages_security::uri::{escape_uri_path, iri_to_uri};
use nuages_security::vary::split_commas;

use crate::locale::Language;
use crate::site_context::SiteContext;
use crate::time_zone::{ActiveTimeZone, name_of};
use crate::urls::decode_path;

/// What Django hashes for a header that a request does not have.
const ABSENT: &[u8] = b"-,";
const ACCEPT_LANGUAGE: &str = "ACCEPT_LANGUAGE";

/// What of a request decides which cached page it gets: method, URL, headers, language and time zone.
///
/// ```
/// use http::Request;
/// use nuages_web::page_cache::PageRequest;
///
/// let page = PageRequest::of(&Request::get("https://example.com/news/").body(()).unwrap());
/// assert_eq!(
///     page.header_key("blog"),
///     "views.decorators.cache.cache_header.blog.dd8ddb57afda3aa47ad115c78f9460c8.en-us.UTC",
/// );
/// ```
///
/// # Security
/// Two requests have the same key only when every value that counts is the same. Where Django's key would not tell
/// (`a`, `bc` from `ab`, `c`; a header that says `-,` from none; `/%70/` from `/p/`), it has a part of our own making,
/// which no key of Django has: length before value, through SHA-256.
///
/// # Django
/// `request.build_absolute_uri()`, `request.META` and what `_i18n_cache_key_suffix` adds, in `django.utils.cache`.
#[derive(Clone)]
pub struct PageRequest {
    method: Method,
    url: String,
    headers: HeaderMap,
    suffix: String,
    has_language: bool,
}

impl PageRequest {
    /// What counts of a request; host, language and time zone are those that layers have put into its extensions.
    pub fn of<B>(req: &Request<B>) -> Self {
        Self::new(req.method(), req.uri(), req.headers(), req.extensions())
    }

    fn new(method: &Method, uri: &Uri, headers: &HeaderMap, extensions: &Extensions) -> Self {
        let site = SiteContext::of(extensions);
        let settings = site.map(|site| &**site.settings());
        let mut suffix = String::new();
        let is_translated = settings.is_none_or(|settings| settings.use_i18n);
        let chosen = extensions.get::<Language>().map(Language::code);
        if is_translated {
            suffix.push('.');
            let usual = settings.map_or("en-us", |settings| settings.language_code.as_str());
            suffix.push_str(chosen.unwrap_or(usual));
        }
        if settings.is_none_or(|settings| settings.use_tz) {
            suffix.push('.');
            match (extensions.get::<ActiveTimeZone>(), site) {
                (Some(active), _) => suffix.push_str(&active.name()),
                (None, Some(site)) => suffix.push_str(&name_of(site.time_zone())),
                (None, None) => suffix.push_str("UTC"),
            }
        }
        Self {
            method: method.clone(),
            url: url_part(uri, headers, extensions),
            headers: headers.clone(),
            has_language: is_translated && chosen.is_some(),
            suffix,
        }
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The key under which the list of the headers is kept that pages of this URL vary on.
    pub fn header_key(&self, prefix: &str) -> String {
        let Self { url, suffix, .. } = self;
        format!("views.decorators.cache.cache_header.{prefix}.{url}{suffix}")
    }

    /// The key of the page for this method, where pages of this URL vary on the headers of the list.
    pub fn page_key<S: AsRef<str>>(&self, prefix: &str, method: &Method, list: &[S]) -> String {
        let fields: Vec<Vec<&[u8]>> = list.iter().map(|name| self.lines(name.as_ref())).collect();
        let (url, suffix, values) = (&self.url, &self.suffix, values_part(&fields));
        format!("views.decorators.cache.cache_page.{prefix}.{method}.{url}.{values}{suffix}")
    }

    /// What a response to this request varies on, as a list for its keys.
    ///
    /// The language of the browser is left out where a layer has chosen one of the site's by it, which is in the keys.
    pub fn list_of(&self, response: &HeaderMap) -> Vec<String> {
        vary_list(response, self.has_language)
    }

    /// The lines of a header of the list. Servers before us may take `x_a` for `x-a`, and so may a view.
    fn lines(&self, name: &str) -> Vec<&[u8]> {
        let Some(wanted) = name.strip_prefix("HTTP_") else {
            return Vec::new();
        };
        let is_same = |known: &str| {
            known.len() == wanted.len()
                && known.bytes().zip(wanted.bytes()).all(|(known, wanted)| {
                    let known = if known == b'-' { b'_' } else { known };
                    known.eq_ignore_ascii_case(&wanted)
                })
        };
        let found = self
            .headers
            .iter()
            .filter(|(name, _)| is_same(name.as_str()));
        found.map(|(_, value)| value.as_bytes()).collect()
    }
}

impl fmt::Debug for PageRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Headers hold cookies and passwords.
        f.debug_struct("PageRequest")
            .field("method", &self.method)
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

/// The headers that a response varies on, as Django names them, sorted.
///
/// ```
/// use http::HeaderMap;
/// use nuages_web::page_cache::vary_list;
///
/// let mut headers = HeaderMap::new();
/// headers.insert("vary", "Cookie, Accept-Language".parse().unwrap());
/// assert_eq!(vary_list(&headers, false), ["HTTP_ACCEPT_LANGUAGE", "HTTP_COOKIE"]);
/// assert_eq!(vary_list(&headers, true), ["HTTP_COOKIE"]);
/// ```
///
/// # Django
/// The list that `learn_cache_key` keeps. Spaces around a name do not count, as they do there at the ends of the header.
pub fn vary_list(response: &HeaderMap, without_language: bool) -> Vec<String> {
    let mut list = Vec::new();
    for line in response.get_all(VARY) {
        let line = String::from_utf8_lossy(line.as_bytes());
        for name in split_commas(&line) {
            let name = name.trim().to_uppercase().replace('-', "_");
            if !(without_language && name == ACCEPT_LANGUAGE) {
                list.push(format!("HTTP_{name}"));
            }
        }
    }
    list.sort();
    list
}

/// Django's hash of the URL, when the request was written as Django writes it.
fn url_part(uri: &Uri, headers: &HeaderMap, extensions: &Extensions) -> String {
    let is_secure = match extensions.get::<IsSecure>() {
        Some(secure) => secure.0,
        None => uri.scheme_str() == Some("https"),
    };
    let scheme = if is_secure { "https" } else { "http" };
    let raw = uri.path_and_query().map_or("/", |target| target.as_str());
    let path = decode_path(uri.path());
    let mut written = escape_uri_path(&path).into_owned();
    if let Some(query) = uri.query().filter(|query| !query.is_empty()) {
        written.push('?');
        written.push_str(&iri_to_uri(query));
    }
    let hosts = hosts_of(uri, headers, extensions);
    let resolves = path.contains("/./") || path.contains("/../");
    if let ([host], false, true) = (&hosts[..], resolves, written == raw) {
        let url = [scheme.as_bytes(), b"://", host, raw.as_bytes()].concat();
        return hex_encode(Md5::digest(url));
    }
    let mut fields = vec![vec![scheme.as_bytes(), raw.as_bytes()]];
    fields.push(hosts.iter().map(AsRef::as_ref).collect());
    format!("raw{}", exact_hash(&fields))
}

/// The host that a layer has validated; without one, all that a view may take for it.
fn hosts_of<'r>(
    uri: &'r Uri,
    headers: &'r HeaderMap,
    extensions: &'r Extensions,
) -> Vec<Cow<'r, [u8]>> {
    if let Some(host) = extensions.get::<Host>() {
        return vec![Cow::Borrowed(host.as_str().as_bytes())];
    }
    let target = uri.authority().map(|host| host.as_str().as_bytes());
    let lines = headers.get_all(HOST).iter().map(HeaderValue::as_bytes);
    let mut hosts: Vec<Cow<'r, [u8]>> =
        target.into_iter().chain(lines).map(Cow::Borrowed).collect();
    hosts.dedup();
    hosts
}

/// Django's hash of the values, where no other values have the same: at most one header is there, once, and it cannot
/// be taken for the mark of one that is not.
fn values_part(fields: &[Vec<&[u8]>]) -> String {
    let holds = |value: &[u8], part: &[u8]| value.windows(part.len()).any(|some| some == part);
    let is_clear = |lines: &Vec<&[u8]>| match lines[..] {
        [] => true,
        [value] => !holds(value, ABSENT) && (fields.len() == 1 || !value.is_empty()),
        _ => false,
    };
    let there = fields.iter().filter(|lines| !lines.is_empty()).count();
    if there > 1 || !fields.iter().all(is_clear) {
        return format!("raw{}", exact_hash(fields));
    }
    let mut hash = Md5::new();
    for lines in fields {
        match lines.first() {
            None => hash.update(ABSENT),
            // Python has a sign for each byte, and hashes them as UTF-8.
            Some(value) => {
                let text: String = value.iter().copied().map(char::from).collect();
                hash.update(text);
            }
        }
    }
    hex_encode(hash.finalize())
}

/// A hash that differs whenever anything does: how many fields and lines there are, and how long each is, goes in.
fn exact_hash(fields: &[Vec<&[u8]>]) -> String {
    let mut whole = Vec::new();
    let count = |number: usize| (number as u64).to_be_bytes();
    whole.extend(count(fields.len()));
    for lines in fields {
        whole.extend(count(lines.len()));
        for line in lines {
            whole.extend(count(line.len()));
            whole.extend_from_slice(line);
        }
    }
    salted_hmac("nuages.page_cache", whole, "", Algorithm::Sha256).to_hex()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    fn page(headers: &[(&'static str, Vec<u8>)]) -> PageRequest {
        let mut req = Request::get("/p/").header(HOST, "a.test").body(()).unwrap();
        for (name, value) in headers {
            let value = HeaderValue::from_bytes(value).unwrap();
            req.headers_mut().append(*name, value);
        }
        PageRequest::of(&req)
    }

    fn key(headers: &[(&'static str, Vec<u8>)], list: &[&str]) -> String {
        page(headers).page_key("", &Method::GET, list)
    }

    #[test]
    fn cve_2026_113593_absent_empty_marked_and_shifted_values_have_keys_of_their_own() {
        let a = |value: &str| ("x-a", value.as_bytes().to_vec());
        let b = |value: &str| ("x-b", value.as_bytes().to_vec());
        let all = [
            vec![],
            vec![a("")],
            vec![b("")],
            vec![a("-,")],
            vec![b("-,")],
            vec![a("-,"), b("-,")],
            vec![a("-,-,")],
            vec![a("ab"), b("c")],
            vec![a("a"), b("bc")],
            vec![a("abc")],
            vec![b("abc")],
            vec![a("abc"), b("")],
            vec![a(""), b("abc")],
            vec![a("ab"), a("c")],
            vec![a("ab,c")],
        ];
        let mut seen = HashMap::new();
        for headers in &all {
            let key = key(headers, &["HTTP_X_A", "HTTP_X_B"]);
            assert_eq!(seen.insert(key, headers), None, "{headers:?}");
        }
    }

    #[test]
    fn a_target_that_django_would_write_otherwise_has_a_key_of_its_own() {
        let url = |target: &str, host: &'static str| {
            let req = Request::get(target).header(HOST, host).body(()).unwrap();
            PageRequest::of(&req).header_key("")
        };
        let all = [
            ("/p/", "a.test"),
            ("/%70/", "a.test"),
            ("/p/?", "a.test"),
            ("/%2e/p/", "a.test"),
            ("/./p/", "a.test"),
            ("/x/../p/", "a.test"),
            ("/p/?a=1;b=2", "a.test"),
            ("/p/?a=1&b=2", "a.test"),
            ("/p/?a=%31&b=2", "a.test"),
            ("/p/", "a.test:80"),
            ("/p/", "b.test"),
            ("http://a.test/p/", "b.test"),
            ("http://b.test/p/", "a.test"),
            ("https://a.test/p/", "a.test"),
        ];
        let mut seen = HashMap::new();
        for (target, host) in all {
            assert_eq!(seen.insert(url(target, host), target), None, "{target}");
        }
    }

    #[test]
    fn a_header_is_found_under_any_spelling_of_its_name() {
        let with = |name| key(&[(name, b"1".to_vec())], &["HTTP_X_A"]);
        assert_eq!(with("x-a"), with("x_a"));
        assert_ne!(with("x-a"), with("x-b"));
    }

    fn value() -> impl Strategy<Value = Option<Vec<Vec<u8>>>> {
        // Short, and of the few signs that could be taken for something else.
        let line = proptest::collection::vec(proptest::sample::select(b"-,1:a\xe9".to_vec()), 0..4);
        proptest::option::of(proptest::collection::vec(line, 1..3))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5000))]

        #[test]
        fn k1_the_same_key_means_the_same_values(one in [value(), value(), value()], other in [value(), value(), value()]) {
            let names = ["x-a", "x-b", "x-c"];
            let list = ["HTTP_X_A", "HTTP_X_B", "HTTP_X_C"];
            let headers = |values: &[Option<Vec<Vec<u8>>>; 3]| -> Vec<(&'static str, Vec<u8>)> {
                let each = names.into_iter().zip(values);
                each.flat_map(|(name, lines)| lines.iter().flatten().map(move |line| (name, line.clone()))).collect()
            };
            let same = key(&headers(&one), &list) == key(&headers(&other), &list);
            prop_assert_eq!(same, one == other);
        }
    }
}
