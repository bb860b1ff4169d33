//! URLs, taken apart as Python does and written as Django does.

use std::borrow::Cow;
use std::net::Ipv6Addr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode, utf8_percent_encode};

mod join;

pub use join::absolute_uri;

/// The parts of a URL: Python's `urlsplit`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Split<'a> {
    /// In lower case, without the colon; empty if there is none.
    pub(crate) scheme: Cow<'a, str>,
    /// What stands between `//` and the path: user, host and port.
    pub(crate) netloc: Cow<'a, str>,
    /// Path, query and fragment.
    rest: Cow<'a, str>,
}

/// Takes a URL apart; `None` where Python raises `ValueError`.
pub(crate) fn urlsplit(url: &str) -> Option<Split<'_>> {
    let url = url.trim_start_matches(|c: char| c <= ' ');
    let removed = |c: char| matches!(c, '\t' | '\n' | '\r');
    if url.contains(removed) {
        let clean: String = url.chars().filter(|c| !removed(*c)).collect();
        let split = split_clean(&clean)?;
        return Some(Split {
            scheme: Cow::Owned(split.scheme.into_owned()),
            netloc: Cow::Owned(split.netloc.into_owned()),
            rest: Cow::Owned(split.rest.into_owned()),
        });
    }
    split_clean(url)
}

fn split_clean(url: &str) -> Option<Split<'_>> {
    let mut scheme = Cow::Borrowed("");
    let mut rest = url;
    if let Some((before, after)) = url.split_once(':')
        && before.starts_with(|c: char| c.is_ascii_alphabetic())
        && before
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    {
        scheme = Cow::Borrowed(before);
        if before.bytes().any(|byte| byte.is_ascii_uppercase()) {
            scheme = Cow::Owned(before.to_ascii_lowercase());
        }
        rest = after;
    }
    let mut netloc = "";
    if let Some(after) = rest.strip_prefix("//") {
        let end = after.find(['/', '?', '#']).unwrap_or(after.len());
        (netloc, rest) = after.split_at(end);
        check_brackets(netloc)?;
    }
    Some(Split {
        scheme,
        netloc: Cow::Borrowed(netloc),
        rest: Cow::Borrowed(rest),
    })
}

fn check_brackets(netloc: &str) -> Option<()> {
    if !netloc.contains(['[', ']']) {
        return Some(());
    }
    let host = netloc.rsplit_once('@').map_or(netloc, |(_, host)| host);
    let (host, port) = host.strip_prefix('[')?.split_once(']')?;
    if !port.is_empty() && !port.starts_with(':') {
        return None;
    }
    if let Some(future) = host.strip_prefix('v') {
        let (version, address) = future.split_once('.')?;
        return (!version.is_empty()
            && version.bytes().all(|byte| byte.is_ascii_hexdigit())
            && !address.is_empty())
        .then_some(());
    }
    let (address, zone) = host
        .split_once('%')
        .map_or((host, None), |(address, zone)| (address, Some(zone)));
    if zone.is_some_and(|zone| zone.is_empty() || zone.contains('%')) {
        return None;
    }
    address.parse::<Ipv6Addr>().ok().map(|_| ())
}

impl Split<'_> {
    /// The URL put together again, without empty parts: Python's `geturl()`.
    pub(crate) fn to_url(&self) -> String {
        let (rest, fragment) = cut(&self.rest, '#');
        let (path, query) = cut(rest, '?');
        let mut url = String::with_capacity(self.rest.len() + self.netloc.len() + 12);
        if !self.scheme.is_empty() {
            url.push_str(&self.scheme);
            url.push(':');
        }
        if !self.netloc.is_empty() {
            url.push_str("//");
            url.push_str(&self.netloc);
            if !path.is_empty() && !path.starts_with('/') {
                url.push('/');
            }
        }
        url.push_str(path);
        for (mark, part) in [('?', query), ('#', fragment)] {
            if !part.is_empty() {
                url.push(mark);
                url.push_str(part);
            }
        }
        url
    }
}

fn cut(text: &str, mark: char) -> (&str, &str) {
    text.split_once(mark).unwrap_or((text, ""))
}

