//! Tokens, cookies and bodies.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Extension;
use axum::routing::any;
use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, Request, StatusCode};
use nuages_security::Refusal;
use nuages_security::csrf::{
    CsrfLayer, CsrfMode, CsrfSecret, CsrfSettings, CsrfToken, FailureContext, failure_page,
};

use super::{SECRET, cookie, field, naked, post, protected, secure, send, text};
use crate::request::wait;

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

/// The rest of the file comes only when the view has the beginning: nobody may wait for it.
#[test]
fn an_upload_with_the_token_in_the_header_reaches_the_view_from_its_first_byte() {
    let head = "--X\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\nbegin";
    let first_bytes = Router::new()
        .fallback(any(|body: Body| async move {
            let mut stream = body.into_data_stream();
            let first = futures_util::StreamExt::next(&mut stream).await;
            first.map_or_else(String::new, |piece| {
                String::from_utf8(piece.unwrap().to_vec()).unwrap()
            })
        }))
        .layer(CsrfLayer::new(&CsrfSettings::default()));
    let upload = |headers: &[(&str, &str)]| {
        let cookie = cookie();
        let mut all = vec![
            ("cookie", cookie.as_str()),
            ("content-type", "multipart/form-data; boundary=X"),
        ];
        all.extend_from_slice(headers);
        let mut req = post(&all, "");
        let begun = futures_util::stream::iter([Ok::<_, std::io::Error>(head.to_owned())]);
        let never = futures_util::stream::pending();
        *req.body_mut() = Body::from_stream(futures_util::StreamExt::chain(begun, never));
        req
    };
    let res = send(&first_bytes, upload(&[("x-csrftoken", SECRET)]));
    assert_eq!(text(res), head);
    // A token in the header that is wrong is no reason to wait either.
    let res = send(&first_bytes, upload(&[("x-csrftoken", "wrong")]));
    assert_eq!(res.status(), StatusCode::FORBIDDEN);
}

#[test]
fn a_wrong_field_before_the_files_counts_more_than_the_right_header() {
    let body = "--X\r\nContent-Disposition: form-data; name=\"csrfmiddlewaretoken\"\r\n\r\nwrong\r\n--X--\r\n";
    let headers = [
        ("cookie", &*cookie()),
        ("content-type", "multipart/form-data; boundary=X"),
        ("x-csrftoken", SECRET),
    ];
    assert_eq!(send(&echo(), post(&headers, body)).status(), 403);
}

#[test]
fn of_several_fields_the_last_before_the_first_file_counts() {
    let part = |head: &str, value: &str| {
        format!("--X\r\nContent-Disposition: form-data; {head}\r\n\r\n{value}\r\n")
    };
    let field = |value: &str| part("name=\"csrfmiddlewaretoken\"", value);
    let file = part("name=\"f\"; filename=\"a\"", "content");
    let (right, wrong) = (field(SECRET), field(&SECRET.replace('a', "b")));
    let status = |parts: &[&str]| {
        let headers = [
            ("cookie", &*format!("csrftoken={SECRET}")),
            ("content-type", "multipart/form-data; boundary=X"),
        ];
        let body = format!("{}--X--\r\n", parts.concat());
        send(&echo(), post(&headers, &body)).status().as_u16()
    };
    assert_eq!(status(&[&wrong, &right]), 200);
    assert_eq!(status(&[&right, &wrong]), 403);
    assert_eq!(status(&[&right, &part("name=\"more\"", "text")]), 200);
    assert_eq!(status(&[&wrong, &right, &file]), 200);
    // What stands behind a file is not waited for, when there was a token before it.
    assert_eq!(status(&[&right, &file, &wrong]), 200);
    assert_eq!(status(&[&file, &right, &wrong]), 200);
    assert_eq!(status(&[&file, &wrong]), 403);
}

#[test]
fn a_form_in_another_encoding_is_refused_and_a_word_that_is_none_is_not_heeded() {
    let settings = CsrfSettings::default();
    let layer = || CsrfLayer::new(&settings);
    let knowing = layer().with_charsets(|label| ["utf8", "latin-1"].contains(&label));
    let status = |layer: CsrfLayer, charset: &str| {
        let app = Router::new().fallback(any(|| async { "OK" })).layer(layer);
        let headers = [
            ("cookie", &*format!("csrftoken={SECRET}")),
            (
                "content-type",
                &*format!("application/x-www-form-urlencoded; charset={charset}"),
            ),
        ];
        let body = format!("csrfmiddlewaretoken={SECRET}");
        send(&app, post(&headers, &body)).status().as_u16()
    };
    for (charset, expect) in [
        ("utf-8", 200),
        ("UTF-8", 200),
        ("\"utf-8\"", 200),
        ("utf8", 400),
        ("latin-1", 400),
        ("klingon", 200),
    ] {
        assert_eq!(status(knowing.clone(), charset), expect, "{charset}");
    }
    // Who knows no names takes every word for one.
    assert_eq!(status(layer(), "klingon"), 400);
    assert_eq!(status(layer(), "utf-8"), 200);
}

