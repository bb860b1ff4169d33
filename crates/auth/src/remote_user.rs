//! Users whom a proxy has let in, and names in a header.

use std::net::IpAddr;

use http::{HeaderMap, HeaderName};

use crate::{AuthRequest, Error};

/// Takes the word of a proxy for who the user is: a header that the proxy sets, and nobody else can.
///
/// For sites behind a server that does the login itself: Kerberos, client certificates, single sign-on.
/// Give it to the [`CurrentUserLayer`](crate::CurrentUserLayer), and a
/// [`RemoteUserBackend`](crate::backends::RemoteUserBackend) to [`Auth`](crate::Auth); the settings `remote_user_header` and
/// `remote_user_proxies` do both.
///
/// ```
/// use nuages_auth::RemoteUser;
///
/// let remote = RemoteUser::new("X-Remote-User", &["127.0.0.1", "10.1.0.0/16", "::1"])?;
/// # let _ = remote;
/// // A name with an underscore could be smuggled past a proxy that removes the one with a hyphen.
/// assert!(RemoteUser::new("Remote_User", &["127.0.0.1"]).is_err());
/// # Ok::<(), nuages_auth::AuthSettingsError>(())
/// ```
///
/// # Security
/// The header counts only in requests that come from one of the proxies; from anywhere else it is as if it were not there.
/// The proxy must remove the header from what clients send, and add its own once: a request with two of them has none.
/// At every change of the name the session is emptied and begins anew (CVE-2014-0482), and no page of the former user comes
/// from a page cache, whose keys know the cookie of the request only.
///
/// # Django
/// `RemoteUserMiddleware`, and [`persistent`](Self::persistent) `PersistentRemoteUserMiddleware`.
/// Django believes the header from whomever it comes.
/// When the header names somebody else than the session does, and nobody whom the site lets in, the session ends; Django keeps one that was begun with a password.
#[derive(Debug, Clone)]
pub struct RemoteUser {
    header: HeaderName,
    proxies: Vec<Network>,
    persistent: bool,
}

/// Addresses that begin alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    bits: u32,
}

impl Network {
    fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.trim().parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            Some(bits) => bits.trim().parse().ok().filter(|bits| *bits <= most)?,
            None => most,
        };
        Some(Self { address, bits })
    }

    fn contains(self, other: IpAddr) -> bool {
        let differs = match (self.address.to_canonical(), other.to_canonical()) {
            (IpAddr::V4(one), IpAddr::V4(two)) => u128::from(one.to_bits() ^ two.to_bits()) << 96,
            (IpAddr::V6(one), IpAddr::V6(two)) => one.to_bits() ^ two.to_bits(),
            _ => return false,
        };
        self.bits == 0 || differs.leading_zeros() >= self.bits
    }
}

