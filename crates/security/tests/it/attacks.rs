//! Attacks in pairs: refused with the layer, succeeding without it.

use std::collections::HashSet;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Extension;
use axum::routing::any;
use http::header::{CONTENT_TYPE, COOKIE, SET_COOKIE};
use http::{HeaderMap, Request, Response, StatusCode};
use nuages_security::csp::{CspLayer, CspSettings, Nonce};
use nuages_security::csrf::{
    CsrfLayer, CsrfMode, CsrfSecret, CsrfSettings, CsrfToken, FailureContext,
};
use nuages_security::frame::FrameOptionsLayer;
use nuages_security::headers::{HeadersSettings, SecurityHeadersLayer};
use nuages_security::hosts::{Connection, HostsLayer, HostsSettings};
use nuages_security::{Refusal, csrf};
use tower::ServiceExt;

use crate::request::wait;

const SECRET: &str = "aBcDeFgHiJkLmNoPqRsTuVwXyZ012345";

/// A site that changes something on every request, whoever asks.
fn naked() -> Router {
    Router::new().fallback(any(|| async { "changed" }))
}

fn protected() -> Router {
    naked().layer(CsrfLayer::new(&CsrfSettings::default()))
}

fn send(app: &Router, req: Request<Body>) -> Response<Body> {
    wait(app.clone().oneshot(req)).unwrap()
}

fn post(headers: &[(&str, &str)], body: &str) -> Request<Body> {
    let mut req = Request::post("/").header("host", "site.com");
    for (name, value) in headers {
        req = req.header(*name, *value);
    }
    if !headers.iter().any(|(name, _)| *name == "content-type") {
        req = req.header("content-type", "application/x-www-form-urlencoded");
    }
    req.body(Body::from(body.to_owned())).unwrap()
}

fn cookie() -> String {
    format!("csrftoken={SECRET}")
}

fn field(token: &str) -> String {
    format!("a=1&csrfmiddlewaretoken={token}")
}

/// Refused with the layer, succeeding without it.
fn pair(make: impl Fn() -> Request<Body>) {
    assert_eq!(send(&protected(), make()).status(), StatusCode::FORBIDDEN);
    assert_eq!(send(&naked(), make()).status(), StatusCode::OK);
}

#[test]
fn a_forged_form_is_refused() {
    pair(|| post(&[("cookie", &cookie())], "a=1"));
    // Login CSRF: the attacker's own credentials, no cookie at all.
    pair(|| post(&[], &field(SECRET)));
    // What scripts of other sites can send does not help.
    pair(|| {
        post(
            &[
                ("cookie", &cookie()),
                ("x-requested-with", "XMLHttpRequest"),
            ],
            "",
        )
    });
    pair(|| {
        post(
            &[("cookie", &cookie()), ("content-type", "text/plain")],
            &field(SECRET),
        )
    });
    for method in ["PUT", "PATCH", "DELETE", "PROPFIND"] {
        pair(|| {
            let mut req = post(&[("cookie", &cookie())], &field(SECRET));
            *req.method_mut() = method.parse().unwrap();
            req
        });
    }
}

#[test]
fn a_genuine_form_is_accepted() {
    let token = CsrfSecret::parse(SECRET).unwrap().mask();
    let cookie = cookie();
    for req in [
        post(&[("cookie", &cookie)], &field(&token)),
        post(&[("cookie", &cookie)], &field(SECRET)),
        post(&[("cookie", &cookie), ("x-csrftoken", &token)], "a=1"),
        post(
            &[
                ("cookie", &cookie),
                ("origin", "http://site.com"),
                ("sec-fetch-site", "same-origin"),
            ],
            &field(&token),
        ),
    ] {
        assert_eq!(send(&protected(), req).status(), StatusCode::OK);
    }
}

#[test]
fn a_wrong_token_is_refused() {
    for length in [31, 33, 63, 65] {
        let token = "a".repeat(length);
        pair(|| post(&[("cookie", &cookie())], &field(&token)));
    }
    let other = CsrfSecret::new().mask();
    pair(|| post(&[("cookie", &cookie())], &field(&other)));
    pair(|| {
        post(
            &[("cookie", &cookie())],
            &field("aBcDeFgHiJkLmNoPqRsTuVwXyZ01234-"),
        )
    });
    // A right header does not make up for a wrong form.
    pair(|| {
        post(
            &[("cookie", &cookie()), ("x-csrftoken", SECRET)],
            &field(&other),
        )
    });
}

