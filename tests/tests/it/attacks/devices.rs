//! S16: the devices of a user, listed and ended, and what an old login is not enough for.

use std::time::Duration;

use jiff::SignedDuration;
use nuages::auth::AuthRequest;
use nuages::auth::views::LoginView;
use nuages::base::Clock;
use nuages::prelude::*;
use nuages::sessions::Sessions;
use nuages::testing::{Client, TestSite};

use super::over::Running;
use super::session_engines::{folder, sid};
use super::victim::{PASSWORD, log_in, token};

/// A login older than this does not change an address.
const RECENT: Duration = Duration::from_mins(30);

async fn form(csrf: CsrfToken) -> String {
    csrf.get()
}

async fn whoami(user: Option<CurrentUser>) -> String {
    user.map_or_else(|| "nobody".to_owned(), |user| user.username.clone())
}

fn key(user: &nuages::auth::User) -> String {
    user.id.get().unwrap_or_default().to_string()
}

async fn list(user: CurrentUser, session: Session, sessions: Sessions) -> Result<String> {
    let all = sessions.of_user(&key(&user)).await?;
    let line = |info: &nuages::sessions::SessionInfo| {
        let here = if info.is(&session) { "here" } else { "there" };
        format!("{here} {} {info:?}\n", info.id())
    };
    Ok(all.iter().map(line).collect())
}

async fn end(user: CurrentUser, sessions: Sessions, Path(id): Path<String>) -> Result<String> {
    Ok(sessions.end(&key(&user), &id).await?.to_string())
}

async fn end_others(user: CurrentUser, session: Session, sessions: Sessions) -> Result<String> {
    let ended = sessions.end_all(&key(&user), Some(&session)).await?;
    Ok(ended.to_string())
}

async fn end_of(sessions: Sessions, Path(pk): Path<i64>) -> Result<String> {
    Ok(sessions.end_all(&pk.to_string(), None).await?.to_string())
}

async fn change_email(user: CurrentUser) -> String {
    format!("the address of {} is changed", user.username)
}

/// What a session looks like that Django has begun: it does not say when.
async fn forget_time(session: Session) -> Result<String> {
    Ok(session.remove("_nuages_login_time").await?.to_string())
}

fn urls() -> Urls {
    let login = LoginView::new().redirect_authenticated_user(true);
    Urls::new()
        .path("accounts/login/", login, "login")
        .path("form/", get(form), "form")
        .path("whoami/", get(whoami), "whoami")
        .path("devices/", get(list), "devices")
        .path("devices/end/<str:id>/", post(end), "end")
        .path("devices/end-others/", post(end_others), "end-others")
        .path(
            "users/<int:pk>/end/",
            post(end_of).permission_required_or_403("auth.change_user"),
            "end-of",
        )
        .path(
            "email/",
            get(change_email).post(change_email).recent_login(RECENT),
            "email",
        )
        .path("forget-time/", post(forget_time), "forget-time")
        .path(
            "careless-email/",
            post(change_email).login_required(),
            "careless-email",
        )
}

async fn site(engine: &'static str) -> (TestSite, Clock) {
    let clock = Clock::held(Clock::system().now());
    let site = Site::new()
        .install(nuages::auth::app())
        .urls(urls())
        .with_clock(clock.clone());
    let folder = folder("devices");
    let site = TestSite::with(site, |settings| {
        settings.set("session_engine", engine).unwrap();
        let folder = folder.to_string_lossy().into_owned();
        settings.set("session_file_path", folder).unwrap();
    })
    .await;
    site.create_user("alice", PASSWORD).await;
    site.create_superuser("root", PASSWORD).await;
    (site, clock)
}

async fn post_to(browser: &mut Client, path: &str) -> nuages::testing::TestResponse {
    let token = token(browser).await;
    browser.post(path).header("x-csrftoken", &token).await
}

