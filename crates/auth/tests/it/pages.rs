//! The built-in pages, and a login page under a flood.

use std::sync::Arc;
use std::time::Duration;

use axum_core::body::Body;
use http::header::{CONTENT_TYPE, HOST, RETRY_AFTER};
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use nuages_auth::passwords::{DecodedHash, Hashers, MalformedHash, PasswordHasher, PasswordPool};
use nuages_auth::{Auth, CurrentUserLayer, PermissionsContext, UserContext};
use nuages_security::csrf::CsrfToken;
use nuages_sessions::{MemoryStore, MessagesContext, SessionLayer, SessionSettings};
use nuages_template::{Engine, MemoryLoader};
use nuages_web::{Dispatch, ResolveLayer, SharedService, SiteContext, Urls};
use tower_layer::Layer;
use tower_service::Service;

use crate::database::{database, run};
use crate::site::clock;
use crate::users::auth;

/// The views of the room with their own pages, without any protection around.
fn site(auth: Auth) -> SharedService {
    let engine = Engine::builder()
        .loader(MemoryLoader::new(nuages_auth::templates().iter().copied()))
        .build();
    let urls = Urls::new()
        .include("accounts/", nuages_auth::urls())
        .freeze()
        .unwrap();
    let site = SiteContext::new(engine, urls)
        .with_processor(Arc::new(UserContext))
        .with_processor(Arc::new(PermissionsContext))
        .with_processor(Arc::new(MessagesContext));
    let site = Arc::new(site);
    let sessions = SessionLayer::new(
        Arc::new(MemoryStore::new()),
        SessionSettings::default(),
        clock(),
    );
    let views = CurrentUserLayer::new(auth).layer(Dispatch::new(site.clone()));
    SharedService::new(ResolveLayer::new(site).layer(sessions.layer(views)))
}

fn request(method: &str, path: &str, body: &'static str) -> Request<Body> {
    let mut req = Request::builder()
        .method(method)
        .uri(path)
        .header(HOST, "testserver")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .unwrap();
    req.extensions_mut().insert(CsrfToken::new());
    req
}

async fn text(res: Response<Body>) -> String {
    String::from_utf8(res.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

#[test]
fn the_built_in_login_page_is_whole() {
    run(async {
        let mut site = site(auth(&database().await));
        let res = site
            .call(request(
                "GET",
                "/accounts/login/?next=/a/%3Fb%3D%22%3E%3Cscript%3E",
                "",
            ))
            .await
            .unwrap();
        assert_eq!(res.status(), StatusCode::OK);
        let page = text(res).await;
        for part in [
            "<html lang=\"en\">",
            "<title>Log in</title>",
            "<label for=\"id_username\">Username:</label>",
            "autocomplete=\"current-password\"",
            "name=\"csrfmiddlewaretoken\"",
            "name=\"next\" value=\"/a/?b=&quot;&gt;&lt;script&gt;\"",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
        // A wrong password is not shown again, and the error is said where screen readers find it.
        let body = "username=ann&password=hunter2";
        let page = text(
            site.call(request("POST", "/accounts/login/", body))
                .await
                .unwrap(),
        )
        .await;
        assert!(
            page.contains("Please enter a correct username and password."),
            "{page}"
        );
        assert!(page.contains("value=\"ann\"") && !page.contains("hunter2"));
    });
}

#[test]
fn the_other_built_in_pages_render() {
    run(async {
        let auth = auth(&database().await);
        auth.users().create_user("ann", "", "pw").await.unwrap();
        let mut site = site(auth);
        let res = site
            .call(request(
                "POST",
                "/accounts/login/",
                "username=ann&password=pw&next=/accounts/password_change/",
            ))
            .await
            .unwrap();
        assert_eq!(res.headers()["location"], "/accounts/password_change/");
        let cookie = res.headers()["set-cookie"].clone();
        let with_session = |mut req: Request<Body>| {
            req.headers_mut().insert("cookie", cookie.clone());
            req
        };
        let page = site
            .call(with_session(request(
                "GET",
                "/accounts/password_change/",
                "",
            )))
            .await
            .unwrap();
        let page = text(page).await;
        assert!(
            page.contains("<h1>Password change</h1>")
                && page.contains("autocomplete=\"new-password\""),
            "{page}"
        );
        assert!(
            page.contains("<li>Your password can’t be entirely numeric.</li>"),
            "{page}"
        );
        let page = site
            .call(with_session(request(
                "GET",
                "/accounts/password_change/done/",
                "",
            )))
            .await
            .unwrap();
        assert!(text(page).await.contains("Your password was changed."));
        let page = site
            .call(with_session(request("POST", "/accounts/logout/", "")))
            .await
            .unwrap();
        assert!(text(page).await.contains("<h1>Logged out</h1>"));
    });
}

/// A hasher that takes its time.
#[derive(Debug)]
struct Slow;

impl PasswordHasher for Slow {
    fn algorithm(&self) -> &'static str {
        "slow"
    }
    fn encode(&self, _: &[u8], _: &str) -> Result<String, MalformedHash> {
        std::thread::sleep(Duration::from_millis(300));
        Ok("slow$".to_owned())
    }
    fn decode(&self, _: &str) -> Result<DecodedHash, MalformedHash> {
        Err(MalformedHash)
    }
    fn verify(&self, _: &[u8], _: &str) -> Result<bool, MalformedHash> {
        Err(MalformedHash)
    }
    fn must_update(&self, _: &str) -> Result<bool, MalformedHash> {
        Err(MalformedHash)
    }
    fn harden_runtime(&self, _: &[u8], _: &str) {}
}

#[test]
fn a_flood_of_logins_is_told_to_come_back() {
    run(async {
        let pool = PasswordPool::new(Hashers::new(Slow), 1, 0);
        let auth = auth(&database().await).with_password_pool(pool.clone());
        let mut site = site(auth);
        let busy = tokio::spawn(async move { pool.make_password("x").await });
        tokio::time::sleep(Duration::from_millis(20)).await;
        let res = site
            .call(request("POST", "/accounts/login/", "username=a&password=b"))
            .await
            .unwrap();
        assert_eq!(res.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(res.headers()[RETRY_AFTER], "5");
        // Pages without passwords are as fast as ever.
        let res = site
            .call(request("GET", "/accounts/login/", ""))
            .await
            .unwrap();
        assert_eq!(res.status(), StatusCode::OK);
        busy.await.unwrap().unwrap();
    });
}
