//! A12: users whom a proxy names in a header.

use std::sync::Arc;

use nuages::auth::AuthRequest;
use nuages::auth::backends::{ModelBackend, RemoteUserBackend};
use nuages::prelude::*;
use nuages::testing::{Client, TestSite};
use nuages::web::RequestInfo;
use nuages::web::page_cache::CachePage;

use super::over::Running;
use super::session_engines::sid;
use super::victim::{PASSWORD, log_in};
use super::wire::raw::exchange;

const HEADER: &str = "x-remote-user";

async fn form(csrf: CsrfToken) -> String {
    csrf.get()
}

async fn whoami(user: Option<CurrentUser>, session: Session) -> Result<String> {
    let word: Option<String> = session.get("word").await?;
    let name = user.map_or_else(|| "nobody".to_owned(), |user| user.username.clone());
    Ok(format!("{name} {}", word.unwrap_or_default())
        .trim()
        .to_owned())
}

async fn remember(session: Session, Path(word): Path<String>) -> Result<String> {
    session.set("word", &word).await?;
    Ok(word)
}

/// What Django did before CVE-2014-0482: whoever is logged in stays so, whatever the header says.
async fn careless(req: AuthRequest, info: RequestInfo, session: Session) -> Result<String> {
    if req.user().await?.is_none()
        && let Some(name) = info.header("x-careless-user")
        && let Some(user) = req.auth().users().by_username(name).await?
    {
        req.login(&user).await?;
    }
    whoami(req.user().await?, session).await
}

fn urls() -> Urls {
    Urls::new()
        .include("accounts/", nuages::auth::urls())
        .path("form/", get(form), "form")
        .path("whoami/", get(whoami), "whoami")
        .path(
            "cached/",
            get(whoami).cache_page(CachePage::new(None)),
            "cached",
        )
        .path("secret/", get(whoami).login_required(), "secret")
        .path("remember/<str:word>/", get(remember), "remember")
        .path("careless/", get(careless), "careless")
}

struct Proxied {
    site: TestSite,
    running: Running,
}

