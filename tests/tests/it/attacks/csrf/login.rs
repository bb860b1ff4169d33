//! C5, C9: forged logins, and posts that wait for a login.

use nuages::Onion;
use nuages::testing::{Client, TestResponse};

use super::{PASSWORD, PLACES, alice, log_in, open, protected, set_cookies, site, token};

/// The attacker logs the visitor in as themselves, to see what the visitor then does there.
async fn log_in_as_eve(visitor: &mut Client, token: &str) -> Vec<TestResponse> {
    let fields = [
        ("username", "eve"),
        ("password", PASSWORD),
        ("csrfmiddlewaretoken", token),
    ];
    let plain = visitor.post("/accounts/login/").form(&fields[..2]).await;
    let with_token = visitor.post("/accounts/login/").form(&fields).await;
    let request = visitor
        .post("/accounts/login/")
        .header("origin", "https://evil.example");
    let from_elsewhere = request.form(&fields).await;
    vec![plain, with_token, from_elsewhere]
}

#[tokio::test]
async fn c5_a_login_from_elsewhere_makes_no_session() {
    for place in PLACES {
        let victim = protected(place).await;
        victim.site.create_user("eve", PASSWORD).await;
        let token = token(&mut victim.browser()).await;
        let mut visitor = victim.browser();
        for answer in log_in_as_eve(&mut visitor, &token).await {
            assert_eq!(answer.status(), 403);
            assert!(set_cookies(&answer, "sessionid").is_empty());
        }
        assert!(visitor.cookies.get("sessionid").is_none());
        assert_eq!(visitor.get("/whoami/").await.text(), "nobody");
    }
}

#[tokio::test]
async fn c5_pair_without_the_layer_the_visitor_is_logged_in_as_the_attacker() {
    let victim = open().await;
    victim.site.create_user("eve", PASSWORD).await;
    let mut visitor = victim.browser();
    // The login page of the house asks for its protection itself; one that does not is open.
    assert_eq!(log_in_as_eve(&mut visitor, "").await[0].status(), 403);
    assert_eq!(visitor.get("/whoami/").await.text(), "nobody");
    let fields = [("username", "eve"), ("password", PASSWORD)];
    let answer = visitor.post("/careless-login/").form(&fields).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(visitor.get("/whoami/").await.text(), "eve");
}

#[tokio::test]
async fn c9_cve_2008_3909_a_post_that_met_the_login_page_is_never_done_later() {
    for place in PLACES {
        let victim = protected(place).await;
        let mut alice = alice(&victim).await;
        // The session has expired; the page with the form is still open.
        alice.cookies.clear();
        let token = token(&mut alice).await;
        let fields = [("order", "everything"), ("csrfmiddlewaretoken", &token)];
        let answer = alice.post("/order/").form(&fields).await;
        assert_eq!(answer.status(), 302);
        assert_eq!(answer.location(), "/accounts/login/?next=/order/");
        assert!(!answer.text().contains("everything"));
        let page = alice
            .get(answer.location().to_owned().as_str())
            .await
            .text();
        assert!(!page.contains("everything"), "{page}");
        let token = super::token(&mut alice).await;
        let fields = [
            ("username", "alice"),
            ("password", PASSWORD),
            ("csrfmiddlewaretoken", &token),
        ];
        let answer = alice
            .post("/accounts/login/?next=/order/")
            .form(&fields)
            .await;
        // 302, not 307: the browser goes on with GET.
        assert_eq!(
            (answer.status().as_u16(), answer.location()),
            (302, "/order/")
        );
        assert_eq!(alice.get("/order/").await.status(), 405);
        assert_eq!(victim.bumps(), 0);
    }
}

#[tokio::test]
async fn c9_pair_without_the_demand_for_a_login_the_post_is_done_at_once() {
    let victim = site(false, &[Onion::CurrentUser]).await;
    let mut nobody = victim.browser();
    let token = token(&mut nobody).await;
    let fields = [("csrfmiddlewaretoken", &token)];
    assert_eq!(nobody.post("/order/").form(&fields).await.status(), 200);
    assert_eq!(victim.bumps(), 1);
}

#[tokio::test]
async fn c9_who_is_logged_in_may_order() {
    let victim = protected(false).await;
    victim.site.create_user("alice", PASSWORD).await;
    let mut alice = victim.browser();
    log_in(&mut alice, "alice", PASSWORD).await;
    let token = token(&mut alice).await;
    let fields = [("csrfmiddlewaretoken", &token)];
    assert_eq!(alice.post("/order/").form(&fields).await.status(), 200);
}
