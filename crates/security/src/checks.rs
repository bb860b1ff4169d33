//! What `check` and `check --deploy` say about the settings.
//!
//! Plain functions from settings to findings, with Django's ids and words. Ids that begin with
//! `nuages.` are ours.
//!
//! ```
//! use nuages_security::checks;
//! use nuages_security::headers::HeadersSettings;
//!
//! let findings = checks::headers(&HeadersSettings::default());
//! let ids: Vec<&str> = findings.iter().map(|check| &*check.id).collect();
//! assert_eq!(ids, ["security.W004", "security.W008"]);
//! ```
//!
//! # Django
//! `django.core.checks.security`. E026 and E101 to E103 cannot happen: the settings have types.

use nuages_base::Check;
use regex::Regex;

use crate::csp::CspSettings;
use crate::csrf::CsrfSettings;
use crate::headers::HeadersSettings;
use crate::hosts::HostsSettings;

const REFERRER_POLICIES: [&str; 8] = [
    "no-referrer",
    "no-referrer-when-downgrade",
    "origin",
    "origin-when-cross-origin",
    "same-origin",
    "strict-origin",
    "strict-origin-when-cross-origin",
    "unsafe-url",
];
const OPENER_POLICIES: [&str; 3] = ["same-origin", "same-origin-allow-popups", "unsafe-none"];

/// A layer that a site may have left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingLayer {
    /// [`SecurityHeadersLayer`](crate::headers::SecurityHeadersLayer).
    SecurityHeaders,
    /// [`FrameOptionsLayer`](crate::frame::FrameOptionsLayer).
    FrameOptions,
    /// [`CsrfLayer`](crate::csrf::CsrfLayer).
    Csrf,
}

/// The finding about a layer left out: `security.W001`, `W002`, `W003`.
pub fn missing(layer: MissingLayer) -> Check {
    match layer {
        MissingLayer::SecurityHeaders => Check::warning("security.W001", W001),
        MissingLayer::FrameOptions => Check::warning("security.W002", W002),
        MissingLayer::Csrf => Check::warning("security.W003", W003),
    }
    .deploy()
}

/// Findings about debug mode: `security.W018`.
pub fn debug(debug: bool) -> Vec<Check> {
    warn_if(debug, "security.W018", W018)
}

/// Findings about hosts and proxies: `security.W020`.
pub fn hosts(settings: &HostsSettings) -> Vec<Check> {
    let mut checks = warn_if(settings.allowed_hosts.is_empty(), "security.W020", W020);
    if settings.allowed_hosts.iter().any(|host| host == "*") {
        let any = "ALLOWED_HOSTS contains '*': the site answers for every host, so that links it \
                   builds from the Host header may lead to an attacker's site.";
        checks.push(
            Check::warning("nuages.security.W001", any)
                .hint("Name the hosts of the site; `.example.com` stands for all subdomains.")
                .deploy(),
        );
    }
    checks
}

