//! Where it is safe to send a visitor.

use std::borrow::Cow;

use http::HeaderValue;
use url::Url;

use crate::uri::{iri_to_uri, urlsplit};

const MAX_URL_LENGTH: usize = 2048;
const MAX_REDIRECT_LENGTH: usize = 16_384;

/// True when the URL stays on this site or goes to one of the allowed hosts, over HTTP or HTTPS.
///
/// Ask this of every URL that came from outside, such as `?next=`. A host in the list matches only
/// with the same port.
///
/// ```
/// use nuages_security::redirect::url_has_allowed_host_and_scheme;
///
/// let safe = |url| url_has_allowed_host_and_scheme(url, &["example.com"], true);
/// assert!(safe("/accounts/profile/"));
/// assert!(safe("https://example.com/"));
/// assert!(!safe("http://example.com/"));
/// assert!(!safe("https://evil.example/"));
/// assert!(!safe("//evil.example"));
/// assert!(!safe("/\\evil.example"));
/// assert!(!safe("javascript:alert(1)"));
/// ```
///
/// # Security
/// The URL has to pass twice: by Django's rules, and by those of the WHATWG standard that browsers
/// follow. What only one of them takes for safe is refused.
///
/// # Django
/// `django.utils.http.url_has_allowed_host_and_scheme`, which takes `//` for safe; here it is not.
pub fn url_has_allowed_host_and_scheme<H: AsRef<str>>(
    url: &str,
    allowed_hosts: &[H],
    require_https: bool,
) -> bool {
    let url = url.trim_matches(|c: char| c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c));
    !url.is_empty()
        && by_python(url, allowed_hosts, require_https)
        && by_python(&url.replace('\\', "/"), allowed_hosts, require_https)
        && by_browser(url, allowed_hosts, require_https)
}

fn by_python<H: AsRef<str>>(url: &str, allowed_hosts: &[H], require_https: bool) -> bool {
    if url.starts_with("///") || url.chars().count() > MAX_URL_LENGTH {
        return false;
    }
    let Some(split) = urlsplit(url) else {
        return false;
    };
    if split.netloc.is_empty() && !split.scheme.is_empty() {
        return false;
    }
    // Browsers skip control and format characters at the start; so the path could be a host to them.
    if url.starts_with(is_control) {
        return false;
    }
    let scheme_fits = match &*split.scheme {
        "" => split.netloc.is_empty() || !require_https,
        "https" => true,
        "http" => !require_https,
        _ => false,
    };
    let host_fits = split.netloc.is_empty()
        || allowed_hosts
            .iter()
            .any(|host| *host.as_ref() == *split.netloc);
    scheme_fits && host_fits
}

/// The characters of Unicode's category C that text of today has: control, format, private use.
/// Unassigned ones are let through; the browser's rules decide about them.
fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'
            | '\u{891}' | '\u{8e2}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{e000}'..='\u{f8ff}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}'
            | '\u{13430}'..='\u{1345f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0001}'..='\u{e007f}' | '\u{f0000}'..='\u{10ffff}')
}

fn by_browser<H: AsRef<str>>(url: &str, allowed_hosts: &[H], require_https: bool) -> bool {
    let here = if require_https {
        "https://here.invalid/"
    } else {
        "http://here.invalid/"
    };
    let Ok(here) = Url::parse(here) else {
        return false;
    };
    let Ok(target) = here.join(url) else {
        return false;
    };
    if !matches!(target.scheme(), "http" | "https") || !target.has_host() {
        return false;
    }
    if target.host_str() == here.host_str() {
        // Still here, unless the URL names that very host.
        return target.port().is_none() && !url.contains("here.invalid");
    }
    if !target.username().is_empty() || target.password().is_some() {
        // An allowed host has no user name in it.
        return false;
    }
    allowed_hosts.iter().any(|host| {
        Url::parse(&format!("{}://{}/", target.scheme(), host.as_ref())).is_ok_and(|allowed| {
            allowed.host_str() == target.host_str()
                && allowed.port_or_known_default() == target.port_or_known_default()
        })
    })
}

/// A redirect that is not to be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DisallowedRedirect {
    /// The scheme is not one of HTTP, HTTPS and FTP: `javascript:` would run a script.
    #[error("Unsafe redirect to URL with protocol '{0}'")]
    Scheme(String),
    /// The URL is longer than any browser or proxy has to take.
    #[error("Unsafe redirect exceeding {MAX_REDIRECT_LENGTH} characters")]
    TooLong,
    /// The URL cannot be taken apart.
    #[error("Unsafe redirect to a malformed URL")]
    Malformed,
}

/// The value of a `Location` header.
///
/// This does not ask where the URL goes: for one from outside, see
/// [`url_has_allowed_host_and_scheme`].
///
/// # Errors
/// When the scheme is not one to redirect to, or the URL is too long or malformed.
///
/// # Django
/// `HttpResponseRedirect`, with its messages.
pub fn location(url: &str) -> Result<HeaderValue, DisallowedRedirect> {
    if url.chars().count() > MAX_REDIRECT_LENGTH {
        return Err(DisallowedRedirect::TooLong);
    }
    let split = urlsplit(url).ok_or(DisallowedRedirect::Malformed)?;
    if !matches!(&*split.scheme, "" | "http" | "https" | "ftp") {
        return Err(DisallowedRedirect::Scheme(split.scheme.into_owned()));
    }
    let uri: Cow<'_, str> = iri_to_uri(url);
    HeaderValue::from_str(&uri).map_err(|_| DisallowedRedirect::Malformed)
}
