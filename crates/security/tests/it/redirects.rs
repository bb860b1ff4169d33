//! Redirects as Django checks them.

use nuages_security::redirect::{location, url_has_allowed_host_and_scheme};
use nuages_security::uri::{escape_leading_slashes, escape_uri_path, iri_to_uri};
use serde_json::json;

use crate::corpus::{Verdict, replay};
use crate::request::{strings, text};

#[test]
fn safe_urls() {
    replay("redirects.jsonl", "url_is_safe", |record| {
        let inputs = &record["inputs"];
        let allowed = match &inputs["allowed_hosts"] {
            serde_json::Value::String(one) => vec![one.clone()],
            list => strings(list),
        };
        let https = inputs["require_https"].as_bool().unwrap_or(false);
        let ours = url_has_allowed_host_and_scheme(text(&inputs["url"]), &allowed, https);
        if !ours && matches!(text(&inputs["url"]), "//" | "/\\" | "\\/" | "\\\\") {
            return Verdict::Excepted("two slashes announce a host, and none follows");
        }
        Verdict::compare(json!(ours), record["expected"]["safe"].clone())
    });
}

#[test]
fn location_headers() {
    replay("redirects.jsonl", "http_redirect", |record| {
        let expected = &record["expected"];
        match (
            location(text(&record["inputs"]["url"])),
            expected.get("error"),
        ) {
            (Ok(value), None) => {
                Verdict::compare(value.to_str().unwrap(), text(&expected["location"]))
            }
            (Err(error), Some(theirs)) if theirs["type"] == "DisallowedRedirect" => {
                Verdict::compare(error.to_string().as_str(), text(&theirs["message"]))
            }
            (Err(_), Some(_)) => Verdict::Same,
            (ours, theirs) => Verdict::Different(format!("{ours:?}, Django's {theirs:?}")),
        }
    });
}

#[test]
fn escaping() {
    replay("redirects.jsonl", "iri_to_uri", |record| {
        let ours = iri_to_uri(text(&record["inputs"]["iri"]));
        Verdict::compare(&*ours, text(&record["expected"]["uri"]))
    });
    replay("redirects.jsonl", "escape_uri_path", |record| {
        let ours = escape_uri_path(text(&record["inputs"]["path"]));
        Verdict::compare(&*ours, text(&record["expected"]["path"]))
    });
    replay("redirects.jsonl", "escape_leading_slashes", |record| {
        let ours = escape_leading_slashes(text(&record["inputs"]["url"]));
        Verdict::compare(&*ours, text(&record["expected"]["url"]))
    });
}
