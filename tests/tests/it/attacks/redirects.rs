//! H3: open redirects.

use super::victim::{PASSWORD, Victim, token};

const ELSEWHERE: [&str; 14] = [
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "http:///evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "\thttps://evil.example",
    "/\t/evil.example",
    "http://testserver@evil.example",
    "\u{8}//evil.example",
    "ftp://testserver/",
];

async fn login_with_next(victim: &Victim, next: &str) -> String {
    let mut browser = victim.browser();
    let token = token(&mut browser).await;
    let fields = [
        ("username", "alice"),
        ("password", PASSWORD),
        ("next", next),
        ("csrfmiddlewaretoken", &token),
    ];
    let answer = browser.post("/accounts/login/").form(&fields).await;
    assert_eq!(answer.status(), 302, "{next}");
    answer.location().to_owned()
}

#[tokio::test]
async fn h3_next_never_leads_elsewhere() {
    let victim = Victim::protected().await;
    victim.site.create_user("alice", PASSWORD).await;
    for next in ELSEWHERE {
        assert_eq!(
            login_with_next(&victim, next).await,
            "/accounts/profile/",
            "{next:?}"
        );
    }
    assert_eq!(login_with_next(&victim, "/form/?a=b").await, "/form/?a=b");
}

#[tokio::test]
async fn h3_pair_a_redirect_that_trusts_its_input_leads_elsewhere() {
    use nuages::prelude::*;
    use nuages::testing::TestSite;

    async fn careless(
        Query(query): Query<std::collections::HashMap<String, String>>,
    ) -> Result<Response> {
        nuages::web::redirect(query.get("next").map_or("/", String::as_str))
    }
    let site = Site::new().urls(Urls::new().path("go/", get(careless), "go"));
    let site = TestSite::new(site).await;
    let answer = site.client().get("/go/?next=https://evil.example/").await;
    assert_eq!(answer.location(), "https://evil.example/");
    // Even careless code cannot be made to send a script or a second header.
    for next in ["javascript:alert(1)", "/%0d%0aset-cookie:%20a=b"] {
        let answer = site.client().get(&format!("/go/?next={next}")).await;
        assert!(answer.headers().get("set-cookie").is_none());
        assert!(!answer.location().starts_with("javascript:"), "{next}");
    }
}

#[tokio::test]
async fn h6_append_slash_never_leads_elsewhere() {
    let victim = Victim::protected().await;
    for target in ["//evil.example/form", "/form"] {
        let answer = victim.browser().get(target).await;
        assert!(
            !answer.location().starts_with("//"),
            "{target} → {}",
            answer.location()
        );
    }
    assert_eq!(victim.browser().get("/form").await.location(), "/form/");
}