/// Findings about HTTPS and the headers: `security.W004` to `W008`, `W021`, `W022`, `E023`, `E024`.
pub fn headers(settings: &HeadersSettings) -> Vec<Check> {
    let mut checks = Vec::new();
    if settings.secure_browser_xss_filter.is_some() {
        let message = "The setting `secure_browser_xss_filter` has no effect.";
        let hint = "Take it out: browsers have no such filter any more. `secure_csp` is what protects from injected scripts.";
        checks.push(Check::warning("nuages.W003", message).hint(hint));
    }
    if settings.secure_hsts_seconds == 0 {
        checks.push(Check::warning("security.W004", W004).deploy());
    } else {
        if !settings.secure_hsts_include_subdomains {
            checks.push(Check::warning("security.W005", W005).deploy());
        }
        if !settings.secure_hsts_preload {
            checks.push(Check::warning("security.W021", W021).deploy());
        }
    }
    if !settings.secure_content_type_nosniff {
        checks.push(Check::warning("security.W006", W006).deploy());
    }
    if !settings.secure_ssl_redirect {
        checks.push(Check::warning("security.W008", W008).deploy());
    }
    match &settings.secure_referrer_policy {
        None => checks.push(Check::warning("security.W022", W022).deploy()),
        Some(policy) => {
            let known = |value: &String| REFERRER_POLICIES.contains(&value.as_str());
            if !policy.0.iter().all(known) {
                let hint = format!("Valid values are: {}.", REFERRER_POLICIES.join(", "));
                checks.push(Check::error("security.E023", E023).hint(hint).deploy());
            }
        }
    }
    if let Some(policy) = &settings.secure_cross_origin_opener_policy
        && !OPENER_POLICIES.contains(&policy.as_str())
    {
        let hint = format!("Valid values are: {}.", OPENER_POLICIES.join(", "));
        checks.push(Check::error("security.E024", E024).hint(hint).deploy());
    }
    for pattern in &settings.secure_redirect_exempt {
        if let Err(error) = Regex::new(pattern) {
            let message = format!(
                "SECURE_REDIRECT_EXEMPT contains {pattern:?}, which is not a regular expression: {error}."
            );
            checks.push(
                Check::error("nuages.security.E001", message)
                    .hint("Look-around and back-references are not supported."),
            );
        }
    }
    checks
}

/// Findings about frames: `security.W019`.
pub fn frame(settings: &HeadersSettings) -> Vec<Check> {
    warn_if(settings.x_frame_options != "DENY", "security.W019", W019)
}

/// Findings about CSRF: `security.W016`, `4_0.E001`.
pub fn csrf(settings: &CsrfSettings) -> Vec<Check> {
    let open = !settings.csrf_use_sessions && !settings.csrf_cookie_secure;
    let mut checks = warn_if(open, "security.W016", W016);
    for origin in &settings.csrf_trusted_origins {
        if !origin.contains("://") {
            let message = format!(
                "As of Django 4.0, the values in the CSRF_TRUSTED_ORIGINS setting must start with a \
                 scheme (usually http:// or https://) but found {origin}. See the release notes for \
                 details."
            );
            checks.push(Check::error("4_0.E001", message));
        }
    }
    checks
}

/// Findings about the Content-Security-Policy; Django has none.
pub fn csp(settings: &CspSettings) -> Vec<Check> {
    let mut checks = Vec::new();
    let policy = settings.secure_csp.as_ref();
    let message = match policy {
        Some(policy) if policy.allows_unsafe_code() => {
            "SECURE_CSP allows 'unsafe-inline' or 'unsafe-eval', so that scripts injected into a page \
             may run."
        }
        Some(policy) if !policy.is_empty() => return checks,
        _ => "SECURE_CSP is empty, so that scripts injected into a page may run.",
    };
    checks.push(
        Check::warning("nuages.security.W002", message)
            .hint("Mark the page's own scripts with nonce=\"{{ csp_nonce }}\".")
            .deploy(),
    );
    checks
}

/// Findings about the secret key and the former ones: `security.W009`, `W025`.
///
/// # Security
/// The findings do not tell the keys.
pub fn secret_keys<'a>(current: &str, fallbacks: impl IntoIterator<Item = &'a str>) -> Vec<Check> {
    let mut checks = Vec::new();
    if !is_strong(current) {
        checks.push(Check::warning("security.W009", weak_key("SECRET_KEY")).deploy());
    }
    for (index, key) in fallbacks.into_iter().enumerate() {
        if !is_strong(key) {
            let name = format!("SECRET_KEY_FALLBACKS[{index}]");
            checks.push(Check::warning("security.W025", weak_key(&name)).deploy());
        }
    }
    checks
}

fn is_strong(key: &str) -> bool {
    let mut unique: Vec<char> = key.chars().collect();
    unique.sort_unstable();
    unique.dedup();
    unique.len() >= 5 && key.chars().count() >= 50 && !key.starts_with("django-insecure-")
}