fn secure(headers: &[(&str, &str)]) -> Request<Body> {
    let cookie = cookie();
    let mut all = vec![("cookie", cookie.as_str())];
    all.extend_from_slice(headers);
    let mut req = post(&all, &field(SECRET));
    req.extensions_mut().insert(Connection {
        is_secure: true,
        ..Connection::default()
    });
    req
}

#[test]
fn a_page_of_another_origin_is_refused_even_with_a_token() {
    for origin in [
        "null",
        "https://evil.com",
        "http://site.com",
        "https://site.com:444",
        "https://site.com.evil.com",
        "https://[",
        "https://site.com, https://evil.com",
    ] {
        pair(|| secure(&[("origin", origin)]));
    }
    pair(|| {
        secure(&[
            ("origin", "https://site.com"),
            ("origin", "https://evil.com"),
        ])
    });
    for referer in [
        "",
        "http://site.com/",
        "/relative",
        "https://evil.com/https://site.com/",
        "https://[",
    ] {
        pair(|| secure(&[("referer", referer)]));
    }
    pair(|| secure(&[]));
    let app = protected();
    for own in [
        ("origin", "https://site.com"),
        ("referer", "https://site.com/form/"),
    ] {
        assert_eq!(send(&app, secure(&[own])).status(), StatusCode::OK);
    }
}

#[test]
fn trusted_origins_are_accepted_and_their_likes_are_not() {
    let settings = CsrfSettings {
        csrf_trusted_origins: vec!["https://*.x.com".into(), "https://one.org".into()],
        ..CsrfSettings::default()
    };
    let app = naked().layer(CsrfLayer::new(&settings));
    for origin in [
        "https://a.x.com",
        "https://b.a.x.com",
        "https://x.com",
        "https://one.org",
    ] {
        let req = secure(&[("origin", origin), ("sec-fetch-site", "cross-site")]);
        assert_eq!(send(&app, req).status(), StatusCode::OK, "{origin}");
    }
    for origin in [
        "https://xx.com",
        "http://a.x.com",
        "https://a.x.com:8443",
        "https://a.one.org",
    ] {
        let status = send(&app, secure(&[("origin", origin)])).status();
        assert_eq!(status, StatusCode::FORBIDDEN, "{origin}");
    }
}

#[test]
fn what_the_browser_calls_foreign_is_refused_over_http_too() {
    // No Origin and no HTTPS: Django looks at the token alone here.
    for site in ["cross-site", "same-site"] {
        pair(|| {
            post(
                &[("cookie", &cookie()), ("sec-fetch-site", site)],
                &field(SECRET),
            )
        });
    }
    for site in ["same-origin", "none"] {
        let req = post(
            &[("cookie", &cookie()), ("sec-fetch-site", site)],
            &field(SECRET),
        );
        assert_eq!(send(&protected(), req).status(), StatusCode::OK);
    }
}

#[test]
fn an_injected_cookie_is_replaced_and_never_shown() {
    let app = protected();
    let huge = "x".repeat(1_000_000);
    for value in ["\"><script>", "a", huge.as_str()] {
        let req = Request::get("/")
            .header("host", "site.com")
            .header("cookie", format!("csrftoken={value}"))
            .body(Body::empty())
            .unwrap();
        let res = send(&app, req);
        let set = res.headers()[SET_COOKIE].to_str().unwrap();
        let secret = set["csrftoken=".len()..].split(';').next().unwrap();
        assert_eq!(secret.len(), 32);
        assert_ne!(secret, value);
    }
}

async fn token(Extension(token): Extension<CsrfToken>) -> String {
    token.get()
}

async fn login(Extension(token): Extension<CsrfToken>) -> &'static str {
    token.rotate();
    "logged in"
}

