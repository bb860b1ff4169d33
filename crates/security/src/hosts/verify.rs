//! What a request says about host, scheme and port, and whether to believe it.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use http::header::{HOST, HeaderMap, HeaderName};
use http::request::Parts;
use http::{Extensions, HeaderValue, Uri};

use super::{HostsSettings, split_domain_port, validate_host};

/// The validated host of a request, with the port if it names one: `example.com:8000`.
///
/// In the extensions of every request that passed the [`HostsLayer`](super::HostsLayer).
#[derive(Clone, PartialEq, Eq)]
pub struct Host(pub(super) HeaderValue);

impl Host {
    /// The host as text.
    pub fn as_str(&self) -> &str {
        // Only ASCII passed the validation.
        self.0.to_str().unwrap_or_default()
    }
}

impl Deref for Host {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Host({self})")
    }
}

/// True when the client came over HTTPS, to us or to the proxy in front of us.
///
/// In the extensions of every request that passed the [`HostsLayer`](super::HostsLayer).
///
/// # Django
/// `HttpRequest.is_secure()`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IsSecure(pub bool);

/// The port the client came to, where it is not the usual one of the scheme.
///
/// # Django
/// `HttpRequest.get_port()`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Port(pub Box<str>);

/// What the server knows about the connection itself.
///
/// A server that ends TLS puts it in the extensions of the request before any layer. Without it the
/// connection counts as plain HTTP.
///
/// # Django
/// `wsgi.url_scheme`, `SERVER_NAME` and `SERVER_PORT`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Connection {
    /// The connection is TLS.
    pub is_secure: bool,
    /// The name of the server, for requests without a `Host`.
    pub server_name: Option<Cow<'static, str>>,
    /// The port, if not the usual one of the scheme.
    pub server_port: Option<u16>,
}

/// A host that the site does not answer for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Invalid HTTP_HOST header: '{host}'. {hint}")]
pub struct HostError {
    host: String,
    hint: String,
}

impl HostError {
    #[cold]
    fn invalid(host: &[u8]) -> Self {
        Self {
            host: String::from_utf8_lossy(host).escape_debug().to_string(),
            hint: "The domain name provided is not valid according to RFC 1034/1035.".to_owned(),
        }
    }

    #[cold]
    fn not_allowed(host: &str, domain: &str) -> Self {
        Self {
            host: host.to_owned(),
            hint: format!(
                "You may need to add '{}' to ALLOWED_HOSTS.",
                domain.to_ascii_lowercase()
            ),
        }
    }

    #[cold]
    fn ambiguous(host: &[u8]) -> Self {
        Self {
            host: String::from_utf8_lossy(host).escape_debug().to_string(),
            hint: "The request names more than one host.".to_owned(),
        }
    }
}

/// The host of a request, if the site answers for it.
///
/// # Errors
/// When the host is missing, malformed, named twice or not allowed.
///
/// # Django
/// `HttpRequest.get_host()`.
pub fn get_host(settings: &HostsSettings, debug: bool, parts: &Parts) -> Result<Host, HostError> {
    let value = raw_host(settings, &parts.uri, &parts.headers, &parts.extensions)?;
    host_in(settings, debug, value)
}

/// The host that a header names, if the site answers for it.
pub(super) fn host_in(
    settings: &HostsSettings,
    debug: bool,
    value: HeaderValue,
) -> Result<Host, HostError> {
    const LOCAL: &[&str] = &[".localhost", "127.0.0.1", "[::1]"];
    let text = value
        .to_str()
        .map_err(|_| HostError::invalid(value.as_bytes()))?;
    let (domain, _) =
        split_domain_port(text).ok_or_else(|| HostError::invalid(value.as_bytes()))?;
    if domain.is_empty() {
        return Err(HostError::invalid(value.as_bytes()));
    }
    let allowed = if debug && settings.allowed_hosts.is_empty() {
        validate_host(domain, LOCAL)
    } else {
        validate_host(domain, &settings.allowed_hosts)
    };
    if allowed {
        Ok(Host(value))
    } else {
        Err(HostError::not_allowed(text, domain))
    }
}