const fn without(bytes: &[u8]) -> AsciiSet {
    let mut set = NON_ALPHANUMERIC
        .remove(b'_')
        .remove(b'.')
        .remove(b'-')
        .remove(b'~');
    let mut at = 0;
    while at < bytes.len() {
        set = set.remove(bytes[at]);
        at += 1;
    }
    set
}

const IRI: AsciiSet = without(b"/#%[]=:;$&()+,!?*@'");
const PATH: AsciiSet = without(b"/:@&+$,!*'()");
const FILE: AsciiSet = without(b"/!*()'");

/// Escapes what a URL cannot hold, leaving escapes and delimiters that are there already.
///
/// ```
/// use nuages_security::uri::iri_to_uri;
///
/// assert_eq!(iri_to_uri("/été/?q=a%20b"), "/%C3%A9t%C3%A9/?q=a%20b");
/// ```
///
/// # Django
/// `django.utils.encoding.iri_to_uri`.
pub fn iri_to_uri(iri: &str) -> Cow<'_, str> {
    Cow::from(utf8_percent_encode(iri, &IRI))
}

/// Escapes a path that was unescaped before.
///
/// # Django
/// `django.utils.encoding.escape_uri_path`.
pub fn escape_uri_path(path: &str) -> Cow<'_, str> {
    Cow::from(utf8_percent_encode(path, &PATH))
}

/// The path of a file as a part of a URL; backslashes become slashes.
///
/// ```
/// use nuages_security::uri::filepath_to_uri;
///
/// assert_eq!(filepath_to_uri("upload\\été?.mp4"), "upload/%C3%A9t%C3%A9%3F.mp4");
/// ```
///
/// # Django
/// `django.utils.encoding.filepath_to_uri`.
pub fn filepath_to_uri(path: &str) -> String {
    utf8_percent_encode(&path.replace('\\', "/"), &FILE).to_string()
}

/// A URL as people read it: escapes of letters and `-._~` and of whole letters beyond ASCII
/// are undone, all others stay.
///
/// ```
/// use nuages_security::uri::uri_to_iri;
///
/// assert_eq!(uri_to_iri("/%C3%A9t%C3%A9/%20%2F"), "/été/%20%2F");
/// assert_eq!(uri_to_iri("/%E2%99"), "/%E2%99");
/// ```
///
/// # Django
/// `django.utils.encoding.uri_to_iri`.
pub fn uri_to_iri(uri: &str) -> Cow<'_, str> {
    let mut blocks = uri.split('%');
    let first = blocks.next().unwrap_or("");
    if first.len() == uri.len() {
        return Cow::Borrowed(uri);
    }
    let mut bytes = Vec::with_capacity(uri.len());
    bytes.extend_from_slice(first.as_bytes());
    for block in blocks {
        let block = block.as_bytes();
        match block
            .split_at_checked(2)
            .map(|(hex, rest)| (byte_of(hex), rest))
        {
            Some((Some(byte), rest)) if is_readable(byte) => {
                bytes.push(byte);
                bytes.extend_from_slice(rest);
            }
            _ => {
                bytes.push(b'%');
                bytes.extend_from_slice(block);
            }
        }
    }
    Cow::Owned(repercent_broken_unicode(&bytes))
}

fn byte_of(hex: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    match hex {
        [high, low] => u8::try_from(digit(*high)? * 16 + digit(*low)?).ok(),
        _ => None,
    }
}

fn is_readable(byte: u8) -> bool {
    !byte.is_ascii() || byte.is_ascii_alphabetic() || b"-._~".contains(&byte)
}

/// Bytes as text, with the ones that are no UTF-8 escaped.
///
/// ```
/// use nuages_security::uri::repercent_broken_unicode;
///
/// assert_eq!(repercent_broken_unicode(b"\xe2\x99\xa5 \xe2\x99"), "♥ %E2%99");
/// ```
///
/// # Django
/// `django.utils.encoding.repercent_broken_unicode`.
pub fn repercent_broken_unicode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(percent_encode(chunk.invalid(), &IRI));
    }
    text
}

/// Escapes the second of two leading slashes, which would begin a host.
///
/// # Django
/// `django.utils.http.escape_leading_slashes`.
pub fn escape_leading_slashes(url: &str) -> Cow<'_, str> {
    match url.strip_prefix("//") {
        Some(rest) => Cow::Owned(format!("/%2F{rest}")),
        None => Cow::Borrowed(url),
    }
}
