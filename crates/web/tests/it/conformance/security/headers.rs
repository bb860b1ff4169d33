//! Whole responses through `CommonLayer` and `ConditionalGetLayer`, with others around.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::Method;
use http_body::Body as _;
use nuages_web::{ErrorKind, ErrorReport};
use serde_json::{Value, json};

use super::{NO_REQUEST, replay, request, service_of, strings, text, urls};
use crate::conformance::http::{body_of, expected_headers, found_headers, wait};
use crate::conformance::{Outcome, compare};
use crate::site::{send, site};

/// The layers that need this room.
fn is_ours(record: &Value) -> bool {
    strings(&record["settings"]["MIDDLEWARE"])
        .iter()
        .any(|name| {
            name.ends_with("CommonMiddleware") || name.ends_with("ConditionalGetMiddleware")
        })
}

fn check(record: &Value) -> Outcome {
    if !is_ours(record) {
        return Outcome::Elsewhere;
    }
    let (inputs, expected) = (&record["inputs"], &record["expected"]);
    let Some(request) = request(&inputs["request"]) else {
        return Outcome::Excepted(NO_REQUEST);
    };
    if expected["status"] == 500 && text(&expected["exception"]["type"]) == "ValueError" {
        return Outcome::Excepted("Django's own crash on an IPv6 host: we answer");
    }
    let called = Arc::new(AtomicBool::new(false));
    let Some(service) = service_of(record, site(&[], urls(record, &called))) else {
        return Outcome::Elsewhere;
    };
    let is_head = *request.method() == Method::HEAD;
    let (mut found, mut wanted) = wait(async {
        let mut response = send(&service, request).await;
        let status = response.status();
        let size = response.body().size_hint().exact();
        let headers = response.headers_mut();
        headers.remove("set-cookie");
        let mut theirs = expected["headers"].clone();
        let has_length = |pair: &Value| text(&pair[0]).eq_ignore_ascii_case("content-length");
        let is_told = theirs
            .as_array()
            .is_some_and(|list| list.iter().any(has_length));
        // The server sends the length of what it knows; pages of errors and bodies of HEAD are our own.
        let is_own =
            !called.load(Ordering::Relaxed) || is_head || !inputs["view"]["raises"].is_null();
        if !is_told || is_own {
            headers.remove("content-length");
            if let Some(list) = theirs.as_array_mut() {
                list.retain(|pair| !has_length(pair));
            }
        } else if let Some(size) = size {
            headers.entry("content-length").or_insert(size.into());
        }
        // A redirect has no page, and so no type.
        if status.is_redirection() && !called.load(Ordering::Relaxed) {
            headers.remove("content-type");
            if let Some(list) = theirs.as_array_mut() {
                list.retain(|pair| !text(&pair[0]).eq_ignore_ascii_case("content-type"));
            }
        }
        let found = json!({
            "status": status.as_u16(), "headers": found_headers(response.headers()),
        });
        let wanted = json!({
            "status": expected["status"], "headers": expected_headers(&theirs),
        });
        let mut pair = (found, wanted);
        if expected.get("body").is_some() && !is_head {
            pair.0["body"] = json!(String::from_utf8_lossy(&body_of(response).await));
            pair.1["body"] = expected["body"].clone();
        }
        pair
    });
    found["called"] = json!(called.load(Ordering::Relaxed));
    wanted["called"] = expected["view_called"].clone();
    compare(&found, &wanted)
}

#[tokio::test(flavor = "multi_thread")]
async fn responses_have_the_headers_of_django() {
    replay("security_headers.jsonl", "response_headers", check);
}

/// What the page in debug mode says when a form would lose its data.
fn check_debug(record: &Value) -> Outcome {
    let (inputs, expected) = (&record["inputs"], &record["expected"]);
    let Some(request) = request(&inputs["request"]) else {
        return Outcome::Excepted(NO_REQUEST);
    };
    let called = Arc::new(AtomicBool::new(false));
    let Some(service) = service_of(record, site(&[], urls(record, &called))) else {
        return Outcome::Elsewhere;
    };
    let response = wait(send(&service, request));
    let report = response.extensions().get::<ErrorReport>();
    let message = report.filter(|report| report.kind() == ErrorKind::Server);
    let found = json!({
        "status": response.status().as_u16(), "message": message.map(ErrorReport::message),
    });
    // The words are ours, the URL in them is the same.
    let theirs = expected["exception"]["message"].as_str().map(|message| {
        message
            .replace(
                "APPEND_SLASH=False in your Django",
                "append_slash = false in your",
            )
            .replace("APPEND_SLASH", "append_slash")
            .replace("Django", "Nuages")
    });
    compare(
        &found,
        &json!({"status": expected["status"], "message": theirs}),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn in_debug_mode_lost_data_is_an_error_as_in_django() {
    replay("security_headers.jsonl", "append_slash_debug", check_debug);
}