impl Proxied {
    async fn with(site: Site, more: &[(&'static str, serde_json::Value)]) -> Self {
        let site = site.install(nuages::auth::app()).urls(urls());
        let site = TestSite::with(site, |settings| {
            settings.set("remote_user_header", "X-Remote-User").unwrap();
            settings
                .set("remote_user_proxies", vec!["127.0.0.1"])
                .unwrap();
            settings.set("remote_user_create", false).unwrap();
            for (name, value) in more {
                settings.set(name, value.clone()).unwrap();
            }
        })
        .await;
        for name in ["alice", "bob", "root"] {
            site.create_user(name, PASSWORD).await;
        }
        let running = Running::of(&site).await;
        Self { site, running }
    }

    async fn new(more: &[(&'static str, serde_json::Value)]) -> Self {
        Self::with(Site::new(), more).await
    }

    async fn users(&self) -> u64 {
        let all = nuages::auth::User::objects().count(self.site.db()).await;
        all.unwrap()
    }
}

/// Who the site takes a browser for whose proxy says this.
async fn who(browser: &mut Client, name: &str) -> String {
    browser.get("/whoami/").header(HEADER, name).await.text()
}

#[tokio::test]
async fn a12_cve_2014_0482_every_change_of_the_name_begins_a_new_session() {
    let proxied = Proxied::new(&[]).await;
    let mut browser = proxied.running.browser();
    assert_eq!(who(&mut browser, "alice").await, "alice");
    browser.get("/remember/word/").header(HEADER, "alice").await;
    assert_eq!(who(&mut browser, "alice").await, "alice word");
    let alice = sid(&browser);
    // The same user keeps the session.
    assert_eq!(who(&mut browser, "alice").await, "alice word");
    assert_eq!(sid(&browser), alice);
    assert_eq!(who(&mut browser, "bob").await, "bob");
    let bob = sid(&browser);
    assert_ne!(bob, alice);
    // Nobody whom the site knows: bob is out, and nobody is made.
    assert_eq!(who(&mut browser, "mallory").await, "nobody");
    let secret = browser.get("/secret/").header(HEADER, "mallory").await;
    assert_eq!(secret.header("location"), "/accounts/login/?next=/secret/");
    assert_eq!(proxied.users().await, 3);
    // Neither key is worth anything any more, also where the proxy names its owner.
    for key in [&alice, &bob] {
        let mut thief = proxied.running.browser();
        thief.cookies.set("sessionid", key);
        assert_eq!(thief.get("/whoami/").await.text(), "nobody");
        thief.cookies.set("sessionid", key);
        assert_eq!(who(&mut thief, "alice").await, "alice");
    }
    // Without the header the user is out at once.
    assert_eq!(who(&mut browser, "alice").await, "alice");
    assert_eq!(browser.get("/whoami/").await.text(), "nobody");
    assert_eq!(who(&mut browser, "").await, "nobody");
}

#[tokio::test]
async fn a12_pair_where_only_an_anonymous_visitor_is_logged_in_the_next_one_is_the_first() {
    let proxied = Proxied::new(&[("remote_user_header", serde_json::Value::Null)]).await;
    let mut browser = proxied.running.browser();
    let careless = async |browser: &mut Client, name: &str| {
        let request = browser.get("/careless/").header("x-careless-user", name);
        request.await.text()
    };
    assert_eq!(careless(&mut browser, "alice").await, "alice");
    browser.get("/remember/word/").await;
    assert_eq!(careless(&mut browser, "bob").await, "alice word");
}

#[tokio::test]
async fn a12_cve_2015_0219_only_the_named_header_of_a_trusted_proxy_counts() {
    let root = |header: &str| {
        format!("GET /whoami/ HTTP/1.1\r\nHost: testserver\r\n{header}Connection: close\r\n\r\n")
    };
    let proxied = Proxied::new(&[]).await;
    let says = async |proxied: &Proxied, header: &str| {
        let answer = exchange(proxied.running.address(), root(header)).await;
        assert_eq!(answer.statuses(), [200], "{}", answer.text);
        answer.text.ends_with("root")
    };
    // The pair first: the header that the deployer named, from the proxy, in any case of its letters.
    assert!(says(&proxied, "X-Remote-User: root\r\n").await);
    assert!(says(&proxied, "x-REMOTE-user: root\r\n").await);
    for header in [
        "Remote_User: root\r\n",
        "X_Remote_User: root\r\n",
        "X-Remote_User: root\r\n",
        "Remote-User: root\r\n",
        "Authorization: Basic cm9vdDo=\r\n",
        "X-Remote-User: bob\r\nX-Remote-User: root\r\n",
        "X-Remote-User: root\r\nX-Remote-User: root\r\n",
        "X-Remote-User: bob\r\nX_Remote_User: root\r\n",
    ] {
        assert!(!says(&proxied, header).await, "{header}");
    }
    // From anywhere but the proxy the header says nothing, and nobody is logged in by it.
    let elsewhere =
        Proxied::new(&[("remote_user_proxies", serde_json::json!(["192.0.2.1"]))]).await;
    assert!(!says(&elsewhere, "X-Remote-User: root\r\n").await);
    // Nor does it where none was named, which is how a site begins.
    let silent = Proxied::new(&[("remote_user_header", serde_json::Value::Null)]).await;
    assert!(!says(&silent, "X-Remote-User: root\r\n").await);
    assert!(!says(&silent, "Remote-User: root\r\n").await);
}

#[tokio::test]
async fn a12_unknown_users_are_made_where_the_site_says_so_and_have_no_password() {
    let proxied = Proxied::new(&[("remote_user_create", true.into())]).await;
    let mut browser = proxied.running.browser();
    assert_eq!(who(&mut browser, "carol").await, "carol");
    assert_eq!(proxied.users().await, 4);
    for guess in ["", "!", "carol"] {
        let mut thief = proxied.running.browser();
        assert_eq!(log_in(&mut thief, "carol", guess).await.status(), 200);
    }
    // Names that are none, and a twin of somebody else's.
    let long = "x".repeat(151);
    for name in [long.as_str(), "ｒｏｏｔ", "a\tb"] {
        assert_eq!(who(&mut browser, name).await, "nobody", "{name}");
    }
    assert_eq!(proxied.users().await, 4);
    // Of many first requests at once one makes the user.
    let many = (0..20).map(|_| {
        let mut browser = proxied.running.browser();
        async move { who(&mut browser, "dave").await }
    });
    let names = futures_util::future::join_all(many).await;
    assert!(names.iter().all(|name| name == "dave"), "{names:?}");
    assert_eq!(proxied.users().await, 5);
}

#[tokio::test]
async fn a12_inactive_users_are_nobody_and_out_at_the_next_request() {
    let proxied = Proxied::new(&[]).await;
    let mut browser = proxied.running.browser();
    assert_eq!(who(&mut browser, "bob").await, "bob");
    let mut bob = nuages::auth::User::objects()
        .get(|user| user.username().eq("bob"), proxied.site.db())
        .await
        .unwrap();
    bob.is_active = false;
    bob.save(proxied.site.db()).await.unwrap();
    assert_eq!(who(&mut browser, "bob").await, "nobody");
}

#[tokio::test]
async fn a12_a_persistent_user_stays_without_the_header_and_still_changes_with_it() {
    let proxied = Proxied::new(&[("remote_user_persistent", true.into())]).await;
    let mut browser = proxied.running.browser();
    assert_eq!(who(&mut browser, "alice").await, "alice");
    browser.get("/remember/word/").await;
    assert_eq!(browser.get("/whoami/").await.text(), "alice word");
    assert_eq!(who(&mut browser, "bob").await, "bob");
    assert_eq!(who(&mut browser, "mallory").await, "nobody");
}

#[tokio::test]
async fn a12_who_came_by_password_stays_without_the_header_and_goes_where_it_names_another() {
    let proxied = Proxied::new(&[]).await;
    let mut browser = proxied.running.browser();
    log_in(&mut browser, "alice", PASSWORD).await;
    browser.get("/remember/word/").await;
    assert_eq!(browser.get("/whoami/").await.text(), "alice word");
    assert_eq!(who(&mut browser, "alice").await, "alice word");
    assert_eq!(who(&mut browser, "bob").await, "bob");
    let mut browser = proxied.running.browser();
    log_in(&mut browser, "alice", PASSWORD).await;
    assert_eq!(who(&mut browser, "mallory").await, "nobody");
}

#[tokio::test]
async fn a12_names_are_cleaned_and_users_configured_by_the_backend() {
    let remote = RemoteUserBackend::new()
        .with_clean_username(|name| name.split('@').next().unwrap_or_default().to_owned())
        .with_configure_user(|mut user, created| async move {
            let when = if created { "new" } else { "known" };
            user.email = format!("{when}@example.com");
            Ok(user)
        });
    let site =
        Site::new().authentication_backends(vec![Arc::new(ModelBackend::new()), Arc::new(remote)]);
    let proxied = Proxied::with(site, &[]).await;
    let mut browser = proxied.running.browser();
    assert_eq!(who(&mut browser, "erin@EXAMPLE.COM").await, "erin");
    let key = sid(&browser);
    // The same user by another spelling keeps the session.
    assert_eq!(who(&mut browser, "erin@elsewhere").await, "erin");
    assert_eq!(sid(&browser), key);
    assert_eq!(who(&mut browser, "frank@EXAMPLE.COM").await, "frank");
    assert_eq!(who(&mut browser, "@EXAMPLE.COM").await, "nobody");
}

#[test]
fn a12_settings_that_would_trust_everybody_are_found_by_the_check() {
    let checks = |header: &str, proxies: &[&str]| {
        let settings = nuages::auth::AuthSettings {
            remote_user_header: Some(header.to_owned()),
            remote_user_proxies: proxies.iter().map(|&proxy| proxy.to_owned()).collect(),
            ..Default::default()
        };
        let found = nuages::auth::checks(&settings);
        let ids = found.iter().map(|check| check.id.to_string());
        ids.collect::<Vec<_>>()
    };
    assert_eq!(checks("X-Remote-User", &["10.0.0.1"]), [""; 0]);
    assert_eq!(checks("X-Remote-User", &[]), ["auth.E102"]);
    assert_eq!(checks("X_Remote_User", &["10.0.0.1"]), ["auth.E102"]);
    assert_eq!(checks("X-Remote-User", &["::/0"]), ["auth.W103"]);
}

#[tokio::test]
async fn a12_k2_a_cached_page_of_the_former_user_is_not_shown_to_the_next() {
    let proxied = Proxied::new(&[]).await;
    let mut browser = proxied.running.browser();
    assert_eq!(who(&mut browser, "alice").await, "alice");
    let cached = async |browser: &mut Client, name: &str| {
        browser.get("/cached/").header(HEADER, name).await.text()
    };
    for _ in 0..2 {
        assert_eq!(cached(&mut browser, "alice").await, "alice");
    }
    // The pair: what the cache has under this cookie is alice's page, whatever the session says by now.
    browser.get("/remember/word/").header(HEADER, "alice").await;
    assert_eq!(cached(&mut browser, "alice").await, "alice");
    assert_eq!(who(&mut browser, "alice").await, "alice word");
    for name in ["bob", "mallory", "bob", ""] {
        // Nothing that the site sets is taken: the old cookies come again and again.
        let mut stubborn = browser.clone();
        let expect = if name == "bob" { "bob" } else { "nobody" };
        assert_eq!(cached(&mut stubborn, name).await, expect, "{name}");
    }
}
