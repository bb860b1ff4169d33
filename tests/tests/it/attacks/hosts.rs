//! H: forged hosts.

use super::victim::Victim;

const FORGED: [&str; 7] = [
    "evil.example",
    "testserver.evil.example",
    "testserver@evil.example",
    "testserver:80/x",
    "",
    "te st",
    "[::1",
];

#[tokio::test]
async fn h1_a_forged_host_is_refused() {
    let victim = Victim::protected().await;
    for host in FORGED {
        let answer = victim.browser().get("/form/").header("host", host).await;
        assert_eq!(answer.status(), 400, "{host:?}");
    }
    for host in ["testserver", "TESTSERVER", "testserver:8000", "testserver."] {
        let answer = victim.browser().get("/form/").header("host", host).await;
        assert_eq!(answer.status(), 200, "{host:?}");
    }
}

#[tokio::test]
async fn h1_pair_a_site_that_allows_every_host_answers_for_it() {
    let open = Victim::with(
        |settings| settings.set("allowed_hosts", vec!["*"]).unwrap(),
        &[],
    )
    .await;
    let answer = open
        .browser()
        .get("/form/")
        .header("host", "evil.example")
        .await;
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn h2_a_forwarded_host_counts_only_where_the_site_says_so() {
    let forged = |victim: Victim| async move {
        victim
            .browser()
            .get("/form/")
            .header("x-forwarded-host", "evil.example")
            .await
            .status()
    };
    assert_eq!(
        forged(Victim::protected().await).await,
        200,
        "the header is not looked at"
    );
    let behind_a_proxy = Victim::with(
        |settings| settings.set("use_x_forwarded_host", true).unwrap(),
        &[],
    )
    .await;
    assert_eq!(
        forged(behind_a_proxy).await,
        400,
        "the header is the host, and it is forged"
    );
}

#[tokio::test]
async fn h9_every_answer_carries_the_security_headers() {
    let victim = Victim::protected().await;
    let mut browser = victim.browser();
    let mut answers = vec![browser.get("/form/").await, browser.get("/nothing/").await];
    answers.push(browser.post("/bump/").await);
    answers.push(browser.get("/bump/").await);
    for answer in answers {
        let status = answer.status();
        assert_eq!(
            answer.header("x-content-type-options"),
            "nosniff",
            "{status}"
        );
        assert_eq!(answer.header("x-frame-options"), "DENY", "{status}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{status}");
        assert_eq!(
            answer.header("cross-origin-opener-policy"),
            "same-origin",
            "{status}"
        );
        assert!(
            answer
                .header("content-security-policy")
                .contains("default-src 'self'"),
            "{status}"
        );
    }
}
