//! `urlize` and `urlizetrunc`: addresses in plain text become links, to `https://` unless they say otherwise.
//!
//! ```
//! use nuages_template::{context, Engine, NoServices};
//! let page = Engine::default().from_str("{{ v|urlize }} {{ v|urlizetrunc:8 }}")?;
//! assert_eq!(
//!     page.render(&context! { v: "(http://a.org)" }, &NoServices)?,
//!     "(<a href=\"http://a.org\" rel=\"nofollow\">http://a.org</a>) \
//!      (<a href=\"http://a.org\" rel=\"nofollow\">http://…</a>)",
//! );
//! # Ok::<(), nuages_template::Error>(())
//! ```

use std::borrow::Cow;

use super::url::quoted;
use crate::error::Error;
use crate::escape::{escape, push_escaped};
use crate::html::unescape;
use crate::library::FilterCall;
use crate::value::Value;

/// Longer words are no addresses (browsers give up there, too).
const LONGEST: usize = 2048;

/// What may stand in a URL as it is.
const RESERVED: &str = "!$&'()*+,;=:/?#[]@~";

/// Links with their whole address as text.
pub(super) fn urlize<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<Value<'r>, Error> {
    Ok(linked(&value, None, call))
}

/// Links whose text is at most as long as the argument says.
pub(super) fn urlizetrunc<'r>(value: Value<'r>, call: &FilterCall<'r>) -> Result<Value<'r>, Error> {
    let Some(limit) = call.int() else {
        return Err(Error::value("the limit is not a whole number"));
    };
    Ok(linked(
        &value,
        Some(usize::try_from(limit).unwrap_or(0)),
        call,
    ))
}

fn linked<'r>(value: &Value<'r>, limit: Option<usize>, call: &FilterCall<'r>) -> Value<'r> {
    let text = value.to_text();
    let escape = call.autoescape() && !value.is_safe();
    let mut out = String::with_capacity(text.len() * 2);
    let scheme = if call.env.engine.0.urlize_http {
        "http"
    } else {
        "https"
    };
    let mut rest = &*text;
    while let Some(first) = rest.chars().next() {
        let separator = is_separator(first);
        let end = rest
            .find(|c| is_separator(c) != separator)
            .unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        rest = after;
        match address(word, scheme) {
            Some(address) if !separator => address.write(limit, escape, &mut out),
            _ => push(word, escape, &mut out),
        }
    }
    Value::Safe(Cow::Owned(out))
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\'')
}

fn push(text: &str, escape: bool, out: &mut String) {
    if escape {
        push_escaped(out, text);
    } else {
        out.push_str(text);
    }
}

/// An address with the punctuation around it.
struct Address<'w> {
    lead: &'w str,
    shown: String,
    trail: String,
    href: String,
    mail: bool,
}

impl Address<'_> {
    fn write(&self, limit: Option<usize>, escaped: bool, out: &mut String) {
        push(self.lead, escaped, out);
        out.push_str("<a href=\"");
        out.push_str(&escape(&self.href));
        out.push_str(if self.mail {
            "\">"
        } else {
            "\" rel=\"nofollow\">"
        });
        match limit {
            Some(limit) if self.shown.chars().count() > limit => {
                let short: String = self.shown.chars().take(limit.saturating_sub(1)).collect();
                push(&short, escaped, out);
                out.push('…');
            }
            _ => push(&self.shown, escaped, out),
        }
        out.push_str("</a>");
        push(&self.trail, escaped, out);
    }
}

fn address<'w>(word: &'w str, scheme: &str) -> Option<Address<'w>> {
    if !word.contains(['.', '@', ':']) {
        return None;
    }
    let (lead, middle, trail) = trim(word);
    let (href, mail) = href(middle, scheme)?;
    Some(Address {
        lead,
        shown: middle.to_owned(),
        trail: trail.to_owned(),
        href,
        mail,
    })
}

/// What the word links to, and whether it is a mail address.
fn href(word: &str, scheme: &str) -> Option<(String, bool)> {
    if word.chars().count() <= LONGEST {
        if has_scheme(word) {
            return Some((quote_url(&unescape(word)), false));
        }
        if is_bare_host(word) {
            return Some((quote_url(&format!("{scheme}://{}", unescape(word))), false));
        }
    }
    if word.contains(':') || !is_mail(word) {
        return None;
    }
    let (local, domain) = word.rsplit_once('@')?;
    Some((
        format!("mailto:{}@{}", quoted(local, ""), quoted(domain, "")),
        true,
    ))
}

