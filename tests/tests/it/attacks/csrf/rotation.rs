//! C4: a secret ends with the login, and looks different on every page.

use std::collections::HashSet;

use nuages::security::csrf::CsrfSecret;

use super::{PASSWORD, PLACES, log_in, open, protected, token};

fn secret(token: &str) -> String {
    CsrfSecret::parse(token).unwrap().as_str().to_owned()
}

#[tokio::test]
async fn c4_a_token_from_before_the_login_is_refused_after_it() {
    for place in PLACES {
        let victim = protected(place).await;
        victim.site.create_user("alice", PASSWORD).await;
        let mut alice = victim.browser();
        let before = token(&mut alice).await;
        let fields = [("csrfmiddlewaretoken", &before)];
        assert_eq!(alice.post("/change/").form(&fields).await.status(), 200);
        log_in(&mut alice, "alice", PASSWORD).await;
        assert_eq!(alice.get("/whoami/").await.text(), "alice");
        assert_eq!(alice.post("/change/").form(&fields).await.status(), 403);
        let after = token(&mut alice).await;
        assert_ne!(secret(&before), secret(&after));
        let fields = [("csrfmiddlewaretoken", &after)];
        assert_eq!(alice.post("/change/").form(&fields).await.status(), 200);
        assert_eq!(victim.bumps(), 2);
    }
}

#[tokio::test]
async fn c4_pair_a_login_by_hand_that_rotates_nothing_leaves_the_token_good() {
    for place in PLACES {
        let victim = protected(place).await;
        let user = victim.site.create_user("alice", PASSWORD).await;
        let mut alice = victim.browser();
        let before = token(&mut alice).await;
        let fields = [("csrfmiddlewaretoken", &before)];
        let path = format!("/login-without-cycling/{}/", user.id.get().unwrap());
        assert_eq!(alice.post(&path).form(&fields).await.text(), "in");
        assert_eq!(alice.get("/whoami/").await.text(), "alice");
        assert_eq!(alice.post("/change/").form(&fields).await.status(), 200);
    }
}

#[tokio::test]
async fn c4_a_thousand_pages_show_a_thousand_tokens_and_all_are_good() {
    for place in PLACES {
        let victim = protected(place).await;
        let mut alice = victim.browser();
        let mut seen = HashSet::new();
        let mut secrets = HashSet::new();
        for _ in 0..1000 {
            let token = token(&mut alice).await;
            assert_eq!(token.len(), 64);
            secrets.insert(secret(&token));
            seen.insert(token);
        }
        assert_eq!((seen.len(), secrets.len()), (1000, 1));
        for token in &seen {
            let fields = [("csrfmiddlewaretoken", token)];
            assert_eq!(alice.post("/change/").form(&fields).await.status(), 200);
        }
        assert_eq!(victim.bumps(), 1000);
    }
}

/// What BREACH needs: the same secret text in every response.
#[tokio::test]
async fn c4_pair_a_page_that_shows_the_secret_itself_shows_one_text() {
    let victim = open().await;
    let mut alice = victim.browser();
    alice.cookies.set("csrftoken", "a".repeat(32));
    let mut seen = HashSet::new();
    for _ in 0..20 {
        seen.insert(alice.get("/naive-form/").await.text());
    }
    assert_eq!(seen.len(), 1);
}
