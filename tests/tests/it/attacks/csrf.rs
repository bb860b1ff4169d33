//! C: forged requests.

use nuages::Onion;
use nuages::testing::{Client, TestResponse};
use serde_json::json;

use super::victim::{Victim, token};

/// The ways in which a page elsewhere can make a browser post without a token.
async fn forged(browser: &mut Client) -> Vec<(&'static str, TestResponse)> {
    vec![
        ("form", browser.post("/bump/").form(&[("a", "b")]).await),
        (
            "json",
            browser.post("/bump/").json(&json!({"a": "b"})).await,
        ),
        ("no body", browser.post("/bump/").await),
        (
            "text/plain",
            browser.post("/bump/").body("text/plain", "{}").await,
        ),
    ]
}

#[tokio::test]
async fn c1_a_post_without_a_token_is_refused_before_the_view_runs() {
    let victim = Victim::protected().await;
    victim
        .site
        .create_user("alice", super::victim::PASSWORD)
        .await;
    let mut alice = victim.logged_in("alice").await;
    for (how, answer) in forged(&mut alice).await {
        assert_eq!(answer.status(), 403, "{how}");
    }
    assert_eq!(victim.bumps(), 0);
}

#[tokio::test]
async fn c1_pair_without_the_layer_every_forged_post_succeeds() {
    let victim = Victim::without(&[Onion::Csrf]).await;
    let mut browser = victim.browser();
    for (how, answer) in forged(&mut browser).await {
        assert_eq!(answer.status(), 200, "{how}");
    }
    assert_eq!(victim.bumps(), 4);
}

#[tokio::test]
async fn c1_the_right_token_passes_in_a_form_field_and_in_the_header() {
    let victim = Victim::protected().await;
    let mut browser = victim.browser();
    let token = token(&mut browser).await;
    let answer = browser
        .post("/bump/")
        .form(&[("csrfmiddlewaretoken", &token)])
        .await;
    assert_eq!(answer.status(), 200, "{}", answer.text());
    let answer = browser
        .post("/bump/")
        .header("x-csrftoken", &token)
        .json(&json!({}))
        .await;
    assert_eq!(answer.status(), 200, "{}", answer.text());
    assert_eq!(victim.bumps(), 2);
}

#[tokio::test]
async fn c1_the_token_of_another_user_is_refused() {
    for (victim, status) in [
        (Victim::protected().await, 403),
        (Victim::without(&[Onion::Csrf]).await, 200),
    ] {
        let protected = status == 403;
        // Without the layer there is no token to take: any text stands for the attacker's.
        let stolen = if protected {
            token(&mut victim.browser()).await
        } else {
            "a".repeat(64)
        };
        let mut alice = victim.browser();
        if protected {
            token(&mut alice).await;
        }
        let answer = alice
            .post("/bump/")
            .form(&[("csrfmiddlewaretoken", &stolen)])
            .await;
        assert_eq!(answer.status(), status);
        assert_eq!(victim.bumps(), usize::from(!protected));
    }
}

#[tokio::test]
async fn c2_a_post_from_another_origin_is_refused_even_with_the_right_token() {
    let origins = [
        "https://evil.example",
        "null",
        "http://testserver.evil.example",
        "http://testserver:81",
    ];
    let victim = Victim::protected().await;
    let mut alice = victim.browser();
    let right = token(&mut alice).await;
    for origin in origins {
        let answer = alice
            .post("/bump/")
            .header("origin", origin)
            .form(&[("csrfmiddlewaretoken", &right)])
            .await;
        assert_eq!(answer.status(), 403, "{origin}");
    }
    assert_eq!(victim.bumps(), 0);
    // The pair: the site's own origin passes, and a trusted one does.
    let answer = alice
        .post("/bump/")
        .header("origin", "http://testserver")
        .form(&[("csrfmiddlewaretoken", &right)])
        .await;
    assert_eq!(answer.status(), 200);
    let trusting = Victim::with(
        |settings| {
            settings
                .set("csrf_trusted_origins", vec!["https://evil.example"])
                .unwrap();
        },
        &[],
    )
    .await;
    let mut alice = trusting.browser();
    let right = token(&mut alice).await;
    let answer = alice
        .post("/bump/")
        .header("origin", "https://evil.example")
        .form(&[("csrfmiddlewaretoken", &right)])
        .await;
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn c2_a_browser_that_says_cross_site_is_refused() {
    let victim = Victim::protected().await;
    let mut alice = victim.browser();
    let right = token(&mut alice).await;
    for (site, status) in [("cross-site", 403), ("same-origin", 200)] {
        let answer = alice
            .post("/bump/")
            .header("sec-fetch-site", site)
            .form(&[("csrfmiddlewaretoken", &right)])
            .await;
        assert_eq!(answer.status(), status, "{site}");
    }
}

#[tokio::test]
async fn c4_the_secret_is_rotated_at_login_and_each_page_masks_it_anew() {
    let victim = Victim::protected().await;
    victim
        .site
        .create_user("alice", super::victim::PASSWORD)
        .await;
    let mut alice = victim.browser();
    let before = token(&mut alice).await;
    assert_ne!(before, token(&mut alice).await);
    super::victim::log_in(&mut alice, "alice", super::victim::PASSWORD).await;
    let answer = alice
        .post("/bump/")
        .form(&[("csrfmiddlewaretoken", &before)])
        .await;
    assert_eq!(answer.status(), 403);
}

#[tokio::test]
async fn c5_a_login_without_a_token_makes_no_session() {
    let victim = Victim::protected().await;
    victim
        .site
        .create_user("eve", super::victim::PASSWORD)
        .await;
    let mut alice = victim.browser();
    let fields = [("username", "eve"), ("password", super::victim::PASSWORD)];
    let answer = alice.post("/accounts/login/").form(&fields).await;
    assert_eq!(answer.status(), 403);
    assert!(alice.cookies.get("sessionid").is_none());
    // The pair: without the layer the victim is logged in as the attacker.
    let open = Victim::without(&[Onion::Csrf]).await;
    open.site.create_user("eve", super::victim::PASSWORD).await;
    let mut alice = open.browser();
    assert_eq!(
        alice.post("/accounts/login/").form(&fields).await.status(),
        302
    );
    assert_eq!(alice.get("/whoami/").await.text(), "eve");
}
