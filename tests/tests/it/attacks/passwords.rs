//! A: passwords.

use nuages::orm::Model as _;

use super::victim::{PASSWORD, Victim, log_in};

#[tokio::test]
async fn a5_a_password_of_a_megabyte_is_refused_like_any_other_wrong_one() {
    let victim = Victim::protected().await;
    victim.site.create_user("alice", PASSWORD).await;
    let mut browser = victim.browser();
    let answer = log_in(&mut browser, "alice", &"x".repeat(1_000_000)).await;
    assert_eq!(answer.status(), 200);
    assert!(
        answer
            .text()
            .contains("Please enter a correct username and password")
    );
    // The pair: the right password logs in, so it was the password that was refused.
    assert_eq!(log_in(&mut browser, "alice", PASSWORD).await.status(), 302);
}

#[tokio::test]
async fn a2_an_unknown_an_inactive_and_a_wrong_login_look_the_same() {
    let victim = Victim::protected().await;
    victim.site.create_user("alice", PASSWORD).await;
    let mut bob = victim.site.create_user("bob", PASSWORD).await;
    bob.is_active = false;
    bob.save(victim.site.db()).await.unwrap();
    let mut pages = Vec::new();
    for (username, password) in [("alice", "wrong"), ("bob", PASSWORD), ("nobody", "wrong")] {
        let answer = log_in(&mut victim.browser(), username, password).await;
        let text = without_nonce(&answer.text()).replace(username, "USER");
        let (head, tail) = text
            .split_once("name=\"csrfmiddlewaretoken\" value=\"")
            .unwrap();
        pages.push((answer.status(), head.to_owned(), tail[64..].to_owned()));
    }
    assert_eq!(pages[0], pages[1]);
    assert_eq!(pages[0], pages[2]);
}

/// The page without what is random in it on purpose.
fn without_nonce(page: &str) -> String {
    match page
        .split_once("nonce=\"")
        .and_then(|(head, rest)| Some((head, rest.split_once('"')?.1)))
    {
        Some((head, tail)) => format!("{head}{tail}"),
        None => page.to_owned(),
    }
}
