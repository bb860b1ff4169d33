//! Where a server may go when a visitor says so: a guard against requests to the server's own network (SSRF).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use url::{Host, Url};

const MAX_URL_LENGTH: usize = 2048;

/// A URL of a visitor, as for a web hook or a preview, that the server may ask.
///
/// What only looks like a public address is found out in two steps. [`parse`](Self::parse) judges what is written:
/// the scheme, a user name, and a host that is an address in any spelling. [`addresses`](Self::addresses)
/// judges what the name stands for. Connect to the addresses that it gives, and do not look the name up
/// again: it could stand for another one by then. Ask [`join`](Self::join) before a redirect is followed.
///
/// ```
/// use nuages_security::outbound::{ForbiddenUrl, PublicUrl};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let hook = PublicUrl::parse("http://93.184.215.14:8080/hook")?;
/// let found = tokio::net::lookup_host((hook.host(), hook.port())).await?;
/// let addresses = hook.addresses(found)?;
/// assert_eq!(addresses, ["93.184.215.14:8080".parse()?]);
///
/// for own in ["http://127.1/", "http://2130706433/", "http://[::ffff:7f00:1]/", "http://169.254.169.254/"] {
///     assert!(matches!(PublicUrl::parse(own), Err(ForbiddenUrl::Address(_))));
/// }
/// assert_eq!(hook.join("file:///etc/passwd"), Err(ForbiddenUrl::Scheme));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Django
/// It has nothing of the kind; its `URLValidator`, like ours, takes `http://127.0.0.1/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    url: Url,
    host: String,
}

/// Why a server does not go there. The text names no address of the inner network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ForbiddenUrl {
    /// It is no URL, too long, or has signs in it that readers take for different things.
    #[error("This is no URL of a page.")]
    Malformed,
    /// It is not of HTTP or HTTPS.
    #[error("The URL must begin with http:// or https://.")]
    Scheme,
    /// It has a user name or password in it.
    #[error("The URL must not have a user name in it.")]
    UserName,
    /// It leads to this machine or to a network that is not the public one.
    #[error("The URL does not lead to the public internet.")]
    Address(Whence),
    /// The name stands for no address.
    #[error("The host of the URL is not known.")]
    Unknown,
}

/// How it was found that an address is not public.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Whence {
    /// It is written in the URL.
    Written,
    /// The name in the URL stands for it.
    Resolved,
}

impl PublicUrl {
    /// Reads the URL as browsers and HTTP clients do, and judges what can be judged without asking anybody.
    ///
    /// # Errors
    /// Why the server is not to go there.
    pub fn parse(text: &str) -> Result<Self, ForbiddenUrl> {
        readable(text)?;
        Self::judge(Url::parse(text).map_err(|_| ForbiddenUrl::Malformed)?)
    }

    /// Where a redirect of this URL leads: to be asked for each, since a public server may send one inside.
    ///
    /// # Errors
    /// Why the server is not to go there.
    pub fn join(&self, location: &str) -> Result<Self, ForbiddenUrl> {
        readable(location)?;
        Self::judge(
            self.url
                .join(location)
                .map_err(|_| ForbiddenUrl::Malformed)?,
        )
    }

    /// The addresses to connect to, out of those that the name stands for.
    ///
    /// One that is not public is enough to refuse all: a name of the public internet has none.
    ///
    /// # Errors
    /// When one is not public, or there is none.
    pub fn addresses(
        &self,
        found: impl IntoIterator<Item = SocketAddr>,
    ) -> Result<Vec<SocketAddr>, ForbiddenUrl> {
        let found: Vec<SocketAddr> = found.into_iter().collect();
        if found.is_empty() {
            return Err(ForbiddenUrl::Unknown);
        }
        if found.iter().any(|address| !is_public(address.ip())) {
            return Err(ForbiddenUrl::Address(Whence::Resolved));
        }
        Ok(found)
    }

    /// The host, to be looked up: in small letters, without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, that of the scheme when none is written.
    pub fn port(&self) -> u16 {
        self.url.port_or_known_default().unwrap_or(443)
    }

    /// The URL as it was read, to be asked for: hand this on, and not the text it was made of.
    pub fn as_str(&self) -> &str {
        self.url.as_str()
    }

    fn judge(url: Url) -> Result<Self, ForbiddenUrl> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(ForbiddenUrl::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(ForbiddenUrl::UserName);
        }
        let own = ForbiddenUrl::Address(Whence::Written);
        let host = match url.host().ok_or(ForbiddenUrl::Malformed)? {
            Host::Ipv4(address) if is_public(address.into()) => address.to_string(),
            Host::Ipv6(address) if is_public(address.into()) => address.to_string(),
            Host::Ipv4(_) | Host::Ipv6(_) => return Err(own),
            Host::Domain(name) => {
                let bare = name.strip_suffix('.').unwrap_or(name);
                // Names that never leave the machine, whatever it takes them for (RFC 6761).
                if bare == "localhost" || bare.ends_with(".localhost") {
                    return Err(own);
                }
                name.to_owned()
            }
        };
        Ok(Self { url, host })
    }
}

/// Signs that one reader skips and another takes for a part of the host.
fn readable(text: &str) -> Result<(), ForbiddenUrl> {
    let odd = |c: char| c.is_control() || c.is_whitespace() || c == '\\';
    if text.len() > MAX_URL_LENGTH || text.contains(odd) {
        return Err(ForbiddenUrl::Malformed);
    }
    Ok(())
}

/// True for an address of the public internet: none of this machine, of a private or shared network, of a link,
/// of documentation, of many receivers, and none that wraps such a one.
///
/// ```
/// use nuages_security::outbound::is_public;
///
/// assert!(is_public("93.184.215.14".parse()?));
/// assert!(!is_public("10.0.0.1".parse()?));
/// assert!(!is_public("::ffff:10.0.0.1".parse()?));
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
///
/// # Django
/// It has nothing of the kind; Python has `ipaddress.ip_address(…).is_global`.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// The registry of IANA for special purposes, RFC 6890 and what followed.
fn is_public_v4(address: Ipv4Addr) -> bool {
    !matches!(
        address.octets(),
        [0 | 10 | 127 | 224..=255, ..]
            | [100, 64..=127, ..]
            | [169, 254, ..]
            | [172, 16..=31, ..]
            | [192, 0, 0 | 2, _]
            | [192, 88, 99, _]
            | [192, 168, ..]
            | [198, 18 | 19, ..]
            | [198, 51, 100, _]
            | [203, 0, 113, _]
    )
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let [.., high, low] = parts;
    let [a, b] = high.to_be_bytes();
    let [c, d] = low.to_be_bytes();
    let inner = Ipv4Addr::new(a, b, c, d);
    match parts {
        // An address of version 4 in the clothes of version 6, and behind NAT64.
        [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => is_public_v4(inner),
        // Protocols and tunnels (Teredo among them), 6to4, documentation.
        [0x2001, 0..=0x1ff | 0x0db8, ..] | [0x2002, ..] | [0x3fff, 0..=0x0fff, ..] => false,
        // All that has been given out lies in 2000::/3.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}
