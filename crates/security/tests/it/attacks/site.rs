//! Forged hosts, plain HTTP, frames and nonces.

use std::collections::HashSet;

use axum::Router;
use axum::body::Body;
use axum::extract::Extension;
use axum::routing::any;
use http::header::CONTENT_TYPE;
use http::{Request, StatusCode};
use nuages_security::csp::{CspLayer, CspSettings, Nonce};
use nuages_security::frame::FrameOptionsLayer;
use nuages_security::headers::{HeadersSettings, SecurityHeadersLayer};
use nuages_security::hosts::{Connection, HostsLayer, HostsSettings};

use super::{naked, post, protected, send, text};

fn hosted(settings: HostsSettings) -> Router {
    naked()
        .layer(SecurityHeadersLayer::new(&HeadersSettings::default()))
        .layer(HostsLayer::new(&settings))
}

fn site_com() -> HostsSettings {
    HostsSettings {
        allowed_hosts: vec!["site.com".into()],
        ..HostsSettings::default()
    }
}

fn for_host(host: &str) -> Request<Body> {
    Request::get("/")
        .header("host", host)
        .body(Body::empty())
        .unwrap()
}

#[test]
fn a_forged_host_is_refused() {
    let app = hosted(site_com());
    for host in [
        "evil.com",
        "site.com@evil",
        "site.com:80/bad",
        "site.com: x",
        "[::1]x",
        "site.com:80x",
        "xn--site-.com",
        "",
        "site.com#",
        "sub.site.com",
    ] {
        assert_eq!(
            send(&app, for_host(host)).status(),
            StatusCode::BAD_REQUEST,
            "{host}"
        );
        assert_eq!(
            send(&naked(), for_host(host)).status(),
            StatusCode::OK,
            "{host}"
        );
    }
    for host in [
        "site.com",
        "site.com.",
        "SITE.COM",
        "site.com:8000",
        "site.com:99999",
    ] {
        assert_eq!(
            send(&app, for_host(host)).status(),
            StatusCode::OK,
            "{host}"
        );
    }
}

#[test]
fn two_hosts_are_refused() {
    let app = hosted(site_com());
    let mut req = for_host("site.com");
    req.headers_mut()
        .append("host", "evil.com".parse().unwrap());
    assert_eq!(send(&app, req).status(), StatusCode::BAD_REQUEST);
    let mut req = for_host("site.com");
    *req.uri_mut() = "http://evil.com/".parse().unwrap();
    assert_eq!(send(&app, req).status(), StatusCode::BAD_REQUEST);
    let req = Request::get("/").body(Body::empty()).unwrap();
    assert_eq!(send(&app, req).status(), StatusCode::BAD_REQUEST);
    // HTTP/2 has no Host, but an authority.
    let req = Request::get("http://site.com/")
        .body(Body::empty())
        .unwrap();
    assert_eq!(send(&app, req).status(), StatusCode::OK);
}

#[test]
fn headers_of_a_proxy_are_believed_only_when_there_is_one() {
    let forged = || {
        let mut req = for_host("evil.com");
        req.headers_mut()
            .insert("x-forwarded-host", "site.com".parse().unwrap());
        req
    };
    assert_eq!(
        send(&hosted(site_com()), forged()).status(),
        StatusCode::BAD_REQUEST
    );
    let settings = HostsSettings {
        use_x_forwarded_host: true,
        ..site_com()
    };
    assert_eq!(send(&hosted(settings), forged()).status(), StatusCode::OK);
}

#[test]
fn http_from_the_proxy_counts_more_than_our_own_tls() {
    let headers = HeadersSettings {
        secure_hsts_seconds: 31_536_000,
        ..HeadersSettings::default()
    };
    let hosts = HostsSettings {
        secure_proxy_ssl_header: Some(("HTTP_X_FORWARDED_PROTO".into(), "https".into())),
        ..site_com()
    };
    let app = naked()
        .layer(SecurityHeadersLayer::new(&headers))
        .layer(HostsLayer::new(&hosts));
    let request = |proto: &str| {
        let mut req = for_host("site.com");
        req.headers_mut()
            .insert("x-forwarded-proto", proto.parse().unwrap());
        req.extensions_mut().insert(Connection {
            is_secure: true,
            ..Connection::default()
        });
        req
    };
    let hsts = |proto| {
        send(&app, request(proto))
            .headers()
            .contains_key("strict-transport-security")
    };
    assert!(hsts("https"));
    assert!(hsts("https, http"));
    assert!(!hsts("http"));
    assert!(!hsts("http, https"));
}

#[test]
fn refusals_carry_the_security_headers() {
    let app = protected()
        .layer(CspLayer::new(&CspSettings::default()))
        .layer(FrameOptionsLayer::default())
        .layer(SecurityHeadersLayer::new(&HeadersSettings::default()))
        .layer(HostsLayer::new(&site_com()));
    let res = send(&app, post(&[], "a=1"));
    assert_eq!(res.status(), StatusCode::FORBIDDEN);
    let headers = res.headers();
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["x-frame-options"], "DENY");
    assert_eq!(headers["referrer-policy"], "same-origin");
    assert_eq!(headers["cross-origin-opener-policy"], "same-origin");
    // The page's own style has the nonce of the response.
    let policy = headers["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    let nonce = policy.split("'nonce-").nth(1).unwrap()[..22].to_owned();
    assert_eq!(headers[CONTENT_TYPE], "text/html; charset=utf-8");
    assert!(text(res).contains(&format!("<style nonce=\"{nonce}\">")));
}

#[test]
fn plain_http_is_sent_to_https_before_anything_runs() {
    let settings = HeadersSettings {
        secure_ssl_redirect: true,
        ..HeadersSettings::default()
    };
    let app = naked()
        .layer(SecurityHeadersLayer::new(&settings))
        .layer(HostsLayer::new(&site_com()));
    let res = send(&app, post(&[], "a=1"));
    assert_eq!(res.status(), StatusCode::MOVED_PERMANENTLY);
    assert_eq!(res.headers()["location"], "https://site.com/");
    assert_eq!(
        send(&app, for_host("evil.com")).status(),
        StatusCode::BAD_REQUEST
    );
    let req = Request::get("//evil.com/%0d%0aX:%20y?q=%0d")
        .header("host", "site.com")
        .body(Body::empty())
        .unwrap();
    let res = send(&app, req);
    assert_eq!(
        res.headers()["location"],
        "https://site.com//evil.com/%0D%0AX:%20y?q=%0d"
    );
}

#[test]
fn nonces_are_never_used_twice() {
    async fn nonce(Extension(nonce): Extension<Nonce>) -> String {
        nonce.get().to_owned()
    }
    let app = Router::new()
        .fallback(any(nonce))
        .layer(CspLayer::new(&CspSettings::default()));
    let mut seen = HashSet::new();
    for _ in 0..2000 {
        let res = send(&app, for_host("site.com"));
        let policy = res.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .to_owned();
        let nonce = text(res);
        assert_eq!(nonce.len(), 22);
        assert!(policy.contains(&format!("script-src 'self' 'nonce-{nonce}'")));
        assert!(seen.insert(nonce));
    }
    // Nobody asked: none is made and none is sent.
    let app = naked().layer(CspLayer::new(&CspSettings::default()));
    let res = send(&app, for_host("site.com"));
    assert!(
        !res.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .contains("nonce")
    );
}
