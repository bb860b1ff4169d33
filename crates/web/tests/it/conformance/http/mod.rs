//! Responses, their headers, and conditional requests.

mod accept;
mod cache_headers;
mod conditional;
mod files;
mod json;
mod methods;
mod redirects;
mod responses;

use axum::body::Body;
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, Request};
use http_body_util::BodyExt;
use jiff::Timestamp;
use nuages_base::Clock;
use nuages_web::{SharedService, SiteContext, Urls, View};
use serde_json::{Value, json};

use crate::site::{get, serve, site};

/// The moment of a record.
pub(super) fn now(record: &Value) -> Timestamp {
    let seconds = record["inputs"]["now"].as_i64().unwrap_or(1_780_000_000);
    Timestamp::from_second(seconds).unwrap()
}

/// A site with one view, its clock held at the record's moment.
fn site_of(view: View, record: &Value) -> SharedService {
    let urls = Urls::new().path("", view, "view");
    let site: SiteContext = site(&[], urls).with_clock(Clock::held(now(record)));
    serve(site)
}

/// Pairs as headers; `None` when no HTTP header can hold them.
fn headers_of(pairs: &Value) -> Option<HeaderMap> {
    let mut headers = HeaderMap::new();
    for pair in pairs.as_array().into_iter().flatten() {
        let name = HeaderName::try_from(pair[0].as_str()?).ok()?;
        headers.append(
            name,
            HeaderValue::from_bytes(pair[1].as_str()?.as_bytes()).ok()?,
        );
    }
    Some(headers)
}

/// A request for the one view.
fn request(record: &Value) -> Option<Request<Body>> {
    let inputs = &record["inputs"];
    let method = inputs["method"].as_str().unwrap_or("GET");
    let mut request = Request::builder()
        .method(method)
        .uri("/")
        .body(Body::empty())
        .ok()?;
    *request.headers_mut() = headers_of(&inputs["headers"])?;
    Some(request)
}

/// Headers as a sorted list of pairs, names in lower case: neither counts on the net.
fn sorted(pairs: impl IntoIterator<Item = (String, String)>) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = pairs
        .into_iter()
        .map(|(name, value)| (name.to_lowercase(), value))
        .collect();
    pairs.sort();
    pairs
}

pub(super) fn found_headers(headers: &HeaderMap) -> Value {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    json!(sorted(
        headers
            .iter()
            .map(|(name, value)| (name.to_string(), text(value)))
    ))
}

pub(super) fn expected_headers(pairs: &Value) -> Value {
    let pairs = pairs.as_array().into_iter().flatten();
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    json!(sorted(pairs.map(|pair| (text(&pair[0]), text(&pair[1])))))
}

/// Runs a future on the test's own thread.
pub(super) fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(future))
}

pub(super) async fn body_of(response: Response) -> Vec<u8> {
    response
        .into_body()
        .collect()
        .await
        .unwrap()
        .to_bytes()
        .to_vec()
}
