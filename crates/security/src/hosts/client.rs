//! The address of the client, as far as it can be believed.

use std::net::{IpAddr, SocketAddr};

use http::HeaderMap;

use super::HostsSettings;

/// The address a request came from: the peer's, or behind proxies of one's own what they saw.
///
/// ```
/// use http::HeaderMap;
/// use nuages_security::hosts::{HostsSettings, client_address};
///
/// let mut headers = HeaderMap::new();
/// headers.insert("x-forwarded-for", "6.6.6.6, 203.0.113.7".parse().unwrap());
/// let peer = Some("10.0.0.1".parse().unwrap());
/// // Without a proxy the header is what the client made up.
/// let direct = HostsSettings::default();
/// assert_eq!(client_address(&direct, peer, &headers), peer);
/// // With one, the last entry is what the proxy saw; what stands before it is made up, too.
/// let proxied = HostsSettings { num_proxies: 1, ..Default::default() };
/// let seen = "203.0.113.7".parse().ok();
/// assert_eq!(client_address(&proxied, peer, &headers), seen);
/// ```
///
/// # Security
/// Entries are counted from the end, so a client that sends the header itself only adds entries that nobody reads.
/// Where there are fewer entries than proxies, or the entry is no address, it is the peer's address that counts.
///
/// # Django
/// `REMOTE_ADDR`; what is before it is left to others.
pub fn client_address(
    settings: &HostsSettings,
    peer: Option<IpAddr>,
    headers: &HeaderMap,
) -> Option<IpAddr> {
    let canonical = |address: IpAddr| address.to_canonical();
    if settings.num_proxies == 0 {
        return peer.map(canonical);
    }
    headers
        .get_all("x-forwarded-for")
        .iter()
        .rev()
        .flat_map(|value| value.as_bytes().rsplit(|&byte| byte == b','))
        .nth(settings.num_proxies - 1)
        .and_then(|entry| address(std::str::from_utf8(entry).ok()?.trim()))
        .or(peer)
        .map(canonical)
}

/// An address with or without a port, and with or without brackets.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(text);
    let with_port = || text.parse().ok().map(|address: SocketAddr| address.ip());
    bare.parse().ok().or_else(with_port)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(num_proxies: usize, lines: &[&str], expect: &str) {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        let settings = HostsSettings {
            num_proxies,
            ..HostsSettings::default()
        };
        let peer = "10.0.0.1".parse().ok();
        let found = client_address(&settings, peer, &headers).unwrap();
        assert_eq!(found.to_string(), expect, "{num_proxies} {lines:?}");
    }

    #[test]
    fn entries_are_counted_from_the_end_over_all_lines() {
        check(0, &["1.1.1.1"], "10.0.0.1");
        check(1, &["1.1.1.1"], "1.1.1.1");
        check(1, &["1.1.1.1, 2.2.2.2"], "2.2.2.2");
        check(2, &["1.1.1.1,2.2.2.2"], "1.1.1.1");
        check(1, &["1.1.1.1", "2.2.2.2, 3.3.3.3"], "3.3.3.3");
        check(3, &["1.1.1.1", "2.2.2.2, 3.3.3.3"], "1.1.1.1");
    }

    #[test]
    fn what_is_missing_or_no_address_is_the_peer() {
        check(1, &[], "10.0.0.1");
        check(3, &["1.1.1.1, 2.2.2.2"], "10.0.0.1");
        check(1, &["unknown"], "10.0.0.1");
        check(1, &["1.1.1.1, "], "10.0.0.1");
    }

    #[test]
    fn every_spelling_of_an_address_is_read() {
        check(1, &["1.2.3.4:5678"], "1.2.3.4");
        check(1, &["[2001:db8::1]:443"], "2001:db8::1");
        check(1, &["[2001:db8::1]"], "2001:db8::1");
        check(1, &["2001:db8::1"], "2001:db8::1");
        // One client, one address.
        check(1, &["::ffff:1.2.3.4"], "1.2.3.4");
    }
}
