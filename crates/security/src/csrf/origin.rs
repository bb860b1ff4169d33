//! Which origins a form may come from.

use std::borrow::Cow;

use super::{CsrfSettings, Rejection};
use crate::Refusal;
use crate::hosts::is_same_domain;
use crate::uri::urlsplit;

/// The origins whose forms are accepted beside the site's own.
#[derive(Debug, Clone, Default)]
pub struct TrustedOrigins {
    /// `https://www.example.com`, compared as it is.
    exact: Vec<String>,
    /// `https` and `.example.com`, of `https://*.example.com`.
    subdomains: Vec<(String, String)>,
    /// The hosts of all of them, for the `Referer`.
    hosts: Vec<String>,
    /// The domain that shares the cookie.
    cookie_domain: Option<String>,
}

impl TrustedOrigins {
    /// Reads `csrf_trusted_origins` and the domain of the cookie.
    pub fn new(settings: &CsrfSettings, session_cookie_domain: Option<&str>) -> Self {
        let mut trusted = Self {
            cookie_domain: if settings.csrf_use_sessions {
                session_cookie_domain.map(str::to_owned)
            } else {
                settings.csrf_cookie_domain.clone()
            },
            ..Self::default()
        };
        for origin in &settings.csrf_trusted_origins {
            let Some(split) = urlsplit(origin) else {
                continue;
            };
            let host = split.netloc.trim_start_matches('*').to_owned();
            if origin.contains('*') {
                let scheme = split.scheme.to_string();
                trusted.subdomains.push((scheme, host.clone()));
            } else {
                trusted.exact.push(origin.clone());
            }
            trusted.hosts.push(host);
        }
        trusted
    }

    fn trusts_origin(&self, origin: &str) -> bool {
        if self.exact.iter().any(|trusted| trusted == origin) {
            return true;
        }
        if self.subdomains.is_empty() {
            return false;
        }
        urlsplit(origin).is_some_and(|split| {
            self.subdomains.iter().any(|(scheme, host)| {
                *scheme == *split.scheme && is_same_domain(&split.netloc, host)
            })
        })
    }

    fn trusts_referer(&self, host: &str) -> bool {
        self.hosts
            .iter()
            .any(|trusted| is_same_domain(host, trusted))
    }
}

/// What a request says about where it comes from.
#[derive(Debug, Clone, Default)]
pub struct Source<'a> {
    /// It came over HTTPS.
    pub is_secure: bool,
    /// The host it is for, if that is one of ours.
    pub host: Option<&'a str>,
    /// The port it is for.
    pub port: Cow<'a, str>,
    /// Its `Origin`.
    pub origin: Option<Cow<'a, str>>,
    /// Its `Referer`.
    pub referer: Option<Cow<'a, str>>,
    /// Its `Sec-Fetch-Site`.
    pub fetch_site: Option<&'a str>,
}

/// Refuses a request that a page of another site has made.
///
/// `Origin` decides where there is one; over HTTPS else `Referer` has to be there and to fit. After
/// that the browser's own word (`Sec-Fetch-Site`) can only refuse more: a request it calls foreign
/// needs a trusted origin, even over HTTP without `Origin`.
///
/// # Errors
/// When the request comes from elsewhere, or does not say where from.
pub fn verify_source(trusted: &TrustedOrigins, source: &Source<'_>) -> Result<(), Rejection> {
    let mut is_trusted = false;
    if let Some(origin) = &source.origin {
        let scheme = if source.is_secure {
            "https://"
        } else {
            "http://"
        };
        let own = source.host.is_some() && origin.strip_prefix(scheme) == source.host;
        is_trusted = !own && trusted.trusts_origin(origin);
        if !own && !is_trusted {
            return Err(Rejection::with(Refusal::BadOrigin, origin));
        }
    } else if source.is_secure {
        is_trusted = verify_referer(trusted, source)?;
    }
    let foreign = matches!(source.fetch_site, Some("cross-site" | "same-site"));
    if foreign && !is_trusted && !referer_is_trusted(trusted, source) {
        return Err(Rejection::new(Refusal::CrossSite));
    }
    Ok(())
}

/// `Ok(true)` when the referer is another, trusted origin.
fn verify_referer(trusted: &TrustedOrigins, source: &Source<'_>) -> Result<bool, Rejection> {
    let Some(referer) = &source.referer else {
        return Err(Rejection::new(Refusal::NoReferer));
    };
    let referer = urlsplit(referer)
        .filter(|referer| !referer.scheme.is_empty() && !referer.netloc.is_empty())
        .ok_or_else(|| Rejection::new(Refusal::MalformedReferer))?;
    if referer.scheme != "https" {
        return Err(Rejection::new(Refusal::InsecureReferer));
    }
    if trusted.trusts_referer(&referer.netloc) {
        return Ok(true);
    }
    let good = match (&trusted.cookie_domain, source.host) {
        (Some(domain), _) if matches!(&*source.port, "443" | "80") => Cow::Borrowed(&**domain),
        (Some(domain), _) => Cow::Owned(format!("{domain}:{}", source.port)),
        (None, Some(host)) => Cow::Borrowed(host),
        (None, None) => return Err(Rejection::with(Refusal::BadReferer, &referer.to_url())),
    };
    if is_same_domain(&referer.netloc, &good) {
        Ok(false)
    } else {
        Err(Rejection::with(Refusal::BadReferer, &referer.to_url()))
    }
}

/// Without `Origin`, a trusted referer speaks for a request that the browser calls foreign.
fn referer_is_trusted(trusted: &TrustedOrigins, source: &Source<'_>) -> bool {
    source.origin.is_none()
        && source.referer.as_deref().is_some_and(|referer| {
            urlsplit(referer).is_some_and(|referer| {
                let shared = trusted.cookie_domain.as_deref();
                let shares_cookie = shared.is_some_and(|domain| {
                    let host = referer.netloc.split(':').next().unwrap_or_default();
                    is_same_domain(host, domain)
                });
                // Over HTTPS only HTTPS pages got this far.
                trusted.trusts_referer(&referer.netloc) || (source.is_secure && shares_cookie)
            })
        })
}
