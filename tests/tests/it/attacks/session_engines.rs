//! S: sessions, the whole running site over each engine.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use nuages::testing::Client;
use serde_json::json;

use super::victim::{PASSWORD, Victim};

/// Every engine, and whether sessions lie on the server; Redis where `NUAGES_TEST_REDIS` names one.
pub(super) fn engines(test: &str) -> Vec<(&'static str, bool)> {
    let mut engines = vec![
        ("db", true),
        ("cache", true),
        ("cached_db", true),
        ("file", true),
        ("signed_cookies", false),
    ];
    if redis().is_some() {
        engines.push(("redis", true));
    } else {
        nuages_tests::skip(test, "no Redis server (NUAGES_TEST_REDIS is not set)");
    }
    engines
}

/// The engines that keep sessions on the server.
pub(super) fn server_engines(test: &str) -> impl Iterator<Item = &'static str> {
    let engines = engines(test).into_iter();
    engines.filter_map(|(engine, on_server)| on_server.then_some(engine))
}

fn redis() -> Option<String> {
    std::env::var_os("NUAGES_TEST_REDIS").and_then(|text| text.into_string().ok())
}

/// The cache of a site: in memory, or on the Redis server, where each site has keys of its own.
fn cache(engine: &str) -> serde_json::Value {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    match redis().filter(|_| engine == "redis") {
        Some(address) => json!({"default": {
            "backend": "redis",
            "location": address,
            "key_prefix": format!("engines-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)),
        }}),
        None => json!({"default": {"options": {"max_entries": 10_000}}}),
    }
}

/// An empty folder for the sessions of one site.
pub(super) fn folder(name: &str) -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(name)
        .join(format!("{}-{number}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

pub(super) async fn site(engine: &'static str, more: &[(&'static str, bool)]) -> Victim {
    let folder = folder("session-engines");
    let more = more.to_vec();
    Victim::with(
        move |settings| {
            let kept = if engine == "redis" { "cache" } else { engine };
            settings.set("session_engine", kept).unwrap();
            settings.set("caches", cache(engine)).unwrap();
            let folder = folder.to_string_lossy().into_owned();
            settings.set("session_file_path", folder).unwrap();
            for (name, value) in more {
                settings.set(name, value).unwrap();
            }
        },
        &[],
    )
    .await
}

pub(super) fn sid(browser: &Client) -> String {
    browser
        .cookies
        .get("sessionid")
        .unwrap_or_default()
        .to_owned()
}

#[tokio::test]
async fn s1_s5_on_every_engine_a_login_changes_the_key_and_a_logout_ends_it() {
    for (engine, on_server) in
        engines("s1_s5_on_every_engine_a_login_changes_the_key_and_a_logout_ends_it")
    {
        let victim = site(engine, &[]).await;
        victim.site.create_user("alice", PASSWORD).await;
        let mut attacker = victim.browser();
        attacker.get("/remember/planted/").await;
        let planted = sid(&attacker);
        let mut alice = victim.browser();
        alice.cookies.set("sessionid", &planted);
        super::victim::log_in(&mut alice, "alice", PASSWORD).await;
        assert_ne!(sid(&alice), planted, "{engine}");
        assert_eq!(alice.get("/whoami/").await.text(), "alice", "{engine}");
        assert_eq!(attacker.get("/whoami/").await.text(), "nobody", "{engine}");

        let stolen = sid(&alice);
        let token = super::victim::token(&mut alice).await;
        alice
            .post("/accounts/logout/")
            .form(&[("csrfmiddlewaretoken", &token)])
            .await;
        let mut thief = victim.browser();
        thief.cookies.set("sessionid", &stolen);
        let seen = thief.get("/whoami/").await.text();
        // The documented difference: a cookie that holds the session cannot be ended from here.
        let expected = if on_server { "nobody" } else { "alice" };
        assert_eq!(seen, expected, "{engine}");
    }
}

#[tokio::test]
async fn cve_2015_5963_s4_on_every_engine_anonymous_visitors_get_no_session() {
    for (engine, _) in engines("cve_2015_5963_s4_on_every_engine_anonymous_visitors_get_no_session")
    {
        let victim = site(engine, &[]).await;
        for path in [
            "/form/",
            "/accounts/login/",
            "/nothing/",
            "/whoami/",
            "/logout-by-get/",
        ] {
            let mut browser = victim.browser();
            browser.get(path).await;
            assert_eq!(sid(&browser), "", "{engine} {path}");
        }
        // The pair: a page that writes does give one.
        let mut browser = victim.browser();
        browser.get("/remember/word/").await;
        assert_ne!(sid(&browser), "", "{engine}");
    }
}

#[tokio::test]
async fn cve_2026_35192_s15_a_renewed_cookie_says_that_the_response_varies() {
    for (engine, _) in engines("cve_2026_35192_s15_a_renewed_cookie_says_that_the_response_varies")
    {
        let victim = site(engine, &[("session_save_every_request", true)]).await;
        let mut visitor = victim.browser();
        visitor.get("/remember/word/").await;
        let renewed = visitor.get("/nothing/").await;
        let sets = renewed.headers().get_all("set-cookie").iter();
        assert!(
            sets.into_iter()
                .any(|line| line.as_bytes().starts_with(b"sessionid=")),
            "{engine}"
        );
        assert!(renewed.header("vary").contains("Cookie"), "{engine}");
        let mut anonymous = victim.browser();
        let answer = anonymous.get("/nothing/").await;
        let mut sets = answer.headers().get_all("set-cookie").iter();
        assert!(
            !sets.any(|line| line.as_bytes().starts_with(b"sessionid=")),
            "{engine}"
        );
    }
}

#[tokio::test]
async fn cve_2016_7401_s11_no_other_cookie_becomes_the_session_s() {
    let victim = site("db", &[]).await;
    victim.site.create_user("alice", PASSWORD).await;
    let alice = sid(&victim.logged_in("alice").await);
    let whoami = async |cookies: String| {
        let mut browser = victim.browser();
        browser
            .get("/whoami/")
            .header("cookie", &cookies)
            .await
            .text()
    };
    // The pair first: the real cookie is taken, and of two the last.
    assert_eq!(whoami(format!("sessionid={alice}")).await, "alice");
    assert_eq!(
        whoami(format!("sessionid=planted; sessionid={alice}")).await,
        "alice"
    );
    assert_eq!(
        whoami(format!("sessionid={alice}; sessionid=planted1")).await,
        "nobody"
    );
    for tossed in [
        format!("utm=x]sessionid={alice}"),
        format!("x=\"a, sessionid={alice}\""),
        format!("x=a,sessionid={alice}"),
        format!("SESSIONID={alice}"),
    ] {
        assert_eq!(whoami(tossed.clone()).await, "nobody", "{tossed}");
    }
}

/// Whether the session of this cookie still belongs to somebody.
async fn whoami(victim: &Victim, sid: &str) -> String {
    let mut browser = victim.browser();
    browser.cookies.set("sessionid", sid);
    browser.get("/whoami/").await.text()
}

#[tokio::test]
async fn s2_every_login_and_password_change_makes_a_new_key_and_ends_the_old_one() {
    for (engine, on_server) in
        engines("s2_every_login_and_password_change_makes_a_new_key_and_ends_the_old_one")
    {
        if !on_server {
            // The cookie is the session: there is no key to change.
            continue;
        }
        let victim = site(engine, &[]).await;
        victim.site.create_user("alice", PASSWORD).await;
        let mut alice = victim.browser();
        alice.get("/remember/word/").await;
        let mut keys = vec![sid(&alice)];
        // The second login of the same user, where Django keeps the key (X13).
        for _ in 0..2 {
            super::victim::log_in(&mut alice, "alice", PASSWORD).await;
            keys.push(sid(&alice));
            assert_eq!(alice.get("/recall/").await.text(), "word", "{engine}");
        }
        let token = super::victim::token(&mut alice).await;
        let new = "another long password";
        let fields = [
            ("old_password", PASSWORD),
            ("new_password1", new),
            ("new_password2", new),
            ("csrfmiddlewaretoken", &token),
        ];
        let answer = alice.post("/accounts/password_change/").form(&fields).await;
        assert_eq!(answer.status(), 302, "{engine}");
        keys.push(sid(&alice));
        let distinct: std::collections::BTreeSet<_> = keys.iter().collect();
        assert_eq!(distinct.len(), keys.len(), "{engine}: {keys:?}");
        let live = keys.pop().unwrap();
        assert_eq!(whoami(&victim, &live).await, "alice", "{engine}");
        for old in keys {
            assert_eq!(whoami(&victim, &old).await, "nobody", "{engine}");
        }
    }
}

#[tokio::test]
async fn cve_2015_3982_s2_the_next_user_of_a_browser_starts_with_nothing() {
    for (engine, on_server) in
        engines("cve_2015_3982_s2_the_next_user_of_a_browser_starts_with_nothing")
    {
        let victim = site(engine, &[]).await;
        victim.site.create_user("alice", PASSWORD).await;
        victim.site.create_user("bob", PASSWORD).await;
        let mut browser = victim.browser();
        browser.get("/remember/anonymous/").await;
        super::victim::log_in(&mut browser, "alice", PASSWORD).await;
        // The pair: what an anonymous visitor left is carried into the first login.
        assert_eq!(
            browser.get("/recall/").await.text(),
            "anonymous",
            "{engine}"
        );
        browser.get("/remember/secret/").await;
        let alice = sid(&browser);
        super::victim::log_in(&mut browser, "bob", PASSWORD).await;
        assert_eq!(browser.get("/whoami/").await.text(), "bob", "{engine}");
        assert_eq!(browser.get("/recall/").await.text(), "nothing", "{engine}");
        if on_server {
            assert_ne!(sid(&browser), alice, "{engine}");
            assert_eq!(whoami(&victim, &alice).await, "nobody", "{engine}");
        }
        // Nobody shares a session without a key.
        for empty in ["", "None", "null"] {
            assert_eq!(whoami(&victim, empty).await, "nobody", "{engine}: {empty}");
        }
    }
}

#[tokio::test]
async fn cve_2015_5143_s3_s4_thousands_of_visits_leave_nothing_behind_on_any_engine() {
    for engine in server_engines("cve_2015_5143_s3_s4") {
        let victim = site(engine, &[]).await;
        let mut browser = victim.browser();
        let before: u64 = browser.get("/stored/").await.text().parse().unwrap();
        let rounds = if engine == "db" { 10_000_u32 } else { 1_000 };
        let odd = [
            "",
            "a",
            "../x",
            "a\\b",
            "A234567890123456",
            "x".repeat(4096).leak(),
        ];
        for round in 0..rounds {
            let planted = match odd.get(round as usize) {
                Some(odd) => (*odd).to_owned(),
                None => format!("{round:032}"),
            };
            let path = ["/recall/", "/whoami/", "/logout-by-get/", "/nothing/"][round as usize % 4];
            let answer = browser
                .get(path)
                .header("cookie", format!("sessionid={planted}"))
                .await;
            let mut sets = answer.headers().get_all("set-cookie").iter();
            let adopted = |line: &http::HeaderValue| {
                let line = line.to_str().unwrap_or_default();
                line.starts_with("sessionid=") && !line.starts_with("sessionid=\"\"")
            };
            assert!(!sets.any(adopted), "{engine} {path} {planted}");
        }
        let after: u64 = browser.get("/stored/").await.text().parse().unwrap();
        assert_eq!(after, before, "{engine}");
        // The pair: one visit that writes makes one session, under a key of its own.
        let planted = "0".repeat(32);
        browser.cookies.set("sessionid", &planted);
        browser.get("/remember/word/").await;
        assert_ne!(sid(&browser), planted, "{engine}");
        assert_eq!(sid(&browser).len(), 32, "{engine}");
        let after: u64 = browser.get("/stored/").await.text().parse().unwrap();
        assert_eq!(after, before + 1, "{engine}");
    }
}

#[tokio::test]
async fn s13_a_request_that_outlives_its_session_is_a_400_and_brings_nothing_back() {
    for (engine, on_server) in
        engines("s13_a_request_that_outlives_its_session_is_a_400_and_brings_nothing_back")
    {
        if !on_server {
            continue;
        }
        let victim = site(engine, &[]).await;
        victim.site.create_user("alice", PASSWORD).await;
        let mut alice = victim.logged_in("alice").await;
        let key = sid(&alice);
        let token = super::victim::token(&mut alice).await;
        let mut slow = victim.browser();
        slow.cookies.set("sessionid", &key);
        let (late, _) = tokio::join!(async { slow.get("/linger/").await }, async {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            let fields = [("csrfmiddlewaretoken", token.as_str())];
            alice.post("/accounts/logout/").form(&fields).await
        });
        assert_eq!(late.status(), 400, "{engine}");
        assert!(late.headers().get("set-cookie").is_none(), "{engine}");
        assert_eq!(whoami(&victim, &key).await, "nobody", "{engine}");
        // The pair: with the session still there, the same request writes.
        let mut alice = victim.logged_in("alice").await;
        assert_eq!(alice.get("/linger/").await.text(), "late", "{engine}");
    }
}

#[tokio::test]
async fn s12_two_requests_that_change_different_names_keep_both_in_500_rounds_of_500() {
    for engine in server_engines("s12") {
        let victim = site(engine, &[]).await;
        for _ in 0..10 {
            let rounds = (0..50).map(|_| async {
                let mut one = victim.browser();
                one.get("/remember/word/").await;
                let mut two = one.clone();
                tokio::join!(async { one.get("/put/left/").await }, async {
                    two.get("/put/right/").await
                });
                let names = one.get("/names/").await.text();
                assert!(
                    names.contains("left") && names.contains("right"),
                    "{engine}: {names}"
                );
            });
            futures_util::future::join_all(rounds).await;
        }
        // Of changes of one name the last wins: a counter is no lock, but it is never torn.
        let mut browser = victim.browser();
        browser.get("/remember/word/").await;
        let counts = (0..50).map(|_| {
            let mut browser = browser.clone();
            async move { browser.get("/count-up/").await.text() }
        });
        let answers = futures_util::future::join_all(counts).await;
        assert!(
            answers.iter().all(|answer| answer == "counted"),
            "{engine}: {answers:?}"
        );
        let names = browser.get("/names/").await.text();
        let names: serde_json::Value = serde_json::from_str(&names).unwrap();
        let count = names["count"].as_u64().unwrap();
        assert!((1..=50).contains(&count), "{engine}: {names}");
        assert_eq!(names["word"], "word", "{engine}: {names}");
    }
}
