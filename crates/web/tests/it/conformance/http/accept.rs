//! Media types, `Accept`, header values with parameters.

use http::{HeaderMap, HeaderValue};
use nuages_web::{AcceptedTypes, HeaderParams, MediaType, RequestInfo};
use serde_json::{Value, json};

use crate::conformance::{Outcome, compare, replay};

/// The records have parameters in the order of their names.
fn sorted<'p>(params: impl Iterator<Item = (&'p str, &'p str)>) -> Vec<(&'p str, &'p str)> {
    let mut params: Vec<_> = params.collect();
    params.sort_unstable();
    params
}

fn accepted(record: &Value) -> Option<AcceptedTypes> {
    let mut headers = HeaderMap::new();
    if let Some(accept) = record["inputs"]["accept"].as_str() {
        headers.insert("accept", HeaderValue::from_bytes(accept.as_bytes()).ok()?);
    }
    Some(AcceptedTypes::of(&headers))
}

#[test]
fn what_clients_take_is_what_django_says() {
    replay("http.jsonl", &["accepts"], |record| {
        let Some(accepted) = accepted(record) else {
            return Outcome::Skipped("a header that no server lets through");
        };
        let types: Vec<String> = accepted.types().iter().map(MediaType::to_string).collect();
        let media_type = record["inputs"]["media_type"].as_str().unwrap_or("");
        let found = json!({"accepts": accepted.accepts(media_type), "accepted_types": types});
        compare(&found, &record["expected"])
    });
}

#[test]
fn what_clients_prefer_is_what_django_says() {
    replay("http.jsonl", &["preferred_type"], |record| {
        let Some(accepted) = accepted(record) else {
            return Outcome::Skipped("a header that no server lets through");
        };
        let types: Vec<&str> = record["inputs"]["media_types"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|name| name.as_str().unwrap())
            .collect();
        let order: Vec<String> = accepted
            .by_precedence()
            .into_iter()
            .map(MediaType::to_string)
            .collect();
        let found = json!({"preferred": accepted.preferred(&types), "by_precedence": order});
        compare(&found, &record["expected"])
    });
}

#[test]
fn media_types_are_read_as_by_django() {
    replay("http.jsonl", &["media_type"], |record| {
        let inputs = &record["inputs"];
        let media = MediaType::parse(inputs["value"].as_str().unwrap_or(""));
        let mut found = json!({
            "str": media.to_string(), "main_type": media.main_type(), "sub_type": media.sub_type(),
            "params": sorted(media.params()), "range_params": sorted(media.range_params()),
            "specificity": media.specificity(),
        });
        let mut expected = record["expected"].clone();
        let quality = expected["quality"].as_f64();
        expected.as_object_mut().unwrap().remove("quality");
        if expected.get("match").is_some() {
            let other = inputs["other"].as_str().unwrap_or("");
            let matches = !other.is_empty() && media.matches(&MediaType::parse(other));
            found["match"] = json!(matches);
        }
        match quality {
            Some(quality) if (quality - media.quality()).abs() > f64::EPSILON => {
                Outcome::Differs(format!("quality {}, expected {quality}", media.quality()))
            }
            None if !media.quality().is_nan() => Outcome::Differs("a quality".to_owned()),
            _ => compare(&found, &expected),
        }
    });
}

#[test]
fn header_parameters_are_read_as_by_django() {
    replay("http.jsonl", &["header_parameters"], |record| {
        let line = record["inputs"]["line"].as_str().unwrap();
        let expected = &record["expected"];
        match HeaderParams::parse(line) {
            None => compare(&json!(true), &json!(expected.get("error").is_some())),
            Some(HeaderParams { value, params }) => {
                compare(&json!({"value": value, "params": params}), expected)
            }
        }
    });
}

#[test]
fn headers_are_found_by_any_spelling_of_their_name() {
    replay("http.jsonl", &["request_headers"], |record| {
        let inputs = &record["inputs"];
        // What a server hands to WSGI as `HTTP_X_A` it got as `X-A`; the rest of `meta` is no header.
        let mut request = http::Request::get("/");
        for pair in inputs["meta"].as_array().unwrap() {
            let key = pair[0].as_str().unwrap();
            let name = match key.strip_prefix("HTTP_") {
                Some(name) => name,
                None if key.starts_with("CONTENT_") => key,
                None => continue,
            };
            if !name.is_empty() {
                request = request.header(name.replace('_', "-"), pair[1].as_str().unwrap());
            }
        }
        let info = RequestInfo::new(&request.body(()).unwrap().into_parts().0);
        let lookups = inputs["lookups"].as_array().unwrap().iter();
        let found: Vec<Option<&str>> = lookups
            .map(|name| info.header(name.as_str().unwrap().replace('_', "-")))
            .collect();
        let mut headers: Vec<(String, &str)> = info
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap()))
            .collect();
        headers.sort();
        let wanted = record["expected"]["headers"].as_array().unwrap().iter();
        let wanted: Vec<(String, &Value)> = wanted
            .map(|pair| (pair[0].as_str().unwrap().to_lowercase(), &pair[1]))
            .collect();
        compare(
            &json!([found, headers]),
            &json!([record["expected"]["lookups"], wanted]),
        )
    });
}
