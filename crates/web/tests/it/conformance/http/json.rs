//! `JsonResponse`.

use axum::response::IntoResponse;
use nuages_web::{JsonResponse, JsonStyle};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::{body_of, expected_headers, found_headers, wait};
use crate::conformance::{compare, replay};

/// A value of a record, written by the type that Rust has for it.
struct Typed<'v>(&'v Value);

impl Serialize for Typed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use nuages_web::json_encoders as encode;
        let text = |name: &str| self.0[name].as_str();
        match self.0 {
            Value::Array(items) => serializer.collect_seq(items.iter().map(Typed)),
            Value::Object(typed) if typed.len() == 1 => {
                if let Some(seconds) = typed.get("timedelta").and_then(Value::as_f64) {
                    return encode::duration(
                        &jiff::SignedDuration::from_secs_f64(seconds),
                        serializer,
                    );
                }
                if let Some(digits) = text("int") {
                    return serializer.serialize_i128(digits.parse().unwrap());
                }
                if let Some(float) = text("float") {
                    return serializer.serialize_f64(float.parse().unwrap());
                }
                if let Some(text) = text("datetime") {
                    if let Ok(at) = text.parse::<jiff::Timestamp>() {
                        let offset = text
                            .get(text.len() - 6..)
                            .filter(|offset| offset.starts_with(['+', '-']));
                        let seconds: i32 = offset.map_or(0, |offset| {
                            let sign = if offset.starts_with('-') { -1 } else { 1 };
                            sign * (offset[1..3].parse::<i32>().unwrap() * 3600
                                + offset[4..].parse::<i32>().unwrap() * 60)
                        });
                        if seconds == 0 {
                            return encode::timestamp(&at, serializer);
                        }
                        let zone = jiff::tz::TimeZone::fixed(
                            jiff::tz::Offset::from_seconds(seconds).unwrap(),
                        );
                        return encode::zoned(&at.to_zoned_datetime(zone), serializer);
                    }
                    return encode::date_time(&text.parse().unwrap(), serializer);
                }
                if let Some(text) = text("time") {
                    return encode::time(&text.parse().unwrap(), serializer);
                }
                if let Some(text) = text("decimal")
                    .or(text("date"))
                    .or(text("uuid"))
                    .or(text("safe"))
                {
                    return serializer.serialize_str(text);
                }
                serializer.collect_map(typed.iter().map(|(name, value)| (name, Typed(value))))
            }
            Value::Object(members) => {
                serializer.collect_map(members.iter().map(|(name, value)| (name, Typed(value))))
            }
            other => other.serialize(serializer),
        }
    }
}

/// JSON whose whole numbers beyond 64 bits are marked as such.
fn mark_long_numbers(json: &str) -> String {
    let mut out = String::new();
    let mut in_text = false;
    let mut rest = json;
    while let Some(c) = rest.chars().next() {
        let digits = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        if !in_text
            && digits > 18
            && !out.ends_with(['.', 'e', '+', '-'])
            && !rest[digits..].starts_with(['.', 'e'])
        {
            out.extend(["{\"int\": \"", &rest[..digits], "\"}"]);
            rest = &rest[digits..];
            continue;
        }
        let length = if c == '\\' { 2 } else { c.len_utf8() };
        in_text ^= c == '"';
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    out
}

#[tokio::test(flavor = "multi_thread")]
async fn json_is_written_as_by_django() {
    replay("http.jsonl", &["json_response"], |record| {
        let (inputs, expected) = (&record["inputs"], &record["expected"]);
        let text = mark_long_numbers(inputs["data_json"].as_str().unwrap());
        let data: Value = serde_json::from_str(&text).unwrap();
        let mut style = JsonStyle::default();
        let (mut is_safe, mut status, mut content_type) = (true, None, None);
        for pair in inputs["kwargs"].as_array().into_iter().flatten() {
            match pair[0].as_str().unwrap() {
                "safe" => is_safe = pair[1] != json!(false),
                "status" => status = pair[1].as_u64(),
                "content_type" => content_type = pair[1].as_str(),
                "json_dumps_params" => {
                    for param in pair[1]["pairs"].as_array().unwrap() {
                        let value = &param[1];
                        match param[0].as_str().unwrap() {
                            "indent" => {
                                style.indent = value.as_u64().and_then(|n| usize::try_from(n).ok());
                            }
                            "ensure_ascii" => style.ensure_ascii = value == &json!(true),
                            "sort_keys" => style.sort_keys = value == &json!(true),
                            "separators" => {
                                let text = |at: usize| value[at].as_str().unwrap().to_owned();
                                style.separators = Some((text(0), text(1)));
                            }
                            other => panic!("{other}"),
                        }
                    }
                }
                other => panic!("{other}"),
            }
        }
        let made = if is_safe {
            JsonResponse::with_style(&Typed(&data), &style)
        } else {
            JsonResponse::of_any_with_style(&Typed(&data), &style)
        };
        let response = match made {
            Ok(response) => response,
            Err(error) => return compare(&json!(error.message()), &expected["error"]["message"]),
        };
        let mut response = response;
        if let Some(status) = status {
            let status = u16::try_from(status).unwrap();
            response = response.status(http::StatusCode::from_u16(status).unwrap());
        }
        if let Some(content_type) = content_type {
            response = response.content_type(content_type);
        }
        wait(async {
            let response = response.into_response();
            let head = json!([
                response.status().as_u16(),
                found_headers(response.headers())
            ]);
            let body = String::from_utf8(body_of(response).await).unwrap();
            compare(
                &json!([head, body]),
                &json!([
                    [expected["status"], expected_headers(&expected["headers"])],
                    expected["body"]
                ]),
            )
        })
    });
}
