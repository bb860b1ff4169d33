//! URLs: percent-encoding, and quoting what somebody typed as an address.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// What may stand in a part of a URL as it is.
const RESERVED: &str = "!$&'()*+,;=:/?#[]@~";

/// Schemes whose URLs have a host, so that `scheme:///path` keeps its empty one.
const WITH_HOST: [&str; 25] = [
    "", "ftp", "http", "gopher", "nntp", "telnet", "imap", "wais", "file", "mms", "https", "shttp",
    "snews", "prospero", "rtsp", "rtsps", "rtspu", "rsync", "svn", "svn+ssh", "sftp", "nfs", "git",
    "git+ssh", "ws",
];

/// A URL with what may not stand in one percent-encoded; what is encoded already stays so.
///
/// ```
/// use nuages_template::html::smart_urlquote;
/// assert_eq!(smart_urlquote("http://é.org/a b?x=<1>&y=%26"), "http://%C3%A9.org/a%20b?x=%3C1%3E&y=%26");
/// ```
///
/// # Django
/// `django.utils.html.smart_urlquote`.
pub fn smart_urlquote(url: &str) -> String {
    let Some(parts) = Parts::split(url) else {
        return requote(url);
    };
    let netloc = requote(&parts.netloc);
    let mut path = requote(&parts.path);
    let absolute = path.is_empty() || path.starts_with('/');
    if netloc.is_empty() {
        // A host that is empty is written where the path would be taken for one, or the scheme wants one.
        let wanted = !parts.scheme.is_empty() && WITH_HOST.contains(&&*parts.scheme);
        if path.starts_with("//") || (wanted && absolute) {
            path.insert_str(0, "//");
        }
    } else {
        path = format!("//{netloc}{}{path}", if absolute { "" } else { "/" });
    }
    let mut out = String::with_capacity(url.len() + 16);
    if !parts.scheme.is_empty() {
        out.extend([&*parts.scheme, ":"]);
    }
    out.push_str(&path);
    let query = requote_query(&parts.query);
    if !query.is_empty() {
        out.extend(["?", &query]);
    }
    if !parts.fragment.is_empty() {
        out.extend(["#", &requote(&parts.fragment)]);
    }
    out
}

/// A URL taken apart as Python's `urlsplit` does.
struct Parts {
    scheme: String,
    netloc: String,
    path: String,
    query: String,
    fragment: String,
}

impl Parts {
    /// Nothing for a host that is none.
    fn split(url: &str) -> Option<Self> {
        let url = url.trim_start_matches(|c: char| c <= ' ');
        let url: Cow<'_, str> = if url.contains(['\t', '\r', '\n']) {
            url.replace(['\t', '\r', '\n'], "").into()
        } else {
            url.into()
        };
        let (scheme, rest) = match url.split_once(':') {
            Some((scheme, rest)) if is_scheme(scheme) => (scheme.to_ascii_lowercase(), rest),
            _ => (String::new(), &*url),
        };
        let (netloc, rest) = match rest.strip_prefix("//") {
            Some(rest) => rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len())),
            None => ("", rest),
        };
        if !is_host(netloc) {
            return None;
        }
        let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        Some(Self {
            scheme,
            netloc: netloc.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            fragment: fragment.to_owned(),
        })
    }
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

/// Are the brackets around an IPv6 address, and does no character turn into a separator when it is normalized?
fn is_host(netloc: &str) -> bool {
    if netloc.contains('[') != netloc.contains(']') {
        return false;
    }
    if netloc.contains('[') {
        let host = netloc.rsplit('@').next().unwrap_or(netloc);
        let Some((address, port)) = host.strip_prefix('[').and_then(|rest| rest.split_once(']'))
        else {
            return false;
        };
        let address = address.split('%').next().unwrap_or(address);
        let known = address.parse::<std::net::Ipv6Addr>().is_ok() || is_future(address);
        if !known || !(port.is_empty() || port.starts_with(':')) {
            return false;
        }
    }
    if netloc.is_ascii() {
        return true;
    }
    let plain: String = netloc.chars().filter(|c| !"@:#?".contains(*c)).collect();
    let normal: String = plain.nfkc().collect();
    normal == plain || !normal.contains(['/', '?', '#', '@', ':'])
}

/// An address of a version to come: `v1.x`.
fn is_future(address: &str) -> bool {
    let version = address
        .strip_prefix('v')
        .and_then(|rest| rest.split_once('.'));
    version.is_some_and(|(version, rest)| {
        !version.is_empty() && version.chars().all(|c| c.is_ascii_hexdigit()) && !rest.is_empty()
    })
}

fn requote(text: &str) -> String {
    quoted(&unquote(text), RESERVED)
}

/// Keys and values are taken apart first: an encoded `&` in a value is not a separator.
fn requote_query(query: &str) -> String {
    let mut out = String::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        if !out.is_empty() {
            out.push('&');
        }
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        for (index, part) in [key, value].into_iter().enumerate() {
            if index == 1 {
                out.push('=');
            }
            // Twice, as Django does: what is encoded twice is encoded once in the end.
            let part = unquote(&unquote(&part.replace('+', " ")));
            percent_encode(&part, b"", true, &mut out);
        }
    }
    out
}

/// Undoes percent-encoding; bytes that are no UTF-8 become replacement characters.
fn unquote(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        let byte = hex
            .filter(|hex| hex.iter().all(u8::is_ascii_hexdigit))
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(byte.unwrap_or(bytes[at]));
        at += if byte.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Percent-encodes all but letters, digits, `_.-~` and the `safe` characters.
pub(crate) fn quoted(text: &str, safe: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    percent_encode(text, safe.as_bytes(), false, &mut out);
    out
}

/// Percent-encodes all but letters, digits, `_.-~` and the `safe` bytes; `plus`: a space becomes `+`.
pub(crate) fn percent_encode(text: &str, safe: &[u8], plus: bool, out: &mut String) {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    let mut plain = [false; 128];
    for byte in b"_.-~".iter().chain(safe) {
        if let Some(known) = plain.get_mut(usize::from(*byte)) {
            *known = true;
        }
    }
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || plain.get(usize::from(byte)) == Some(&true) {
            out.push(char::from(byte));
        } else if plus && byte == b' ' {
            out.push('+');
        } else {
            out.push('%');
            out.push(DIGITS[usize::from(byte >> 4)]);
            out.push(DIGITS[usize::from(byte & 15)]);
        }
    }
}
