//! `Urlizer`: addresses in plain text become links.

use super::entities::unescape;
use super::urls::{quoted, smart_urlquote};
use crate::chars::{is_space, is_word};
use crate::escape::{escape, push_escaped};

/// Longer words are no addresses (browsers give up there, too).
const LONGEST: usize = 2048;

/// Makes links of the addresses in a text: web addresses, bare hosts, mail addresses.
///
/// ```
/// use nuages_template::html::Urlizer;
/// let html = Urlizer::new().nofollow().trim_url_limit(9).urlize("see <example.org/about>", false);
/// assert_eq!(
///     html,
///     "see &lt;<a href=\"https://example.org/about\" rel=\"nofollow\">example.…</a>&gt;",
/// );
/// ```
///
/// # Security
/// Text that is not safe is escaped, unless [`Urlizer::insecure_without_autoescape`] says otherwise.
///
/// # Django
/// `django.utils.html.urlize`, whose default is not to escape.
#[derive(Clone, Copy, Debug)]
pub struct Urlizer {
    limit: Option<usize>,
    nofollow: bool,
    autoescape: bool,
    scheme: &'static str,
}

impl Default for Urlizer {
    fn default() -> Self {
        Self::new()
    }
}

impl Urlizer {
    /// Links with their whole address as text, bare hosts with `https://`.
    pub fn new() -> Self {
        Self {
            limit: None,
            nofollow: false,
            autoescape: true,
            scheme: "https",
        }
    }

    /// Longer addresses are shown with an ellipsis.
    #[must_use]
    pub fn trim_url_limit(mut self, limit: usize) -> Self {
        self.limit = Some(limit);
        self
    }

    /// The links ask search engines not to follow them.
    #[must_use]
    pub fn nofollow(mut self) -> Self {
        self.nofollow = true;
        self
    }

    /// A bare `example.com` is linked to `http://`.
    ///
    /// # Django
    /// `URLIZE_ASSUME_HTTPS = False`.
    #[must_use]
    pub fn insecure_http(mut self) -> Self {
        self.scheme = "http";
        self
    }

    /// Writes the text around the links as it is.
    ///
    /// # Security
    /// Only for text that is HTML already.
    #[must_use]
    pub fn insecure_without_autoescape(mut self) -> Self {
        self.autoescape = false;
        self
    }

    /// The text as HTML, with links. `safe`: the text is HTML already.
    pub fn urlize(&self, text: &str, safe: bool) -> String {
        let escape = self.autoescape && !safe;
        let mut out = String::with_capacity(text.len() * 2);
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let separator = is_separator(first);
            let end = rest
                .find(|c| is_separator(c) != separator)
                .unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            rest = after;
            match self.address(word) {
                Some(address) if !separator => self.write(&address, escape, &mut out),
                _ => push(word, escape, &mut out),
            }
        }
        out
    }

    fn write(&self, address: &Address<'_>, escaped: bool, out: &mut String) {
        push(address.lead, escaped, out);
        out.push_str("<a href=\"");
        out.push_str(&escape(&address.href));
        out.push_str(if self.nofollow && !address.mail {
            "\" rel=\"nofollow\">"
        } else {
            "\">"
        });
        let shown = address.shown;
        match self.limit {
            Some(limit) if shown.chars().count() > limit => {
                let short: String = shown.chars().take(limit.saturating_sub(1)).collect();
                push(&short, escaped, out);
                out.push('…');
            }
            _ => push(shown, escaped, out),
        }
        out.push_str("</a>");
        push(address.trail, escaped, out);
    }

    fn address<'w>(&self, word: &'w str) -> Option<Address<'w>> {
        if !word.contains(['.', '@', ':']) {
            return None;
        }
        let (lead, shown, trail) = trim(word);
        let (href, mail) = self.href(shown)?;
        Some(Address {
            lead,
            shown,
            trail,
            href,
            mail,
        })
    }

    /// What the word links to, and whether it is a mail address.
    fn href(&self, word: &str) -> Option<(String, bool)> {
        if word.chars().count() <= LONGEST {
            if has_scheme(word) {
                return Some((smart_urlquote(&unescape(word)), false));
            }
            if is_bare_host(word) {
                let url = format!("{}://{}", self.scheme, unescape(word));
                return Some((smart_urlquote(&url), false));
            }
        }
        if word.contains(':') || !is_mail(word) {
            return None;
        }
        let (local, domain) = word.rsplit_once('@')?;
        let (local, domain) = (quoted(local, ""), quoted(domain, ""));
        Some((format!("mailto:{local}@{domain}"), true))
    }
}

fn is_separator(c: char) -> bool {
    is_space(c) || matches!(c, '<' | '>' | '"' | '\'')
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
    shown: &'w str,
    trail: &'w str,
    href: String,
    mail: bool,
}

/// `http://` or `https://` with a letter or digit behind it.
fn has_scheme(word: &str) -> bool {
    let Some((scheme, rest)) = word.split_once("://") else {
        return false;
    };
    (scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https"))
        && rest.strip_prefix('[').unwrap_or(rest).starts_with(is_word)
}

const TOP_LEVEL: [&str; 7] = ["com", "edu", "gov", "int", "mil", "net", "org"];

/// `www.…`, or a host under one of the original top level domains, with or without a path.
fn is_bare_host(word: &str) -> bool {
    let starts = |start: &str| {
        word.get(..4)
            .is_some_and(|found| found.eq_ignore_ascii_case(start))
    };
    if starts("www.") {
        return true;
    }
    if starts("http") {
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

/// A letter of a host name: Django takes all of the basic plane above the controls and spaces of Latin-1.
fn is_host_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || ('\u{a1}'..='\u{ffff}').contains(&c)
}

/// A part of a host name: letters, digits and inner hyphens, 63 at most.
fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label.chars().count() <= 63
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label
            .chars()
            .all(|c| is_host_letter(c) || c.is_ascii_digit() || c == '-')
}

/// The last part of a mail's domain: two letters at least, or an encoded name.
fn is_top_label(label: &str) -> bool {
    let encoded = label
        .get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("xn--"))
        && label.len() > 4
        && label.is_ascii();
    is_label(label)
        && (encoded
            || (label.chars().count() >= 2 && !label.contains(|c: char| c.is_ascii_digit())))
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
    if word.chars().count() > 320 || !local.split('.').all(atom) {
        return false;
    }
    if let Some(address) = domain
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        return address.parse::<std::net::Ipv4Addr>().is_ok();
    }
    let Some((name, top)) = domain.rsplit_once('.') else {
        return false;
    };
    is_top_label(top) && name.split('.').all(is_label)
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
