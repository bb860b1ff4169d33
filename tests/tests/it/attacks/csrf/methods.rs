//! C7: the method that a request says it has.

use http::Method;
use nuages::testing::{Client, TestResponse};

use super::{PLACES, alice, open, protected, token};
use crate::attacks::wire::raw::exchange;

/// Requests that hope to be taken for others.
async fn tricks(browser: &mut Client) -> Vec<(&'static str, TestResponse)> {
    let text = r#"{"a": "b"}"#;
    let lower: Method = "post".parse().unwrap();
    vec![
        (
            "_method",
            browser.post("/change/").form(&[("_method", "GET")]).await,
        ),
        (
            "_method DELETE",
            browser
                .post("/change/")
                .form(&[("_method", "DELETE")])
                .await,
        ),
        (
            "override",
            browser
                .post("/change/")
                .header("x-http-method-override", "GET")
                .await,
        ),
        (
            "text/plain",
            browser.post("/change/").body("text/plain", text).await,
        ),
        ("lower case", browser.request(lower, "/change/").await),
    ]
}

/// Requests of a safe method, which must change nothing whatever they carry.
async fn safe(browser: &mut Client) -> Vec<TestResponse> {
    let mut answers = Vec::new();
    for method in [Method::GET, Method::HEAD, Method::TRACE] {
        let request = browser.request(method, "/change/?_method=POST");
        let request = request
            .header("x-http-method-override", "POST")
            .header("x-method-override", "POST")
            .header("x-http-method", "POST");
        answers.push(request.form(&[("_method", "POST")]).await);
    }
    answers
}

#[tokio::test]
async fn c7_no_trick_with_the_method_gets_past_the_token() {
    for place in PLACES {
        let victim = protected(place).await;
        let mut alice = alice(&victim).await;
        for (how, answer) in tricks(&mut alice).await {
            assert_eq!(answer.status(), 403, "{how}");
        }
        for answer in safe(&mut alice).await {
            assert_eq!(answer.status(), 405);
        }
        let brew: Method = "BREW".parse().unwrap();
        let answer = alice.request(brew.clone(), "/change/").await;
        assert_eq!(answer.status(), 403);
        let token = token(&mut alice).await;
        let request = alice.request(brew, "/change/");
        assert_eq!(request.header("x-csrftoken", &token).await.status(), 405);
        assert_eq!(victim.bumps(), 0);
    }
}

#[tokio::test]
async fn c7_pair_without_the_layer_the_posts_among_them_are_done() {
    let victim = open().await;
    let mut browser = victim.browser();
    let answers = tricks(&mut browser).await;
    let done = answers.iter().filter(|(_, answer)| answer.status() == 200);
    assert!(done.count() >= 4);
    assert!(victim.bumps() >= 4);
}

#[tokio::test]
async fn c7_over_a_socket_a_lower_case_method_is_no_way_in() {
    let victim = protected(false).await;
    let server = victim.site.live().await;
    for line in ["post", "Post", "POST", "pOST"] {
        let request = format!(
            "{line} /change/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
        let answer = exchange(server.address(), request).await;
        assert_eq!(answer.statuses(), [403], "{line}: {}", answer.text);
    }
    assert_eq!(victim.bumps(), 0);
}