impl RemoteUser {
    /// The name stands in this header, when the request comes from one of these proxies: addresses, or networks as `10.1.0.0/16`.
    ///
    /// # Errors
    /// With the name of the setting at fault: a header with an underscore or that is none, no proxies, or one that is no address.
    pub fn new<P: AsRef<str>>(
        header: &str,
        proxies: &[P],
    ) -> Result<Self, crate::AuthSettingsError> {
        let wrong = |what: &str| crate::AuthSettingsError::RemoteUser(what.to_owned());
        // Django's own spelling of a header that came over HTTP.
        let spelt = header
            .strip_prefix("HTTP_")
            .map(|rest| rest.replace('_', "-"));
        let name = spelt.as_deref().unwrap_or(header);
        if name.contains('_') {
            return Err(wrong(
                "remote_user_header: a header with an underscore in its name never arrives; name the one with hyphens that the proxy sets",
            ));
        }
        let header = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| wrong("remote_user_header: this is not the name of a header"))?;
        let networks: Option<Vec<_>> = proxies
            .iter()
            .map(|proxy| Network::parse(proxy.as_ref()))
            .collect();
        let proxies = networks.ok_or_else(|| {
            wrong("remote_user_proxies: an entry is neither an address nor a network such as 10.1.0.0/16")
        })?;
        if proxies.is_empty() {
            return Err(wrong(
                "remote_user_proxies: name the addresses of your proxies, or anybody could write the header",
            ));
        }
        Ok(Self {
            header,
            proxies,
            persistent: false,
        })
    }

    /// Keeps the user logged in where the header is missing, for sites whose proxy names the user on a login page only.
    ///
    /// # Django
    /// `PersistentRemoteUserMiddleware`.
    pub fn persistent(mut self, persistent: bool) -> Self {
        self.persistent = persistent;
        self
    }

    /// What a proxy says about the user of a request; nothing when it was no proxy, or more than one name.
    fn name<'h>(&self, headers: &'h HeaderMap, peer: Option<IpAddr>) -> Option<&'h str> {
        let peer = peer?;
        if !self.proxies.iter().any(|proxy| proxy.contains(peer)) {
            return None;
        }
        let mut values = headers.get_all(&self.header).iter();
        let (value, None) = (values.next()?, values.next()) else {
            return None;
        };
        std::str::from_utf8(value.as_bytes()).ok()
    }

    /// Makes the user of a request the one whom the proxy names; says whether the session did not know that.
    pub(crate) async fn apply(
        &self,
        req: &AuthRequest,
        headers: &HeaderMap,
        peer: Option<IpAddr>,
    ) -> Result<bool, Error> {
        let user = req.user().await?;
        let Some(name) = self.name(headers, peer) else {
            let leaves = user.is_some() && !self.persistent && req.is_remote().await?;
            if leaves {
                req.logout().await?;
            }
            return Ok(leaves);
        };
        if let Some(user) = &user {
            if user.username == req.clean_remote_name(name).await? {
                return Ok(false);
            }
            req.logout().await?;
        }
        if let Some(user) = req.authenticate_remote(name).await? {
            req.login(&user).await?;
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remote(header: &str, proxies: &[&str]) -> Result<RemoteUser, String> {
        RemoteUser::new(header, proxies).map_err(|error| error.to_string())
    }

    #[test]
    fn a12_only_a_header_from_a_trusted_proxy_counts() {
        let remote = remote(
            "HTTP_X_REMOTE_USER",
            &["10.1.0.0/16", "192.0.2.7", "fd00::/8"],
        )
        .unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("x-remote-user", "ann".parse().unwrap());
        let name = |headers: &HeaderMap, peer: &str| {
            let name = remote.name(headers, peer.parse().ok());
            name.map(str::to_owned)
        };
        for peer in [
            "10.1.0.1",
            "10.1.255.255",
            "192.0.2.7",
            "::ffff:10.1.2.3",
            "fd12::1",
        ] {
            assert_eq!(name(&headers, peer).as_deref(), Some("ann"), "{peer}");
        }
        for peer in [
            "10.2.0.1",
            "192.0.2.8",
            "127.0.0.1",
            "fe80::1",
            "::1",
            "no address",
        ] {
            assert_eq!(name(&headers, peer), None, "{peer}");
        }
        headers.insert("x_remote_user", "root".parse().unwrap());
        assert_eq!(name(&headers, "10.1.0.1").as_deref(), Some("ann"));
        headers.append("x-remote-user", "root".parse().unwrap());
        assert_eq!(name(&headers, "10.1.0.1"), None, "two names are none");
    }

    #[test]
    fn a12_what_would_trust_everybody_is_refused() {
        assert!(
            remote("X-Remote-User", &[])
                .unwrap_err()
                .contains("remote_user_proxies")
        );
        for proxy in ["", "proxy.example", "10.0.0.0/33", "10.0.0.0/-1", "*"] {
            assert!(remote("X-Remote-User", &[proxy]).is_err(), "{proxy}");
        }
        for header in ["REMOTE_USER", "X_Remote_User", "", "X Remote"] {
            assert!(remote(header, &["::1"]).is_err(), "{header}");
        }
        assert!(
            remote("X-Remote-User", &["0.0.0.0/0"]).is_ok(),
            "said in so many words"
        );
    }
}
