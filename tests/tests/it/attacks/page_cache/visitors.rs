//! C6, S15, K5: a cached page and what a visitor has of their own.

use super::kinds;
use super::target::Target;
use crate::attacks::victim::PASSWORD;

fn token(page: &str) -> String {
    let value = page.split("value=\"").nth(1).unwrap();
    value.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn c6_cve_2014_0473_cve_2026_48588_a_cached_page_replays_no_token() {
    for (kind, caches) in kinds("c6") {
        for in_session in [false, true] {
            let caches = caches.clone();
            let target = Target::new(|settings| {
                settings.set("caches", caches).unwrap();
                settings.set("csrf_use_sessions", in_session).unwrap();
            })
            .await;
            for cookie in ["", "theme=dark"] {
                let mut browsers = [target.site.client(), target.site.client()];
                let mut secrets = Vec::new();
                for browser in &mut browsers {
                    if !cookie.is_empty() {
                        browser.cookies.set("theme", "dark");
                    }
                    let answer = browser.get("/form/").await;
                    assert!(
                        answer.header("vary").contains("Cookie"),
                        "{kind} {in_session}"
                    );
                    let name = if in_session { "sessionid" } else { "csrftoken" };
                    let own = browser.cookies.get(name).unwrap_or_default().to_owned();
                    assert!(!own.is_empty(), "{kind} {in_session}: {cookie}");
                    secrets.push((own, token(&answer.text())));
                }
                assert_ne!(secrets[0].0, secrets[1].0, "{kind}");
                assert_ne!(secrets[0].1, secrets[1].1, "{kind}");
                // The same visitor once more: still nothing that was kept.
                let again = token(&browsers[0].get("/form/").await.text());
                assert_ne!(again, secrets[0].1, "{kind} {in_session}");
            }
        }
    }
}

#[tokio::test]
async fn k5_a_cached_page_replays_no_nonce() {
    for (kind, caches) in kinds("k5") {
        let target = Target::new(|settings| settings.set("caches", caches).unwrap()).await;
        let mut nonces = Vec::new();
        for _ in 0..2 {
            let answer = target.site.client().get("/script/").await;
            let page = answer.text();
            let nonce = page.split('"').nth(1).unwrap().to_owned();
            let policy = answer.header("content-security-policy");
            assert!(policy.contains(&nonce), "{kind} {policy}");
            nonces.push(nonce);
        }
        assert_ne!(nonces[0], nonces[1], "{kind}");
        // A page without one is kept, and its policy is still sent.
        for _ in 0..2 {
            let answer = target.site.client().get("/p/").await;
            assert!(answer.text().starts_with("run 0 "), "{kind}");
            assert!(
                answer.headers().contains_key("content-security-policy"),
                "{kind}"
            );
        }
    }
}

#[tokio::test]
async fn s15_cve_2026_35192_a_renewed_session_cookie_is_no_part_of_a_cached_page() {
    for (kind, caches) in kinds("s15") {
        let target = Target::new(|settings| {
            settings.set("caches", caches).unwrap();
            settings.set("session_save_every_request", true).unwrap();
        })
        .await;
        target.site.create_user("alice", PASSWORD).await;
        let mut alice = target.site.client();
        let fields = [("username", "alice"), ("password", PASSWORD)];
        let answer = alice.post("/accounts/login/").form(&fields).await;
        assert_eq!(answer.status(), 302);
        let first = alice.get("/p/").await;
        assert!(first.header("vary").contains("Cookie"), "{kind}");
        assert!(
            first.header("set-cookie").starts_with("sessionid="),
            "{kind}"
        );
        let mut anonymous = target.site.client();
        let second = anonymous.get("/p/").await;
        assert!(!second.headers().contains_key("set-cookie"), "{kind}");
        assert_ne!(first.text(), second.text(), "{kind}: nothing was kept");
        // A hit renews the cookie of who has one, and only theirs.
        let third = alice.get("/p/").await;
        assert_eq!(third.text(), second.text(), "{kind}");
        assert!(
            third.header("set-cookie").starts_with("sessionid="),
            "{kind}"
        );
        let fourth = target.site.client().get("/p/").await;
        assert!(!fourth.headers().contains_key("set-cookie"), "{kind}");
    }
}

#[tokio::test]
async fn k2_a_page_made_with_the_user_or_the_session_is_for_this_visitor() {
    for (kind, caches) in kinds("k2user") {
        let target = Target::new(|settings| settings.set("caches", caches).unwrap()).await;
        target.site.create_user("alice", PASSWORD).await;
        target.site.create_user("bella", PASSWORD).await;
        let mut browsers = Vec::new();
        for name in ["alice", "bella"] {
            let mut browser = target.site.client();
            let fields = [("username", name), ("password", PASSWORD)];
            browser.post("/accounts/login/").form(&fields).await;
            browser.get(&format!("/remember/{name}/")).await;
            browsers.push((name, browser));
        }
        for _ in 0..2 {
            for (name, browser) in &mut browsers {
                assert_eq!(browser.get("/user/").await.text(), *name, "{kind}");
                assert_eq!(browser.get("/session/").await.text(), *name, "{kind}");
                assert_eq!(browser.get("/members/").await.text(), "for members");
            }
            let mut nobody = target.site.client();
            assert_eq!(nobody.get("/user/").await.text(), "nobody", "{kind}");
            assert_eq!(nobody.get("/session/").await.text(), "", "{kind}");
            assert_eq!(nobody.get("/members/").await.status(), 302, "{kind}");
        }
    }
}

#[tokio::test]
async fn a_page_from_the_cache_is_a_304_for_who_has_it_already() {
    let target = Target::new(|settings| settings.set("conditional_get", true).unwrap()).await;
    let first = target.site.client().get("/p/").await;
    let tag = first.header("etag").to_owned();
    let mut browser = target.site.client();
    let second = browser.get("/p/").header("if-none-match", &tag).await;
    assert_eq!(
        (second.status().as_u16(), second.text().as_str()),
        (304, "")
    );
    assert_eq!(target.runs(), 1);
    // The 304 filled no cache: who has nothing gets the whole page.
    assert_eq!(target.site.client().get("/p/").await.text(), first.text());
    assert_eq!(target.runs(), 1);
}

#[tokio::test]
async fn c6_k2_a_site_that_keeps_all_its_pages_keeps_none_of_a_visitor_s_own() {
    for (everywhere, plain_runs) in [(true, 1), (false, 2)] {
        let target = Target::new(|settings| {
            settings.set("cache_middleware", everywhere).unwrap();
            settings.set("cache_middleware_seconds", 60).unwrap();
        })
        .await;
        target.site.create_user("alice", PASSWORD).await;
        let mut alice = target.site.client();
        let fields = [("username", "alice"), ("password", PASSWORD)];
        alice.post("/accounts/login/").form(&fields).await;
        for _ in 0..2 {
            assert_eq!(alice.get("/user/").await.text(), "alice");
            assert_eq!(target.site.client().get("/user/").await.text(), "nobody");
        }
        let mut tokens = Vec::new();
        for _ in 0..2 {
            let page = target.site.client().get("/accounts/login/").await.text();
            tokens.push(token(&page));
        }
        assert_ne!(tokens[0], tokens[1]);
        for _ in 0..2 {
            target.site.client().get("/plain/").await;
        }
        assert_eq!(target.runs(), plain_runs, "{everywhere}");
        for _ in 0..2 {
            target.site.client().get("/never/").await;
        }
        assert_eq!(target.runs(), plain_runs + 2, "{everywhere}");
    }
}