async fn in_from(running: &Running, username: &str) -> Client {
    let mut browser = running.browser();
    let answer = log_in(&mut browser, username, PASSWORD).await;
    assert_eq!(answer.status(), 302, "{}", answer.text());
    browser
}

async fn alice_key(site: &TestSite) -> i64 {
    let alice = nuages::auth::User::objects()
        .get(|user| user.username().eq("alice"), site.db())
        .await;
    alice.unwrap().id.get().unwrap()
}

#[tokio::test]
async fn s16_cve_2020_5224_a_user_sees_the_devices_without_keys_and_ends_one_or_all_others() {
    for engine in ["db", "file"] {
        let (site, _) = site(engine).await;
        let running = Running::of(&site).await;
        let mut here = in_from(&running, "alice").await;
        let mut phone = in_from(&running, "alice").await;
        let mut tablet = in_from(&running, "alice").await;
        let mut eve = in_from(&running, "root").await;
        let page = here.get("/devices/").await.text();
        assert_eq!(page.lines().count(), 3, "{engine}: {page}");
        for browser in [&here, &phone, &tablet, &eve] {
            assert!(!page.contains(&sid(browser)), "{engine}: {page}");
        }
        let seen_by_phone = phone.get("/devices/").await.text();
        let mark = |page: &str| -> String {
            let line = page.lines().find(|line| line.starts_with("here ")).unwrap();
            line.split(' ').nth(1).unwrap().to_owned()
        };
        let of_phone = mark(&seen_by_phone);
        // The id is no key.
        let mut thief = running.browser();
        thief.cookies.set("sessionid", &of_phone);
        assert_eq!(thief.get("/whoami/").await.text(), "nobody", "{engine}");
        // Somebody else cannot end it, nor can anybody without a token.
        let ending = format!("/devices/end/{of_phone}/");
        assert_eq!(post_to(&mut eve, &ending).await.text(), "false", "{engine}");
        assert_eq!(here.post(&ending).await.status(), 403, "{engine}");
        assert_eq!(phone.get("/whoami/").await.text(), "alice", "{engine}");
        assert_eq!(post_to(&mut here, &ending).await.text(), "true", "{engine}");
        assert_eq!(phone.get("/whoami/").await.text(), "nobody", "{engine}");
        let others = post_to(&mut here, "/devices/end-others/").await;
        assert_eq!(others.text(), "1", "{engine}");
        assert_eq!(tablet.get("/whoami/").await.text(), "nobody", "{engine}");
        assert_eq!(here.get("/whoami/").await.text(), "alice", "{engine}");
        assert_eq!(eve.get("/whoami/").await.text(), "root", "{engine}");
    }
}

#[tokio::test]
async fn s16_none_of_a_hundred_sessions_survives_on_four_workers() {
    for engine in ["db", "file"] {
        let (site, _) = site(engine).await;
        let mut workers = Vec::new();
        for _ in 0..4 {
            let service = site.site().service(site.db()).unwrap();
            workers.push(Running::serving(service).await);
        }
        let mut keys = Vec::new();
        for number in 0..100 {
            keys.push(sid(&in_from(&workers[number % 4], "alice").await));
        }
        let seen = async |worker: &Running, key: &str| {
            let mut browser = worker.browser();
            browser.cookies.set("sessionid", key);
            browser.get("/whoami/").await.text()
        };
        for (number, key) in keys.iter().enumerate() {
            let worker = &workers[(number + 1) % 4];
            assert_eq!(seen(worker, key).await, "alice", "{engine}");
        }
        let all = format!("/users/{}/end/", alice_key(&site).await);
        // Who is not allowed to ends nobody's.
        let mut eve = in_from(&workers[0], "alice").await;
        assert_eq!(post_to(&mut eve, &all).await.status(), 403, "{engine}");
        let mut root = in_from(&workers[1], "root").await;
        assert_eq!(post_to(&mut root, &all).await.text(), "101", "{engine}");
        for (number, key) in keys.iter().enumerate() {
            let worker = &workers[number % 4];
            assert_eq!(seen(worker, key).await, "nobody", "{engine}");
        }
        assert_eq!(root.get("/whoami/").await.text(), "root", "{engine}");
    }
}