#[test]
fn a_header_that_comes_twice_is_no_token() {
    let cookie = cookie();
    let twice = [
        ("cookie", cookie.as_str()),
        ("x-csrftoken", SECRET),
        ("x-csrftoken", SECRET),
    ];
    assert_eq!(send(&protected(), post(&twice, "")).status(), 403);
    assert_eq!(send(&protected(), post(&twice[..2], "")).status(), 200);
}

#[test]
fn half_a_form_is_never_handed_on_as_a_whole() {
    let broken = |content_type: &str, start: String| {
        let cookie = cookie();
        let headers = [
            ("cookie", cookie.as_str()),
            ("content-type", content_type),
            ("x-csrftoken", SECRET),
        ];
        let mut req = post(&headers, "");
        let pieces = [Ok(start), Err(std::io::Error::other("gone"))];
        *req.body_mut() = Body::from_stream(futures_util::stream::iter(pieces));
        req
    };
    let res = send(
        &echo(),
        broken("application/x-www-form-urlencoded", field(SECRET)),
    );
    assert_eq!(res.status(), StatusCode::BAD_REQUEST);
    let res = send(
        &echo(),
        broken("multipart/form-data; boundary=X", "--X\r\n".to_owned()),
    );
    assert!(wait(to_bytes(res.into_body(), usize::MAX)).is_err());
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

/// A site that protects by hand: the layer acts where a route asks.
#[test]
fn by_hand_only_the_routes_that_ask_are_protected() {
    let app = Router::new()
        .fallback(any(|token: Option<Extension<CsrfToken>>| async move {
            token.map_or_else(|| "none".to_owned(), |Extension(token)| token.get())
        }))
        .layer(CsrfLayer::new(&CsrfSettings::default()).only_where_asked());
    for (mode, status, has_token) in [
        (None, 200, false),
        (Some(CsrfMode::Exempt), 200, false),
        (Some(CsrfMode::RequiresToken), 200, true),
        (Some(CsrfMode::EnsureCookie), 200, true),
        (Some(CsrfMode::ExemptEnsureCookie), 200, true),
        (Some(CsrfMode::Protect), 403, false),
        (Some(CsrfMode::ProtectEnsureCookie), 403, false),
    ] {
        let mut req = post(&[], "a=1");
        req.extensions_mut().extend(
            mode.map(|mode| {
                let mut extensions = http::Extensions::new();
                extensions.insert(mode);
                extensions
            })
            .unwrap_or_default(),
        );
        let res = send(&app, req);
        assert_eq!(res.status(), status, "{mode:?}");
        assert_eq!(text(res).len() == 64, has_token, "{mode:?}");
    }
}

#[test]
fn what_a_route_asks_for_only_adds_protection() {
    for (mode, status) in [
        (CsrfMode::RequiresToken, 403),
        (CsrfMode::EnsureCookie, 403),
        (CsrfMode::ProtectEnsureCookie, 403),
        (CsrfMode::Protect.and_exempt(), 403),
        (CsrfMode::ExemptEnsureCookie, 200),
    ] {
        let mut req = post(&[], "a=1");
        req.extensions_mut().insert(mode);
        assert_eq!(send(&protected(), req).status(), status, "{mode:?}");
    }
}

#[test]
fn a_handler_may_answer_what_is_forbidden_and_nothing_else() {
    let layer = CsrfLayer::new(&CsrfSettings::default()).with_failure_handler(Arc::new(|req| {
        let why = req
            .extensions()
            .get::<nuages_security::csrf::Rejection>()
            .cloned();
        Box::pin(async move {
            let mut res = http::Response::new(Body::from(why.unwrap().reason.to_string()));
            *res.status_mut() = StatusCode::IM_A_TEAPOT;
            Ok(res)
        })
    }));
    let app = naked().layer(layer);
    let res = send(&app, post(&[], "a=1"));
    assert_eq!(res.status(), StatusCode::IM_A_TEAPOT);
    assert_eq!(text(res), "CSRF cookie not set.");
    let large = post(&[("cookie", &cookie())], &"a".repeat(3_000_000));
    assert_eq!(send(&app, large).status(), StatusCode::BAD_REQUEST);
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
    let seen = Arc::new(Mutex::new(HashSet::new()));
    let failed = seen.clone();
    let view = Arc::new(move |context: &FailureContext<'_>| {
        failed.lock().unwrap().insert(context.rejection.refusal);
        failure_page(context)
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