/// `http://` or `https://` with a letter or digit behind it.
fn has_scheme(word: &str) -> bool {
    let Some(at) = word.find("://") else {
        return false;
    };
    let scheme = &word[..at];
    let rest = &word[at + 3..];
    (scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https"))
        && rest
            .strip_prefix('[')
            .unwrap_or(rest)
            .starts_with(|c: char| c.is_alphanumeric() || c == '_')
}

const TOP_LEVEL: [&str; 7] = ["com", "edu", "gov", "int", "mil", "net", "org"];

/// `www.…`, or a host under one of the original top level domains, with or without a path.
fn is_bare_host(word: &str) -> bool {
    if word
        .get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("www."))
    {
        return true;
    }
    if word
        .get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("http"))
    {
        return false;
    }
    let host = word.split('/').next().unwrap_or(word);
    let Some((name, top)) = host.rsplit_once('.') else {
        return false;
    };
    TOP_LEVEL
        .iter()
        .any(|known| known.eq_ignore_ascii_case(top))
        && name.split('.').all(is_label)
}

/// A part of a host name: letters, digits and inner hyphens, 63 at most.
fn is_label(label: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || (!c.is_ascii() && c >= '\u{a1}');
    !label.is_empty()
        && label.chars().count() <= 63
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.chars().all(|c| allowed(c) || c == '-')
}

fn is_mail(word: &str) -> bool {
    let Some((local, domain)) = word.rsplit_once('@') else {
        return false;
    };
    let atom = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{}|~-".contains(c))
    };
    if word.len() > 320 || !local.split('.').all(atom) {
        return false;
    }
    let Some((name, top)) = domain.rsplit_once('.') else {
        return false;
    };
    is_label(top) && top.chars().count() >= 2 && name.split('.').all(is_label)
}

/// Takes the punctuation off a word: opening brackets in front; closing ones and full stops behind.
fn trim(word: &str) -> (&str, &str, &str) {
    let start = word.len() - word.trim_start_matches(['(', '[']).len();
    let body = &word[start..];
    let mut middle = body;
    let count = |c: char| body.matches(c).count();
    let mut spare = [
        (')', count(')').saturating_sub(count('('))),
        (']', count(']').saturating_sub(count('['))),
    ];
    let ampersand = body.find('&').unwrap_or(body.len());
    loop {
        let before = middle.len();
        for (closing, spare) in &mut spare {
            // Only as many are taken off as were never opened.
            let behind = middle.len() - middle.trim_end_matches(*closing).len();
            if behind > 0 && *spare > 0 {
                middle = &middle[..middle.len() - behind.min(*spare)];
                *spare -= behind.min(*spare);
            }
        }
        let entity = ampersand < middle.len();
        middle = middle
            .trim_end_matches(|c| matches!(c, '.' | ',' | ':' | '!') || (c == ';' && !entity));
        if entity && middle.ends_with(';') {
            middle = trim_semicolons(middle);
        }
        if middle.len() == before || middle.is_empty() {
            break;
        }
    }
    (&word[..start], middle, &body[middle.len()..])
}

/// Semicolons behind a word, but not the one that ends an entity.
fn trim_semicolons(middle: &str) -> &str {
    let bare = middle.trim_end_matches(';');
    // No entity is longer; without the limit a row of semicolons would cost quadratic time.
    let nearest = bare.len().saturating_sub(40);
    let found = bare.as_bytes()[nearest..]
        .iter()
        .rposition(|byte| *byte == b'&');
    let is_entity = found.is_some_and(|at| {
        let at = nearest + at;
        let entity = &middle[at..=bare.len()];
        !unescape(entity).ends_with(';')
    });
    if is_entity {
        &middle[..=bare.len()]
    } else {
        bare.trim_end_matches(['.', ',', ':', '!'])
    }
}

/// A URL with what may not stand in one percent-encoded; what is encoded already stays so.
fn quote_url(url: &str) -> String {
    let (rest, fragment) = url
        .split_once('#')
        .map_or((url, None), |(rest, fragment)| (rest, Some(fragment)));
    let (rest, query) = rest
        .split_once('?')
        .map_or((rest, None), |(rest, query)| (rest, Some(query)));
    let (scheme, rest) = rest.split_once("://").unwrap_or(("http", rest));
    let mut out = format!("{}://{}", scheme.to_lowercase(), requote(rest));
    if let Some(query) = query.map(requote_query).filter(|query| !query.is_empty()) {
        out.push('?');
        out.push_str(&query);
    }
    if let Some(fragment) = fragment.filter(|fragment| !fragment.is_empty()) {
        out.push('#');
        out.push_str(&requote(fragment));
    }
    out
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
            super::percent_encode(&unquote(&part.replace('+', " ")), b"", true, &mut out);
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
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(byte.unwrap_or(bytes[at]));
        at += if byte.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}
