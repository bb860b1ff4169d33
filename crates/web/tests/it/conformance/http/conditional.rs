//! Tags, dates and conditions.

use axum::body::Body;
use axum::response::Response;
use http::{Method, StatusCode};
use jiff::Timestamp;
use jiff::civil::DateTime;
use nuages_security::date::parse_http_date;
use nuages_web::conditional::{ConditionLayer, ConditionalGetLayer, parse_etags, quote_etag};
use nuages_web::{RequestInfo, any};
use serde_json::{Value, json};

use super::{body_of, expected_headers, found_headers, headers_of, now, request, site_of, wait};
use crate::conformance::{Outcome, compare, replay};
use crate::site::send;

/// The response of the record's view.
fn response_of(inputs: &Value) -> Option<Response> {
    let text = inputs["body"].as_str().unwrap_or("full body").to_owned();
    let body = if inputs["streaming"] == json!(true) {
        Body::from_stream(futures_util::stream::iter([Ok::<_, std::io::Error>(text)]))
    } else {
        Body::from(text)
    };
    let mut response = Response::new(body);
    let status = inputs["view_status"].as_u64().unwrap_or(200);
    *response.status_mut() = StatusCode::from_u16(u16::try_from(status).unwrap()).unwrap();
    let headers = response.headers_mut();
    headers.insert("content-type", "text/html; charset=utf-8".parse().unwrap());
    for (name, value) in &headers_of(&inputs["view_headers"])? {
        headers.insert(name, value.clone());
    }
    for pair in inputs["view_cookies"].as_array().into_iter().flatten() {
        let cookie = format!("{}={}", pair[0].as_str()?, pair[1].as_str()?);
        headers.append("set-cookie", cookie.parse().unwrap());
    }
    Some(response)
}

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap_or_else(|_| {
        let naive: DateTime = text.parse().unwrap();
        naive.in_tz("UTC").unwrap().timestamp()
    })
}

fn layer_of(inputs: &Value) -> ConditionLayer {
    let mut layer = ConditionLayer::new();
    if let Some(etag) = inputs.get("etag") {
        let etag = etag.as_str().map(str::to_owned);
        layer = layer.etag(move |_: RequestInfo| std::future::ready(Ok(etag.clone())));
    }
    if let Some(modified) = inputs.get("last_modified") {
        let modified = modified.as_str().map(moment);
        layer = layer.last_modified(move |_: RequestInfo| std::future::ready(Ok(modified)));
    }
    layer
}

/// Sends the record's request to the record's view in a layer.
fn check<L>(record: &Value, layer: L) -> Outcome
where
    L: tower_layer::Layer<nuages_web::SharedService> + Send + Sync + 'static,
    L::Service: tower_service::Service<
            http::Request<Body>,
            Response = Response,
            Error = std::convert::Infallible,
        > + Clone
        + Send
        + Sync
        + 'static,
    <L::Service as tower_service::Service<http::Request<Body>>>::Future: Send + 'static,
{
    let inputs = record["inputs"].clone();
    let Some(request) = request(record) else {
        return Outcome::Skipped("a header that no server lets through");
    };
    if response_of(&inputs).is_none() {
        return Outcome::Skipped("a header that no response can have");
    }
    let is_head = request.method() == Method::HEAD;
    let view = any(move || std::future::ready(response_of(&inputs).unwrap())).layer(layer);
    let expected = &record["expected"];
    let (found, wanted) = wait(async {
        let mut response = send(&site_of(view, record), request).await;
        let headers = response.headers_mut();
        let cookies: Vec<String> = headers
            .get_all("set-cookie")
            .iter()
            .map(|line| line.to_str().unwrap().split('=').next().unwrap().to_owned())
            .collect();
        headers.remove("set-cookie");
        let is_told = expected["headers"]
            .to_string()
            .contains("\"Content-Length\"");
        if is_head && !is_told {
            // Django leaves it to its server to send no body, and with it no length.
            headers.remove("content-length");
        }
        let mut found = json!({
            "status": response.status().as_u16(), "headers": found_headers(response.headers()),
        });
        let mut wanted = json!({
            "status": expected["status"], "headers": expected_headers(&expected["headers"]),
        });
        if let Some(names) = expected.get("cookies") {
            found["cookies"] = json!(cookies);
            wanted["cookies"] = names.clone();
        }
        if !is_head {
            found["body"] = json!(String::from_utf8(body_of(response).await).unwrap());
            wanted["body"] = expected["body"].clone();
        }
        (found, wanted)
    });
    compare(&found, &wanted)
}

#[tokio::test(flavor = "multi_thread")]
async fn conditions_of_views_are_those_of_django() {
    replay("http.jsonl", &["conditional"], |record| {
        check(record, layer_of(&record["inputs"]))
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn finished_pages_are_tagged_as_by_django() {
    replay("http.jsonl", &["conditional_get"], |record| {
        check(record, ConditionalGetLayer::new())
    });
}

#[test]
fn tags_are_read_as_by_django() {
    replay("http.jsonl", &["parse_etags"], |record| {
        let value = record["inputs"]["value"].as_str().unwrap();
        let found = json!({"etags": parse_etags(value), "quoted": quote_etag(value)});
        compare(&found, &record["expected"])
    });
}

#[test]
fn dates_are_read_as_by_django() {
    replay("http.jsonl", &["http_date_parse"], |record| {
        let value = record["inputs"]["value"].as_str().unwrap();
        let found = parse_http_date(value, now(record)).map(Timestamp::as_second);
        compare(&json!({"epoch": found}), &record["expected"])
    });
}