fn app() -> Router {
    Router::new()
        .route("/form", any(token))
        .route("/login", any(login))
        .fallback(any(|| async { "changed" }))
        .layer(CsrfLayer::new(&CsrfSettings::default()))
}

fn text(res: Response<Body>) -> String {
    let bytes = wait(to_bytes(res.into_body(), usize::MAX)).unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn get(path: &str, cookie: &str) -> Request<Body> {
    Request::get(path)
        .header("host", "site.com")
        .header(COOKIE, cookie)
        .body(Body::empty())
        .unwrap()
}

fn new_secret(headers: &HeaderMap) -> String {
    let set = headers[SET_COOKIE].to_str().unwrap();
    set["csrftoken=".len()..]
        .split(';')
        .next()
        .unwrap()
        .to_owned()
}

#[test]
fn a_token_from_before_the_login_is_refused_after_it() {
    let app = app();
    let before = text(send(&app, get("/form", &cookie())));
    assert_eq!(
        send(&app, post(&[("cookie", &cookie())], &field(&before))).status(),
        200
    );
    let res = send(&app, get("/login", &cookie()));
    let secret = new_secret(res.headers());
    assert_ne!(secret, SECRET);
    let cookie = format!("csrftoken={secret}");
    assert_eq!(
        send(&app, post(&[("cookie", &cookie)], &field(&before))).status(),
        403
    );
    assert_eq!(
        send(&app, post(&[("cookie", &cookie)], &field(&secret))).status(),
        200
    );
}

#[test]
fn no_two_tokens_look_alike() {
    let app = app();
    let tokens: HashSet<String> = (0..1000)
        .map(|_| text(send(&app, get("/form", &cookie()))))
        .collect();
    assert_eq!(tokens.len(), 1000);
    for token in tokens {
        assert_eq!(token.len(), 64);
        assert_eq!(CsrfSecret::parse(&token).unwrap().as_str(), SECRET);
    }
}

#[test]
fn pages_with_a_token_vary_with_the_cookie_and_others_set_none() {
    let app = app();
    let res = send(&app, get("/form", ""));
    assert_eq!(res.headers()["vary"], "Cookie");
    let first = new_secret(res.headers());
    let second = new_secret(send(&app, get("/form", "other=1")).headers());
    assert_ne!(first, second);
    let res = send(&app, get("/", &cookie()));
    assert!(res.headers().get("vary").is_none() && res.headers().get(SET_COOKIE).is_none());
}

/// What the view gets to read.
fn echo() -> Router {
    Router::new()
        .fallback(any(|body: Body| async move { body }))
        .layer(CsrfLayer::new(&CsrfSettings::default()))
}

#[test]
fn the_body_is_handed_on_unchanged() {
    let form = field(SECRET) + "&b=%00%ff&c=+";
    let res = send(&echo(), post(&[("cookie", &cookie())], &form));
    assert_eq!(text(res), form);

    // A file larger than the limit, after the token, in pieces as they come from the network.
    let head = format!(
        "--X\r\nContent-Disposition: form-data; name=\"csrfmiddlewaretoken\"\r\n\r\n{SECRET}\r\n--X\r\n\
         Content-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n"
    );
    let mut whole = head.into_bytes();
    whole.extend(std::iter::repeat_n(b'z', 5_000_000));
    whole.extend_from_slice(b"\r\n--X--\r\n");
    let pieces: Vec<Result<Vec<u8>, std::io::Error>> = whole
        .chunks(10_007)
        .map(|piece| Ok(piece.to_vec()))
        .collect();
    let mut req = post(
        &[
            ("cookie", &cookie()),
            ("content-type", "multipart/form-data; boundary=X"),
        ],
        "",
    );
    *req.body_mut() = Body::from_stream(futures_util::stream::iter(pieces));
    let res = send(&echo(), req);
    assert_eq!(res.status(), StatusCode::OK);
    let back = wait(to_bytes(res.into_body(), usize::MAX)).unwrap();
    assert!(back == whole, "the body came through changed");
}

#[test]
fn a_form_that_hides_its_token_behind_a_large_file_is_refused() {
    let file = "z".repeat(3_000_000);
    let body = format!(
        "--X\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n{file}\r\n--X\r\n\
         Content-Disposition: form-data; name=\"csrfmiddlewaretoken\"\r\n\r\n{SECRET}\r\n--X--\r\n"
    );
    // In pieces, as it comes from the network.
    let request = |headers: &[(&str, &str)]| {
        let cookie = cookie();
        let mut all = vec![
            ("cookie", cookie.as_str()),
            ("content-type", "multipart/form-data; boundary=X"),
        ];
        all.extend_from_slice(headers);
        let pieces: Vec<Result<Vec<u8>, std::io::Error>> = body
            .as_bytes()
            .chunks(16_384)
            .map(|piece| Ok(piece.to_vec()))
            .collect();
        let mut req = post(&all, "");
        *req.body_mut() = Body::from_stream(futures_util::stream::iter(pieces));
        req
    };
    assert_eq!(send(&echo(), request(&[])).status(), StatusCode::FORBIDDEN);
    // With the token in the header the file may be of any size.
    let res = send(&echo(), request(&[("x-csrftoken", SECRET)]));
    assert_eq!(text(res), body);
}

#[test]
fn tricks_with_the_method_change_nothing() {
    let cookie = cookie();
    let req = post(
        &[("cookie", &cookie), ("x-http-method-override", "GET")],
        "_method=GET",
    );
    assert_eq!(send(&protected(), req).status(), StatusCode::FORBIDDEN);
    let mut req = post(&[("cookie", &cookie)], "a=1");
    *req.method_mut() = "post".parse().unwrap();
    assert_eq!(send(&protected(), req).status(), StatusCode::FORBIDDEN);
}

#[test]
fn an_exempt_route_lets_machines_in() {
    let mut req = post(&[], "a=1");
    req.extensions_mut().insert(CsrfMode::Exempt);
    assert_eq!(send(&protected(), req).status(), StatusCode::OK);
}

/// Every entry of the table, and a request that meets it.
#[test]
fn every_refusal_can_be_met() {
    let seen = Arc::new(std::sync::Mutex::new(HashSet::new()));
    let failed = seen.clone();
    let view = Arc::new(move |context: &FailureContext<'_>| {
        failed.lock().unwrap().insert(context.rejection.refusal);
        csrf::failure_page(context)
    });
    let cookie = cookie();
    let layer = CsrfLayer::new(&CsrfSettings::default()).with_failure_view(view.clone());
    let app = naked().layer(layer);
    let mut requests = vec![
        post(&[("origin", "http://evil.com")], ""),
        secure(&[]),
        secure(&[("referer", "nonsense")]),
        secure(&[("referer", "http://site.com/")]),
        secure(&[("referer", "https://evil.com/")]),
        post(&[("sec-fetch-site", "cross-site")], ""),
        post(&[], ""),
        post(&[("cookie", &cookie)], ""),
        post(&[("cookie", "csrftoken=a")], ""),
        post(&[("cookie", &format!("csrftoken={}", "-".repeat(32)))], ""),
        post(&[("cookie", &cookie)], &field("a")),
        post(&[("cookie", &cookie)], &field(&"-".repeat(32))),
        post(&[("cookie", &cookie)], &field(&"a".repeat(32))),
        post(&[("cookie", &cookie)], &"a".repeat(3_000_000)),
        post(
            &[("cookie", &cookie), ("content-type", "multipart/form-data")],
            "",
        ),
    ];
    for req in requests.drain(..) {
        let res = send(&app, req);
        assert!(res.status().is_client_error());
    }
    let settings = CsrfSettings {
        csrf_use_sessions: true,
        ..CsrfSettings::default()
    };
    let app = naked().layer(CsrfLayer::new(&settings).with_failure_view(view));
    assert_eq!(
        send(&app, get("/", "")).status(),
        StatusCode::INTERNAL_SERVER_ERROR
    );
    let seen = seen.lock().unwrap();
    for refusal in Refusal::ALL {
        // That one is the hosts', and met in their tests.
        assert!(
            seen.contains(refusal) || *refusal == Refusal::DisallowedHost,
            "{refusal:?}"
        );
    }
}

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
