//! C1: no token, or a wrong one.

use http::Method;
use nuages::testing::{Client, TestResponse};
use serde_json::json;

use crate::attacks::http::log::Log;

use super::{PLACES, alice, open, protected, token};

/// Every way in which a page elsewhere can make a browser ask, without a token or with a guess.
async fn forge(browser: &mut Client, stolen: &str) -> Vec<(String, TestResponse)> {
    let mut tokens: Vec<String> = [31, 33, 63, 65].map(|length| "a".repeat(length)).into();
    tokens.extend([
        format!("{}-", "a".repeat(63)),
        format!("{}é", "a".repeat(31)),
        " ".repeat(32),
        stolen.to_owned(),
    ]);
    let mut told = Vec::new();
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        let ask = |how: &str| (format!("{method} {how}"), method.clone());
        let (how, verb) = ask("with nothing");
        told.push((how, browser.request(verb, "/change/").await));
        let (how, verb) = ask("form");
        let answer = browser.request(verb, "/change/").form(&[("a", "b")]);
        told.push((how, answer.await));
        let (how, verb) = ask("json");
        let answer = browser.request(verb, "/change/").json(&json!({"a": "b"}));
        told.push((how, answer.await));
        let (how, verb) = ask("X-Requested-With");
        let answer = browser.request(verb, "/change/");
        let answer = answer.header("x-requested-with", "XMLHttpRequest");
        told.push((how, answer.await));
        for token in &tokens {
            let (how, verb) = ask(&format!("header {token:?}"));
            let answer = browser.request(verb, "/change/");
            told.push((how, answer.header("x-csrftoken", token).await));
            let (how, verb) = ask(&format!("field {token:?}"));
            let fields = [("csrfmiddlewaretoken", token)];
            told.push((how, browser.request(verb, "/change/").form(&fields).await));
            let (how, verb) = ask(&format!("multipart {token:?}"));
            let body = format!(
                "--x\r\nContent-Disposition: form-data; name=\"csrfmiddlewaretoken\"\r\n\r\n{token}\r\n--x--\r\n"
            );
            let answer = browser.request(verb, "/change/");
            let answer = answer.body("multipart/form-data; boundary=x", body);
            told.push((how, answer.await));
        }
    }
    told
}

#[tokio::test]
async fn c1_without_the_right_token_nothing_changes() {
    for place in PLACES {
        let victim = protected(place).await;
        let stolen = token(&mut victim.browser()).await;
        let mut alice = alice(&victim).await;
        for (how, answer) in forge(&mut alice, &stolen).await {
            assert_eq!(answer.status(), 403, "{how}");
        }
        assert_eq!(victim.bumps(), 0);
    }
}

#[tokio::test]
async fn c1_the_log_says_why_and_the_visitor_does_not_learn_it() {
    for place in PLACES {
        let victim = protected(place).await;
        let mut alice = alice(&victim).await;
        let (log, _guard) = Log::listen();
        let wrong = "a".repeat(64);
        let unknown = alice.post("/change/").await;
        let incorrect = alice.post("/change/").header("x-csrftoken", &wrong).await;
        let request = alice
            .post("/change/")
            .header("origin", "https://evil.example");
        let foreign = request.await;
        let events = log.events();
        for (answer, reason) in [
            (unknown, "Forbidden (CSRF token missing.): /change/"),
            (
                incorrect,
                "Forbidden (CSRF token from the 'X-Csrftoken' HTTP header incorrect.): /change/",
            ),
            (
                foreign,
                "Forbidden (Origin checking failed - https://evil.example does not match any trusted origins.)",
            ),
        ] {
            let is_told = |event: &&String| {
                event.starts_with("WARN nuages.security.csrf") && event.contains(reason)
            };
            assert_eq!(
                events.iter().filter(is_told).count(),
                1,
                "{reason} {events:?}"
            );
            let page = answer.text();
            assert!(
                !page.contains("missing") && !page.contains("incorrect") && !page.contains("evil")
            );
        }
    }
}

#[tokio::test]
async fn c1_pair_without_the_layer_every_forged_request_succeeds() {
    let victim = open().await;
    let told = forge(&mut victim.browser(), &"a".repeat(64)).await;
    for (how, answer) in &told {
        assert_eq!(answer.status(), 200, "{how}");
    }
    assert_eq!(victim.bumps(), told.len());
}

#[tokio::test]
async fn c1_the_right_token_passes_in_a_form_field_and_in_the_header() {
    for place in PLACES {
        let victim = protected(place).await;
        let mut alice = alice(&victim).await;
        let token = token(&mut alice).await;
        let fields = [("csrfmiddlewaretoken", &token)];
        let answer = alice.post("/change/").form(&fields).await;
        assert_eq!(answer.status(), 200, "{}", answer.text());
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let answer = alice.request(method, "/change/").json(&json!({}));
            let answer = answer.header("x-csrftoken", &token).await;
            assert_eq!(answer.status(), 200, "{}", answer.text());
        }
        assert_eq!(victim.bumps(), 5);
    }
}

/// Once this header made a request count as the site's own.
#[tokio::test]
async fn c1_cve_2011_0696_a_script_needs_the_token_too() {
    for place in PLACES {
        let victim = protected(place).await;
        let mut alice = alice(&victim).await;
        let token = token(&mut alice).await;
        for (header, status) in [("", 403), (token.as_str(), 200)] {
            let mut request = alice
                .post("/change/")
                .header("x-requested-with", "XMLHttpRequest");
            if !header.is_empty() {
                request = request.header("x-csrftoken", header);
            }
            assert_eq!(request.await.status(), status);
        }
        assert_eq!(victim.bumps(), 1);
    }
}
