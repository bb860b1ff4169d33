//! Absolute URLs.

use nuages_security::hosts::{HostsSettings, IsSecure, get_host};
use nuages_web::RequestInfo;
use serde_json::{Value, json};

use super::{NO_REQUEST, replay, request, strings, text};
use crate::conformance::{Outcome, compare};

fn check(record: &Value) -> Outcome {
    let (inputs, expected) = (&record["inputs"], &record["expected"]);
    let has_prefix = inputs["request"]["script_name"]
        .as_str()
        .is_some_and(|prefix| !prefix.is_empty());
    if has_prefix || record["settings"].get("FORCE_SCRIPT_NAME").is_some() {
        return Outcome::Excepted(
            "a path is the one of the request: a prefix is the business of the server in front and of reversed URLs",
        );
    }
    let Some(request) = request(&inputs["request"]) else {
        return Outcome::Excepted(NO_REQUEST);
    };
    let mut hosts = HostsSettings {
        allowed_hosts: vec!["*".to_owned()],
        ..HostsSettings::default()
    };
    if let Some(allowed) = record["settings"].get("ALLOWED_HOSTS") {
        hosts.allowed_hosts = strings(allowed);
    }
    let (mut parts, ()) = request.map(drop).into_parts();
    if let Ok(host) = get_host(&hosts, false, &parts) {
        parts.extensions.insert(host);
    }
    let is_secure = inputs["request"]["scheme"] == "https";
    parts.extensions.insert(IsSecure(is_secure));
    let info = RequestInfo::new(&parts);
    let is_own = inputs["location"].is_null();
    let uri = match inputs["location"].as_str() {
        Some(location) => info.absolute_url(location),
        None => info.own_url(),
    };
    let wanted = text(&expected["full_path"]);
    let is_as_sent = info.full_path() == text(&inputs["request"]["path"]);
    if info.full_path() != wanted && is_as_sent && (is_own || expected["uri"] == json!(uri)) {
        return Outcome::Excepted(
            "the full path is the target as the client sent it, not decoded and escaped anew",
        );
    }
    compare(
        &json!({"uri": uri, "path": info.path(), "full_path": info.full_path()}),
        &json!({"uri": expected["uri"], "path": expected["path"], "full_path": wanted}),
    )
}

#[test]
fn absolute_urls_are_those_of_django() {
    replay("hosts.jsonl", "absolute_uri", check);
}

#[test]
fn a_path_with_two_slashes_names_no_host() {
    let request = http::Request::get("//evil.example/x").header("host", "site.example");
    let (mut parts, ()) = request.body(()).unwrap().into_parts();
    let hosts = HostsSettings {
        allowed_hosts: vec!["site.example".to_owned()],
        ..HostsSettings::default()
    };
    let host = get_host(&hosts, false, &parts).unwrap();
    parts.extensions.insert(host);
    let info = RequestInfo::new(&parts);
    let own = info.own_url();
    assert_eq!(own.as_deref(), Some("http://site.example//evil.example/x"));
    // The same path as a mere location does name one.
    let named = info.absolute_url(info.full_path());
    assert_eq!(named.as_deref(), Some("http://evil.example/x"));
}
