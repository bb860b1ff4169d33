//! The layer that redirects to HTTPS and sets the headers.

use std::sync::Arc;

use axum_core::body::Body;
use http::header::{
    CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use http::{Request, Response, StatusCode};

use super::HeadersSettings;
use super::verify::SslRedirect;
use crate::fixed::fixed_value;
use crate::hosts::{Connection, Host, IsSecure};
use crate::{Enter, Leave, Middleware, Wrapped, tower_layer};

const COOP: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// Redirects to HTTPS and sets the security headers.
///
/// Give it a [`HostsLayer`](crate::hosts::HostsLayer) outside: that knows whether a request is secure
/// and has checked the host that a redirect would go to. Without it nothing counts as secure but
/// what the server itself calls so ([`Connection`]), and there is a redirect only if
/// `secure_ssl_host` is set.
///
/// ```
/// use axum::{Router, routing::get};
/// use nuages_security::headers::{HeadersSettings, SecurityHeadersLayer};
///
/// let app: Router = Router::new()
///     .route("/", get(|| async { "hello" }))
///     .layer(SecurityHeadersLayer::new(&HeadersSettings::default()));
/// ```
#[derive(Debug, Clone)]
pub struct SecurityHeadersLayer {
    config: Arc<Config>,
}

#[derive(Debug)]
struct Config {
    redirect: Option<SslRedirect>,
    hsts: Option<HeaderValue>,
    /// What every response gets.
    always: Vec<(HeaderName, HeaderValue)>,
}

impl SecurityHeadersLayer {
    /// A layer with these settings. Values that no header can hold are left out; the checks tell.
    pub fn new(settings: &HeadersSettings) -> Self {
        let hsts = (settings.secure_hsts_seconds > 0).then(|| {
            let mut text = format!("max-age={}", settings.secure_hsts_seconds);
            if settings.secure_hsts_include_subdomains {
                text.push_str("; includeSubDomains");
            }
            if settings.secure_hsts_preload {
                text.push_str("; preload");
            }
            text
        });
        let mut always = Vec::new();
        if settings.secure_content_type_nosniff {
            always.push((X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")));
        }
        let referrer = settings.secure_referrer_policy.as_ref();
        let opener = settings.secure_cross_origin_opener_policy.as_deref();
        for (name, text) in [
            (REFERRER_POLICY, referrer.map(|policy| policy.0.join(","))),
            (COOP, opener.map(str::to_owned)),
        ] {
            if let Some(text) = text.filter(|text| !text.is_empty())
                && let Ok(value) = fixed_value(&text)
            {
                always.push((name, value));
            }
        }
        let config = Config {
            redirect: SslRedirect::new(settings),
            hsts: hsts.and_then(|text| HeaderValue::from_str(&text).ok()),
            always,
        };
        Self {
            config: Arc::new(config),
        }
    }
}

impl Config {
    fn mark(&self, secure: bool, headers: &mut HeaderMap) {
        if secure && let Some(hsts) = &self.hsts {
            headers
                .entry(STRICT_TRANSPORT_SECURITY)
                .or_insert_with(|| hsts.clone());
        }
        for (name, value) in &self.always {
            headers.entry(name).or_insert_with(|| value.clone());
        }
    }
}

tower_layer!(SecurityHeadersLayer);

/// The service of [`SecurityHeadersLayer`].
pub type SecurityHeaders<S> = Wrapped<SecurityHeadersLayer, S>;

impl Middleware for SecurityHeadersLayer {
    /// Whether the request came over HTTPS.
    type Kept = bool;

    fn enter(&self, req: &mut Request<Body>) -> Enter<bool> {
        let extensions = req.extensions();
        let secure = match extensions.get::<IsSecure>() {
            Some(IsSecure(secure)) => *secure,
            None => extensions
                .get::<Connection>()
                .is_some_and(|connection| connection.is_secure),
        };
        if !secure
            && let Some(redirect) = &self.config.redirect
            && let Some(url) =
                redirect.target(extensions.get::<Host>().map(Host::as_str), req.uri())
        {
            let mut res = redirect_to(url);
            self.config.mark(secure, res.headers_mut());
            return Enter::Answer(res);
        }
        Enter::Pass(secure)
    }

    fn leave(&self, secure: bool, res: &mut Response<Body>) -> Leave {
        self.config.mark(secure, res.headers_mut());
        Leave::Done
    }
}

fn redirect_to(url: HeaderValue) -> Response<Body> {
    let mut res = Response::new(Body::empty());
    *res.status_mut() = StatusCode::MOVED_PERMANENTLY;
    res.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    res.headers_mut().insert(LOCATION, url);
    res
}