fn weak_key(name: &str) -> String {
    format!(
        "Your {name} has less than 50 characters, less than 5 unique characters, or it's prefixed with \
         'django-insecure-' indicating that it was generated automatically by Django. Please generate \
         a long and random value, otherwise many of Django's security-critical features will be \
         vulnerable to attack."
    )
}

fn warn_if(found: bool, id: &'static str, message: &'static str) -> Vec<Check> {
    if found {
        vec![Check::warning(id, message).deploy()]
    } else {
        Vec::new()
    }
}

const W001: &str = "You do not have 'django.middleware.security.SecurityMiddleware' in your MIDDLEWARE so the SECURE_HSTS_SECONDS, SECURE_CONTENT_TYPE_NOSNIFF, SECURE_REFERRER_POLICY, SECURE_CROSS_ORIGIN_OPENER_POLICY, and SECURE_SSL_REDIRECT settings will have no effect.";
const W002: &str = "You do not have 'django.middleware.clickjacking.XFrameOptionsMiddleware' in your MIDDLEWARE, so your pages will not be served with an 'x-frame-options' header. Unless there is a good reason for your site to be served in a frame, you should consider enabling this header to help prevent clickjacking attacks.";
const W003: &str = "You don't appear to be using Django's built-in cross-site request forgery protection via the middleware ('django.middleware.csrf.CsrfViewMiddleware' is not in your MIDDLEWARE). Enabling the middleware is the safest approach to ensure you don't leave any holes.";
const W004: &str = "You have not set a value for the SECURE_HSTS_SECONDS setting. If your entire site is served only over SSL, you may want to consider setting a value and enabling HTTP Strict Transport Security. Be sure to read the documentation first; enabling HSTS carelessly can cause serious, irreversible problems.";
const W005: &str = "You have not set the SECURE_HSTS_INCLUDE_SUBDOMAINS setting to True. Without this, your site is potentially vulnerable to attack via an insecure connection to a subdomain. Only set this to True if you are certain that all subdomains of your domain should be served exclusively via SSL.";
const W006: &str = "Your SECURE_CONTENT_TYPE_NOSNIFF setting is not set to True, so your pages will not be served with an 'X-Content-Type-Options: nosniff' header. You should consider enabling this header to prevent the browser from identifying content types incorrectly.";
const W008: &str = "Your SECURE_SSL_REDIRECT setting is not set to True. Unless your site should be available over both SSL and non-SSL connections, you may want to either set this setting True or configure a load balancer or reverse-proxy server to redirect all connections to HTTPS.";
const W016: &str = "You have 'django.middleware.csrf.CsrfViewMiddleware' in your MIDDLEWARE, but you have not set CSRF_COOKIE_SECURE to True. Using a secure-only CSRF cookie makes it more difficult for network traffic sniffers to steal the CSRF token.";
const W018: &str = "You should not have DEBUG set to True in deployment.";
const W019: &str = "You have 'django.middleware.clickjacking.XFrameOptionsMiddleware' in your MIDDLEWARE, but X_FRAME_OPTIONS is not set to 'DENY'. Unless there is a good reason for your site to serve other parts of itself in a frame, you should change it to 'DENY'.";
const W020: &str = "ALLOWED_HOSTS must not be empty in deployment.";
const W021: &str = "You have not set the SECURE_HSTS_PRELOAD setting to True. Without this, your site cannot be submitted to the browser preload list.";
const W022: &str = "You have not set the SECURE_REFERRER_POLICY setting. Without this, your site will not send a Referrer-Policy header. You should consider enabling this header to protect user privacy.";
const E023: &str = "You have set the SECURE_REFERRER_POLICY setting to an invalid value.";
const E024: &str =
    "You have set the SECURE_CROSS_ORIGIN_OPENER_POLICY setting to an invalid value.";