#[tokio::test]
async fn s16_a_login_of_31_minutes_ago_has_to_be_repeated_before_the_address_is_changed() {
    let (site, clock) = site("db").await;
    let running = Running::of(&site).await;
    let mut alice = in_from(&running, "alice").await;
    assert_eq!(post_to(&mut alice, "/email/").await.status(), 200);
    clock.advance(SignedDuration::from_mins(30));
    assert_eq!(post_to(&mut alice, "/email/").await.status(), 200);
    clock.advance(SignedDuration::from_mins(1));
    let again = "/accounts/login/?next=/email/";
    let refused = post_to(&mut alice, "/email/").await;
    assert_eq!(
        (refused.status().as_u16(), refused.header("location")),
        (302, again)
    );
    // She is still logged in, and sees the form all the same: no circle between the two pages.
    assert_eq!(alice.get("/whoami/").await.text(), "alice");
    let page = alice.get(again).await;
    assert_eq!(page.status(), 200);
    assert!(page.text().contains("type=\"password\""), "{}", page.text());
    // A wrong password helps nobody.
    let login = async |browser: &mut Client, password: &str| {
        let token = token(browser).await;
        let fields = [
            ("username", "alice"),
            ("password", password),
            ("next", "/email/"),
            ("csrfmiddlewaretoken", &token),
        ];
        browser.post("/accounts/login/").form(&fields).await
    };
    assert_eq!(login(&mut alice, "wrong").await.status(), 200);
    assert_eq!(alice.get("/email/").await.status(), 302);
    let back = login(&mut alice, PASSWORD).await;
    assert_eq!(
        (back.status().as_u16(), back.header("location")),
        (302, "/email/")
    );
    assert_eq!(
        post_to(&mut alice, "/email/").await.text(),
        "the address of alice is changed"
    );
    // Afterwards the login page sends her on again.
    assert_eq!(
        alice
            .get("/accounts/login/?next=/whoami/")
            .await
            .header("location"),
        "/whoami/"
    );
    // A session that Django began has no time, and counts as old.
    assert_eq!(post_to(&mut alice, "/forget-time/").await.text(), "true");
    assert_eq!(post_to(&mut alice, "/email/").await.status(), 302);
    // Nobody at all is sent to the login page, too.
    let mut nobody = running.browser();
    assert_eq!(nobody.get("/email/").await.header("location"), again);
}

#[tokio::test]
async fn s16_pair_without_the_requirement_an_old_login_changes_the_address() {
    let (site, clock) = site("db").await;
    let running = Running::of(&site).await;
    let mut alice = in_from(&running, "alice").await;
    clock.advance(SignedDuration::from_hours(5));
    assert_eq!(post_to(&mut alice, "/careless-email/").await.status(), 200);
}

#[tokio::test]
async fn s16_a_view_can_ask_how_old_the_login_is() {
    async fn careful(req: AuthRequest) -> Result<String> {
        Ok(req.logged_in_within(RECENT).await?.to_string())
    }
    let clock = Clock::held(Clock::system().now());
    let urls = urls().path("careful/", get(careful), "careful");
    let site = Site::new()
        .install(nuages::auth::app())
        .urls(urls)
        .with_clock(clock.clone());
    let site = TestSite::new(site).await;
    site.create_user("alice", PASSWORD).await;
    let running = Running::of(&site).await;
    assert_eq!(running.browser().get("/careful/").await.text(), "false");
    let mut alice = in_from(&running, "alice").await;
    assert_eq!(alice.get("/careful/").await.text(), "true");
    clock.advance(SignedDuration::from_mins(31));
    assert_eq!(alice.get("/careful/").await.text(), "false");
}
