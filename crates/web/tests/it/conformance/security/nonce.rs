//! The nonce of the policy on pages.

use axum::response::{IntoResponse, Response};
use nuages_security::csp::Nonce;
use nuages_template::{Engine, MemoryLoader, context};
use nuages_web::{Page, RequestInfo, SiteContext, Urls, get};
use serde_json::{Value, json};

use super::{replay, service_of, text};
use crate::conformance::http::{body_of, expected_headers, found_headers, wait};
use crate::conformance::{Outcome, compare};
use crate::site::get as fetch;

/// The page, and beside it the nonce, when the page has used it.
async fn show(page: Page, req: RequestInfo) -> Response {
    let mut response = page.render("page.html", context! {}).await.into_response();
    let nonce = req.extension::<Nonce>().filter(|nonce| nonce.is_used());
    if let Some(nonce) = nonce {
        let value = nonce.get().parse().unwrap();
        response.headers_mut().insert("x-nonce", value);
    }
    response
}

fn check(record: &Value) -> Outcome {
    let template = text(&record["inputs"]["template"]).to_owned();
    let engine = Engine::builder()
        .loader(MemoryLoader::new([("page.html".to_owned(), template)]))
        .build();
    let urls = Urls::new().path("", get(show), None).freeze().unwrap();
    let Some(service) = service_of(record, SiteContext::new(engine, urls)) else {
        return Outcome::Differs("the policy is refused".to_owned());
    };
    let expected = &record["expected"];
    let found = wait(async {
        let mut response = fetch(&service, "/").await;
        let nonce = response.headers_mut().remove("x-nonce");
        response.headers_mut().remove("content-length");
        let headers = found_headers(response.headers()).to_string();
        let status = response.status().as_u16();
        let body = String::from_utf8(body_of(response).await).unwrap();
        let masked = |text: String| match &nonce {
            Some(nonce) => text.replace(nonce.to_str().unwrap(), "{{nonce}}"),
            None => text,
        };
        let headers: Value = serde_json::from_str(&masked(headers)).unwrap();
        json!({"status": status, "headers": headers, "body": masked(body)})
    });
    let wanted = json!({
        "status": expected["status"], "headers": expected_headers(&expected["headers"]),
        "body": expected["body"],
    });
    let has_policy = record["settings"]["MIDDLEWARE"] != json!([]);
    let theirs = text(&wanted["body"]);
    if !has_policy && theirs.contains("None") && theirs.replace("None", "") == found["body"] {
        return Outcome::Excepted(
            "without the layer of the policy there is no csp_nonce: nothing, not None",
        );
    }
    if has_policy && text(&record["inputs"]["template"]).contains("|length") && found["body"] == "0"
    {
        return Outcome::Excepted(
            "only printing csp_nonce makes a nonce; its length before that is 0",
        );
    }
    compare(&found, &wanted)
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_see_the_nonce_as_in_django() {
    replay("security_headers.jsonl", "csp_template", check);
}
