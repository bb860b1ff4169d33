//! S: sessions.

use nuages::testing::Client;

use super::victim::{PASSWORD, Victim, log_in};

fn sid(browser: &Client) -> String {
    browser
        .cookies
        .get("sessionid")
        .unwrap_or_default()
        .to_owned()
}

/// A browser with this session key and nothing else.
fn thief(victim: &Victim, sid: &str) -> Client {
    let mut browser = victim.browser();
    browser.cookies.set("sessionid", sid);
    browser
}

#[tokio::test]
async fn s1_a_session_key_from_before_the_login_is_worth_nothing_after_it() {
    let victim = Victim::protected().await;
    victim.site.create_user("alice", PASSWORD).await;
    let mut attacker = victim.browser();
    attacker.get("/remember/planted/").await;
    let planted = sid(&attacker);
    assert_eq!(planted.len(), 32);

    let mut alice = thief(&victim, &planted);
    log_in(&mut alice, "alice", PASSWORD).await;
    assert_ne!(sid(&alice), planted);
    assert_eq!(alice.get("/whoami/").await.text(), "alice");
    assert_eq!(attacker.get("/whoami/").await.text(), "nobody");
}

#[tokio::test]
async fn s1_pair_a_login_that_keeps_the_key_lets_the_attacker_in() {
    let victim = Victim::protected().await;
    let user = victim.site.create_user("alice", PASSWORD).await;
    let mut attacker = victim.site.client();
    attacker.get("/remember/planted/").await;
    let mut alice = victim.site.client();
    alice.cookies.set("sessionid", sid(&attacker));
    let pk = user.id.get().unwrap();
    assert_eq!(
        alice
            .post(&format!("/login-without-cycling/{pk}/"))
            .await
            .text(),
        "in"
    );
    assert_eq!(attacker.get("/whoami/").await.text(), "alice");
}

#[tokio::test]
async fn s3_a_key_that_the_store_does_not_know_is_not_adopted() {
    let victim = Victim::protected().await;
    for made_up in [
        "a".repeat(32),
        "../x".to_owned(),
        "a".to_owned(),
        "x".repeat(4096),
    ] {
        let mut browser = thief(&victim, &made_up);
        browser.get("/remember/word/").await;
        assert_ne!(sid(&browser), made_up);
        assert_eq!(sid(&browser).len(), 32);
    }
}

#[tokio::test]
async fn s4_pages_that_leave_the_session_alone_make_no_row_and_no_cookie() {
    let victim = Victim::protected().await;
    let mut browser = victim.browser();
    for path in ["/form/", "/accounts/login/", "/nothing/", "/whoami/"] {
        let answer = browser.get(path).await;
        assert!(
            !answer
                .headers()
                .get_all("set-cookie")
                .iter()
                .any(|line| line.as_bytes().starts_with(b"sessionid"))
        );
    }
}

#[tokio::test]
async fn s5_the_cookie_of_a_session_that_was_logged_out_is_worth_nothing() {
    let victim = Victim::protected().await;
    victim.site.create_user("alice", PASSWORD).await;
    let mut alice = victim.logged_in("alice").await;
    let stolen = sid(&alice);
    assert_eq!(
        thief(&victim, &stolen).get("/whoami/").await.text(),
        "alice"
    );
    let token = super::victim::token(&mut alice).await;
    let answer = alice
        .post("/accounts/logout/")
        .form(&[("csrfmiddlewaretoken", &token)])
        .await;
    assert!(answer.status().is_success() || answer.status().is_redirection());
    assert_eq!(
        thief(&victim, &stolen).get("/whoami/").await.text(),
        "nobody"
    );
}

#[tokio::test]
async fn s5_pair_a_logout_that_only_deletes_the_cookie_leaves_the_session_open() {
    let victim = Victim::protected().await;
    victim.site.create_user("alice", PASSWORD).await;
    let mut alice = victim.logged_in("alice").await;
    let stolen = sid(&alice);
    let token = super::victim::token(&mut alice).await;
    alice
        .post("/forget-cookie-only/")
        .header("x-csrftoken", &token)
        .await;
    assert_eq!(
        thief(&victim, &stolen).get("/whoami/").await.text(),
        "alice"
    );
}

#[tokio::test]
async fn a15_a_get_does_not_log_out() {
    let victim = Victim::protected().await;
    victim.site.create_user("alice", PASSWORD).await;
    let mut alice = victim.logged_in("alice").await;
    let answer = alice.get("/accounts/logout/").await;
    assert_eq!(answer.status(), 405);
    assert!(answer.header("allow").contains("POST"));
    assert_eq!(alice.get("/whoami/").await.text(), "alice");
    // The pair: a view that logs out on GET, as an image on any page could ask for.
    alice.get("/logout-by-get/").await;
    assert_eq!(alice.get("/whoami/").await.text(), "nobody");
}

#[tokio::test]
async fn a10_a_new_password_ends_the_other_sessions_and_keeps_this_one() {
    let victim = Victim::protected().await;
    victim.site.create_user("alice", PASSWORD).await;
    let mut here = victim.logged_in("alice").await;
    let mut there = victim.logged_in("alice").await;
    let token = super::victim::token(&mut here).await;
    let new = "another long password";
    let fields = [
        ("old_password", PASSWORD),
        ("new_password1", new),
        ("new_password2", new),
        ("csrfmiddlewaretoken", &token),
    ];
    let answer = here.post("/accounts/password_change/").form(&fields).await;
    assert_eq!(answer.status(), 302, "{}", answer.text());
    assert_eq!(here.get("/whoami/").await.text(), "alice");
    assert_eq!(there.get("/whoami/").await.text(), "nobody");
}
