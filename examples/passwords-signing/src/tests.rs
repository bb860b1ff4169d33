//! The example, used as its visitors do.

use axum::body::{Body, to_bytes};
use http::Request;
use jiff::Timestamp;
use tower::ServiceExt as _;

use super::*;

async fn ask(app: &App, req: Request<Body>) -> (u16, String) {
    let res = router(app.clone()).oneshot(req).await.unwrap();
    let status = res.status().as_u16();
    let body = to_bytes(res.into_body(), 10_000).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

async fn send(app: &App, path: &str, form: &str) -> (u16, String) {
    let req = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    ask(app, req.body(Body::from(form.to_owned())).unwrap()).await
}

async fn open(app: &App, link: &str) -> (u16, String) {
    ask(app, Request::get(link).body(Body::empty()).unwrap()).await
}

fn app(now: i64) -> App {
    let keys = KeyRing::new("a key of this test");
    let hashers = Hashers::new(Pbkdf2::sha256().iterations(20));
    App::new(
        &keys,
        hashers,
        Clock::held(Timestamp::from_second(now).unwrap()),
    )
}

#[tokio::test]
async fn a_password_that_keeps_the_rules_opens_a_link_that_ends() {
    let now = app(1_780_000_000);
    assert_eq!(
        send(&now, "/register", "name=ann&password=my+cloud+of+words")
            .await
            .0,
        422
    );
    let (status, why) = send(&now, "/register", "name=ann&password=12345").await;
    assert_eq!((status, why.lines().count()), (422, 3), "{why}");
    assert_eq!(
        send(&now, "/register", "name=ann&password=correct+horse")
            .await
            .0,
        201
    );
    assert_eq!(
        send(&now, "/register", "name=ann&password=another+horse")
            .await
            .0,
        409
    );

    assert_eq!(
        send(&now, "/link", "name=ann&password=wrong+horse").await.0,
        403
    );
    assert_eq!(
        send(&now, "/link", "name=bob&password=correct+horse")
            .await
            .0,
        403
    );
    let (status, link) = send(&now, "/link", "name=ann&password=correct+horse").await;
    assert_eq!(status, 200);
    let link = link.trim();
    assert_eq!(
        open(&now, link).await,
        (200, "The report of ann.\n".to_owned())
    );
    assert_eq!(open(&now, &link.replace("ann", "bob")).await.0, 404);
    assert_eq!(open(&app(1_780_000_600), link).await.0, 200);
    assert_eq!(open(&app(1_780_000_601), link).await.0, 410);
}

#[tokio::test]
async fn a_hash_of_former_years_is_made_anew_at_the_next_login() {
    let app = app(1_780_000_000);
    let old = Hashers::new(Pbkdf2::sha256().iterations(10)).make_password("correct horse");
    app.store("ann".to_owned(), old.clone());
    send(&app, "/link", "name=ann&password=wrong+horse").await;
    assert_eq!(app.stored("ann"), Some(old));
    assert_eq!(
        send(&app, "/link", "name=ann&password=correct+horse")
            .await
            .0,
        200
    );
    assert!(app.stored("ann").unwrap().starts_with("pbkdf2_sha256$20$"));
}
