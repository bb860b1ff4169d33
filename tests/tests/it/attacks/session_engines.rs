//! S: sessions, the whole site over each engine.

use nuages::testing::Client;
use serde_json::json;

use super::victim::{PASSWORD, Victim};

/// Every engine, and whether sessions lie on the server.
const ENGINES: &[(&str, bool)] = &[
    ("db", true),
    ("cache", true),
    ("cached_db", true),
    ("file", true),
    ("signed_cookies", false),
];

async fn site(engine: &'static str, more: &[(&'static str, bool)]) -> Victim {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("session-engines");
    let more = more.to_vec();
    Victim::with(
        move |settings| {
            settings.set("session_engine", engine).unwrap();
            let caches = json!({"default": {"options": {"max_entries": 10_000}}});
            settings.set("caches", caches).unwrap();
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

fn sid(browser: &Client) -> String {
    browser
        .cookies
        .get("sessionid")
        .unwrap_or_default()
        .to_owned()
}

#[tokio::test]
async fn s1_s5_on_every_engine_a_login_changes_the_key_and_a_logout_ends_it() {
    for (engine, on_server) in ENGINES {
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
        let expected = if *on_server { "nobody" } else { "alice" };
        assert_eq!(seen, expected, "{engine}");
    }
}

#[tokio::test]
async fn cve_2015_5963_s4_on_every_engine_anonymous_visitors_get_no_session() {
    for (engine, _) in ENGINES {
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
    for (engine, _) in ENGINES {
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