/// What the request says its host is.
pub(super) fn raw_host(
    settings: &HostsSettings,
    uri: &Uri,
    headers: &HeaderMap,
    extensions: &Extensions,
) -> Result<HeaderValue, HostError> {
    if settings.use_x_forwarded_host {
        let mut forwarded = headers.get_all("x-forwarded-host").iter();
        if let Some(host) = forwarded.next() {
            return match forwarded.next() {
                None => Ok(host.clone()),
                Some(second) => Err(HostError::ambiguous(second.as_bytes())),
            };
        }
    }
    let mut named = headers.get_all(HOST).iter();
    let host = named.next();
    if let Some(second) = named.next() {
        return Err(HostError::ambiguous(second.as_bytes()));
    }
    // HTTP/2 names the host in the target; HTTP/1 may do both, and then they have to agree.
    match (host, uri.authority()) {
        (Some(host), Some(authority)) => {
            if host
                .as_bytes()
                .eq_ignore_ascii_case(authority.as_str().as_bytes())
            {
                Ok(host.clone())
            } else {
                Err(HostError::ambiguous(host.as_bytes()))
            }
        }
        (Some(host), None) => Ok(host.clone()),
        (None, Some(authority)) => HeaderValue::from_str(authority.as_str())
            .map_err(|_| HostError::invalid(authority.as_str().as_bytes())),
        (None, None) => {
            let connection = extensions.get::<Connection>();
            let name = connection
                .and_then(|connection| connection.server_name.as_deref())
                .ok_or_else(|| HostError::invalid(b""))?;
            let secure = secure_of(settings, headers, extensions);
            let port = port_of(settings, headers, extensions, secure);
            let text = if port == if secure { "443" } else { "80" } {
                name.to_owned()
            } else {
                format!("{name}:{port}")
            };
            HeaderValue::from_str(&text).map_err(|_| HostError::invalid(text.as_bytes()))
        }
    }
}

/// True when the client came over HTTPS.
///
/// # Django
/// `HttpRequest.is_secure()`.
pub fn is_secure(settings: &HostsSettings, parts: &Parts) -> bool {
    secure_of(settings, &parts.headers, &parts.extensions)
}

pub(super) fn secure_of(
    settings: &HostsSettings,
    headers: &HeaderMap,
    extensions: &Extensions,
) -> bool {
    if let Some((name, secure)) = &settings.secure_proxy_ssl_header
        && let Some(header) = header_name(name)
    {
        // Of several headers or a list only the first counts, as the nearest proxy to the client
        // wrote it; ours has to remove what came from outside.
        if let Some(value) = headers.get(header) {
            let text = value.to_str().unwrap_or_default();
            let first = text.split(',').next().unwrap_or_default();
            return first.trim() == secure;
        }
    }
    extensions
        .get::<Connection>()
        .is_some_and(|connection| connection.is_secure)
}

/// The port the client came to.
///
/// # Django
/// `HttpRequest.get_port()`.
pub fn get_port(settings: &HostsSettings, parts: &Parts) -> String {
    let secure = is_secure(settings, parts);
    port_of(settings, &parts.headers, &parts.extensions, secure).into_owned()
}

pub(super) fn port_of<'a>(
    settings: &HostsSettings,
    headers: &'a HeaderMap,
    extensions: &Extensions,
    secure: bool,
) -> Cow<'a, str> {
    if settings.use_x_forwarded_port
        && let Some(port) = headers.get("x-forwarded-port")
    {
        return Cow::Borrowed(port.to_str().unwrap_or_default());
    }
    let known = extensions
        .get::<Connection>()
        .and_then(|connection| connection.server_port);
    match known {
        Some(port) => Cow::Owned(port.to_string()),
        None if secure => Cow::Borrowed("443"),
        None => Cow::Borrowed("80"),
    }
}

/// The header that Django's settings call `HTTP_X_NAME`; its plain name is taken, too.
pub(crate) fn header_name(meta: &str) -> Option<HeaderName> {
    let name = meta.strip_prefix("HTTP_").unwrap_or(meta).replace('_', "-");
    HeaderName::try_from(name).ok()
}
