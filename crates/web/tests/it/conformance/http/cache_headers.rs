//! `Cache-Control`, `Expires`, `Vary`.

use axum::response::Response;
use http::HeaderMap;
use nuages_web::cache_headers::{
    CacheControl, add_never_cache_headers, get_max_age, has_vary_header, patch_response_headers,
    patch_vary_headers,
};
use nuages_web::conditional::set_response_etag;
use nuages_web::{View, any};
use serde_json::{Value, json};

use super::{expected_headers, found_headers, get, headers_of, now, site_of, wait};
use crate::conformance::{Outcome, compare, replay};

/// Keyword arguments as directives: `True` is a name alone, anything else a value.
fn directives(kwargs: &Value) -> CacheControl {
    let pairs = kwargs.as_array().into_iter().flatten();
    pairs.fold(CacheControl::new(), |control, pair| {
        let name = pair[0].as_str().unwrap().replace('_', "-");
        match &pair[1] {
            Value::Bool(true) => control.flag(name),
            Value::Bool(false) => control.value(name, "False"),
            Value::Null => control.value(name, "None"),
            Value::String(text) => control.value(name, text),
            other => control.value(name, other),
        }
    })
}

fn names(list: &[Value]) -> Vec<&str> {
    list.iter().map(|name| name.as_str().unwrap()).collect()
}

/// The headers after one step; `None` when it fails.
fn step(op: &[Value], headers: HeaderMap, record: &Value) -> Option<HeaderMap> {
    let mut patched = headers.clone();
    let decorated = |decorate: &dyn Fn(View) -> View| {
        let view = any(move || {
            let mut response = Response::new(axum::body::Body::from("content"));
            *response.headers_mut() = headers.clone();
            std::future::ready(response)
        });
        let response = wait(async { get(&site_of(decorate(view), record), "/").await });
        response.status().is_success().then(|| {
            let mut headers = response.headers().clone();
            headers.remove("content-length");
            headers
        })
    };
    match op[0].as_str().unwrap() {
        "patch_cache_control" => directives(&op[1]).patch(&mut patched).ok()?,
        "cache_control" => return decorated(&|view| view.cache_control(directives(&op[1]))),
        "never_cache" => return decorated(&View::never_cache),
        "vary_on_headers" => return decorated(&|view| view.vary_on_headers(names(&op[1..]))),
        "vary_on_cookie" => return decorated(&|view| view.vary_on_headers(["Cookie"])),
        "add_never_cache_headers" => add_never_cache_headers(&mut patched, now(record)).ok()?,
        "patch_response_headers" => {
            let default = record["settings"]["CACHE_MIDDLEWARE_SECONDS"].as_i64();
            let seconds = op.get(1).and_then(Value::as_i64);
            let seconds = seconds.or(default).unwrap_or(600);
            patch_response_headers(&mut patched, seconds, now(record)).ok()?;
        }
        "patch_vary_headers" => patch_vary_headers(&mut patched, &names(op[1].as_array().unwrap())),
        "set_response_etag" => {
            // The content that all records have.
            let mut response = Response::new("x".into());
            *response.headers_mut() = patched;
            return Some(wait(set_response_etag(response)).ok()?.headers().clone());
        }
        other => panic!("{other}"),
    }
    Some(patched)
}

#[tokio::test(flavor = "multi_thread")]
async fn caches_are_told_the_same_as_by_django() {
    replay("http.jsonl", &["cache_headers"], |record| {
        let inputs = &record["inputs"];
        let expected = &record["expected"];
        let Some(mut headers) = headers_of(&inputs["response_headers"]) else {
            return Outcome::Skipped("a header that no response can have");
        };
        for op in inputs["ops"].as_array().unwrap() {
            match step(op.as_array().unwrap(), headers, record) {
                Some(patched) => headers = patched,
                None => return compare(&json!(true), &json!(expected.get("error").is_some())),
            }
        }
        let vary = expected["vary"].as_object().into_iter().flatten();
        let vary: serde_json::Map<String, Value> = vary
            .map(|(name, _)| (name.clone(), json!(has_vary_header(&headers, name))))
            .collect();
        let found = json!({
            "headers": found_headers(&headers), "max_age": get_max_age(&headers), "vary": vary,
        });
        let wanted = json!({
            "headers": expected_headers(&expected["headers"]), "max_age": expected["max_age"],
            "vary": expected["vary"],
        });
        compare(&found, &wanted)
    });
}
