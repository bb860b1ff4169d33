//! Compression, alone and with layers around it.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, ETAG, VARY};
use nuages_web::conditional::etag_of;
use serde_json::{Map, Value, json};

use super::{NO_REQUEST, list, replay, request, service_of, text, urls};
use crate::conformance::http::{body_of, wait};
use crate::conformance::{Outcome, compare};
use crate::site::{send, site};

fn check(record: &Value) -> Outcome {
    let (inputs, expected) = (&record["inputs"], &record["expected"]);
    let Some(request) = request(&inputs["request"]) else {
        return Outcome::Excepted(NO_REQUEST);
    };
    let is_head = *request.method() == http::Method::HEAD;
    let called = Arc::new(AtomicBool::new(false));
    let Some(service) = service_of(record, site(&[], urls(record, &called))) else {
        return Outcome::Elsewhere;
    };
    let (parts, body) = wait(async {
        let mut response = send(&service, request).await;
        let body = std::mem::take(response.body_mut());
        let (parts, _) = response.into_parts();
        (parts, body_of(axum::response::Response::new(body)).await)
    });
    let line = |name| {
        let value = parts.headers.get(name);
        value.map(|value| value.to_str().unwrap().to_owned())
    };
    let is_packed = body.starts_with(&[0x1f, 0x8b]);
    let etag = line(ETAG).map(|tag| {
        let is_of_body = tag == etag_of(&body) && is_packed;
        if is_of_body {
            "@md5-of-the-sent-body".to_owned()
        } else {
            tag
        }
    });
    let mut found = json!({
        "status": parts.status.as_u16(), "content_encoding": line(CONTENT_ENCODING),
        "vary": line(VARY), "etag": etag, "compressed": is_packed,
    });
    if is_packed {
        let name = body[10..]
            .split(|byte| *byte == 0)
            .next()
            .unwrap_or_default();
        found["gzip_mtime"] = json!(u32::from_le_bytes([body[4], body[5], body[6], body[7]]));
        found["gzip_filename_matches"] =
            json!(name.len() < 100 && name.iter().all(u8::is_ascii_alphanumeric));
        found["gzip_flags"] = json!(body[3]);
    }
    let mut wanted = expected.clone();
    // A length is told by the server, where the layer has not: only a wrong one counts.
    wanted.as_object_mut().unwrap().remove("has_content_length");
    let told = line(CONTENT_LENGTH).unwrap_or_else(|| body.len().to_string());
    if is_head {
        // The server takes the content of a HEAD away, and Django is asked without one: the headers count.
        found["compressed"] = json!(found["content_encoding"] == "gzip");
        let of_content = [
            "content_length",
            "gzip_mtime",
            "gzip_filename_matches",
            "gzip_flags",
        ];
        for name in of_content {
            wanted.as_object_mut().unwrap().remove(name);
        }
        return compare(&found, &wanted);
    }
    let members = wanted.as_object_mut().unwrap();
    match members.remove("content_length") {
        Some(length) => {
            found["content_length"] = json!(told);
            members.insert("content_length".to_owned(), length);
        }
        None if !is_head && told != body.len().to_string() => {
            return Outcome::Differs(format!("a length of {told} for {} bytes", body.len()));
        }
        None => {}
    }
    if is_packed {
        members.insert("gzip_filename_matches".to_owned(), json!(true));
        if !members.contains_key("gzip_flags") {
            found
                .as_object_mut()
                .map(|found: &mut Map<String, Value>| found.remove("gzip_flags"));
        }
    }
    let accepts = list(&inputs["request"]["headers"])
        .iter()
        .find(|pair| text(&pair[0]).eq_ignore_ascii_case("accept-encoding"));
    let accepts = accepts.map_or("", |pair| text(&pair[1]));
    let asks_oddly = accepts.to_ascii_lowercase() != accepts || accepts.contains("-gzip-");
    if found["compressed"] != wanted["compressed"] && asks_oddly {
        return Outcome::Excepted(
            "Accept-Encoding is read as a list of codings in any case, not searched for the word gzip",
        );
    }
    compare(&found, &wanted)
}

#[tokio::test(flavor = "multi_thread")]
async fn responses_are_compressed_as_by_django() {
    replay("security_headers.jsonl", "gzip", check);
}
