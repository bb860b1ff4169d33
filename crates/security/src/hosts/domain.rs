//! Host names and the patterns they match.

/// Takes a `Host` header apart into domain and port; `None` if it is not one.
///
/// A trailing dot of the domain is left out. Letters keep their case.
///
/// ```
/// use nuages_security::hosts::split_domain_port;
///
/// assert_eq!(split_domain_port("example.com.:8000"), Some(("example.com", "8000")));
/// assert_eq!(split_domain_port("[::1]"), Some(("[::1]", "")));
/// assert_eq!(split_domain_port("user@example.com"), None);
/// ```
///
/// # Django
/// `django.http.request.split_domain_port`, which gives the domain in lower case.
pub fn split_domain_port(host: &str) -> Option<(&str, &str)> {
    let bytes = host.as_bytes();
    let end = if bytes.first() == Some(&b'[') {
        let close = host.find(']')?;
        let (before, after) = host[1..close].split_once(':')?;
        let hex = |byte: u8| byte.is_ascii_hexdigit();
        let fits = before.bytes().all(hex)
            && !after.is_empty()
            && after
                .bytes()
                .all(|byte| hex(byte) || byte == b'.' || byte == b':');
        if !fits {
            return None;
        }
        close + 1
    } else {
        let end = bytes
            .iter()
            .position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-')))
            .unwrap_or(bytes.len());
        if end == 0 {
            return None;
        }
        end
    };
    let (domain, rest) = host.split_at(end);
    let port = match rest.strip_prefix(':') {
        Some(port) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => port,
        None if rest.is_empty() => "",
        _ => return None,
    };
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    Some((domain, port))
}

/// True when `host` is the pattern, or the pattern begins with a dot and `host` is below it.
///
/// The pattern's case does not matter; the host is expected in lower case.
///
/// # Django
/// `django.utils.http.is_same_domain`.
pub fn is_same_domain(host: &str, pattern: &str) -> bool {
    if pattern.is_empty() {
        return false;
    }
    let pattern = pattern.to_lowercase();
    let below = pattern
        .strip_prefix('.')
        .is_some_and(|domain| host == domain || host.ends_with(&pattern));
    below || host == pattern
}

/// True when the domain (without port) matches one of the patterns.
///
/// # Django
/// `django.http.request.validate_host`.
pub fn validate_host<P: AsRef<str>>(domain: &str, allowed_hosts: &[P]) -> bool {
    allowed_hosts.iter().any(|pattern| {
        let pattern = pattern.as_ref();
        pattern == "*" || matches_ignoring_case(domain, pattern)
    })
}

/// [`is_same_domain`] for a host in whatever case, without making a copy of it.
fn matches_ignoring_case(domain: &str, pattern: &str) -> bool {
    if pattern.is_empty() {
        return false;
    }
    let below = pattern.strip_prefix('.').is_some_and(|parent| {
        let tail = domain
            .len()
            .checked_sub(pattern.len())
            .and_then(|at| domain.get(at..));
        domain.eq_ignore_ascii_case(parent)
            || tail.is_some_and(|tail| tail.eq_ignore_ascii_case(pattern))
    });
    below || domain.eq_ignore_ascii_case(pattern)
}
