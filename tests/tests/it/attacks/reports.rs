//! The endpoint of CSP reports: anybody may send anything there.

use nuages::prelude::*;
use nuages::testing::{Client, TestSite};
use nuages::web::csp_report_view;

async fn client() -> Client {
    let urls = Urls::new().path("csp-report/", csp_report_view(), "csp-report");
    let site = TestSite::new(Site::new().urls(urls)).await;
    site.client().enforce_csrf_checks()
}

const OLD: &str = "application/csp-report";
const NEW: &str = "application/reports+json";

#[tokio::test]
async fn reports_of_both_kinds_are_taken_without_a_token() {
    let mut client = client().await;
    for (content_type, body) in [
        (
            OLD,
            r#"{"csp-report": {"document-uri": "https://a.example/", "blocked-uri": "inline"}}"#,
        ),
        (
            NEW,
            r#"[{"type": "csp-violation", "body": {"documentURL": "https://a.example/"}}]"#,
        ),
    ] {
        let answer = client
            .post("/csp-report/")
            .header("sec-fetch-site", "same-origin")
            .body(content_type, body)
            .await;
        assert_eq!(answer.status(), 204, "{content_type}");
    }
}

#[tokio::test]
async fn what_is_no_report_or_too_long_is_refused() {
    let mut client = client().await;
    let long = format!("{{\"csp-report\": {{\"x\": \"{}\"}}}}", "a".repeat(70_000));
    let deep = format!(
        "{{\"csp-report\": {}{}}}",
        "[".repeat(20_000),
        "]".repeat(20_000)
    );
    for (content_type, body, status) in [
        (OLD, long.as_str(), 413),
        (OLD, deep.as_str(), 400),
        (OLD, "not json", 400),
        (NEW, "{}", 400),
        ("text/html", "{}", 415),
    ] {
        let answer = client
            .post("/csp-report/")
            .body(content_type, body.to_owned())
            .await;
        assert_eq!(answer.status(), status, "{content_type} {body:.20}");
    }
    assert_eq!(client.get("/csp-report/").await.status(), 405);
}
