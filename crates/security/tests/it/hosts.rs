//! Hosts as Django has them.

use axum::Router;
use axum::body::to_bytes;
use axum::response::Html;
use axum::routing::any;
use http::header::{CONTENT_TYPE, HOST};
use nuages_security::hosts::{
    HostsLayer, get_host, get_port, is_same_domain, is_secure, split_domain_port, validate_host,
};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::corpus::{Verdict, replay};
use crate::request::{NO_REQUEST, build, hosts_settings, strings, text, wait};

#[test]
fn host_of_a_request() {
    replay("hosts.jsonl", "get_host", |record| {
        if record["inputs"]["request"]["server"]["port"] == "" {
            return Verdict::Excepted("the port of a connection is a number, never an empty text");
        }
        let Some(settings) = hosts_settings(&record["settings"]) else {
            return Verdict::Excepted(
                "secure_proxy_ssl_header is a pair by its type: any other value stops the site at its start",
            );
        };
        let Some(req) = build(&record["inputs"]["request"]) else {
            return Verdict::Excepted(NO_REQUEST);
        };
        let debug = record["settings"]["DEBUG"].as_bool().unwrap_or(false);
        let ascii = req
            .headers()
            .get(HOST)
            .is_none_or(|host| host.as_bytes().is_ascii());
        let (parts, _) = req.into_parts();
        let expected = &record["expected"];
        let ours = get_host(&settings, debug, &parts);
        let verdict = match (&ours, expected["host"].as_str()) {
            (Ok(host), Some(theirs)) => Verdict::compare(host.as_str(), theirs),
            (Err(error), None) => {
                // Python's repr chooses other quotes around a quote.
                let theirs = text(&expected["error"]["message"]);
                if ascii && !theirs.contains('"') && !theirs.contains('\\') {
                    Verdict::compare(error.to_string().as_str(), theirs)
                } else {
                    Verdict::Same
                }
            }
            (ours, theirs) => Verdict::Different(format!("{ours:?}, Django's {theirs:?}")),
        };
        verdict
            .and(|| match expected.get("port") {
                Some(port) => Verdict::compare(json!(get_port(&settings, &parts)), port.clone()),
                None => Verdict::Same,
            })
            .and(|| match expected.get("is_secure") {
                Some(secure) => {
                    Verdict::compare(json!(is_secure(&settings, &parts)), secure.clone())
                }
                None => Verdict::Same,
            })
    });
}

#[test]
fn domain_and_port() {
    replay("hosts.jsonl", "split_domain_port", |record| {
        let ours = split_domain_port(text(&record["inputs"]["host"])).unwrap_or_default();
        let expected = &record["expected"];
        Verdict::compare(
            (ours.0.to_lowercase().as_str(), ours.1),
            (text(&expected["domain"]), text(&expected["port"])),
        )
    });
}

#[test]
fn allowed_hosts() {
    replay("hosts.jsonl", "validate_host", |record| {
        let inputs = &record["inputs"];
        let ours = validate_host(text(&inputs["host"]), &strings(&inputs["allowed_hosts"]));
        let theirs = record["expected"]["valid"] == true;
        if ours && !theirs && text(&inputs["host"]) != text(&inputs["host"]).to_lowercase() {
            return Verdict::Excepted(
                "validate_host takes a host in any case, as DNS does; Django's callers lower it before",
            );
        }
        Verdict::compare(ours, theirs)
    });
}

#[test]
fn same_domain() {
    replay("hosts.jsonl", "is_same_domain", |record| {
        let inputs = &record["inputs"];
        let ours = is_same_domain(text(&inputs["host"]), text(&inputs["pattern"]));
        let theirs = record["expected"]["same"].clone();
        // Python's `and`/`or` may give the pattern itself.
        let theirs = match theirs {
            Value::Bool(same) => same,
            other => !other.is_null(),
        };
        Verdict::compare(ours, theirs)
    });
}

#[test]
fn responses_to_a_disallowed_host() {
    replay("hosts.jsonl", "disallowed_host_response", |record| {
        let settings = &record["settings"];
        if strings(&settings["MIDDLEWARE"]).is_empty() {
            return Verdict::Excepted(
                "the host is validated for every request, not when something asks",
            );
        }
        let (Some(req), Some(hosts)) = (
            build(&record["inputs"]["request"]),
            hosts_settings(settings),
        ) else {
            return Verdict::Skipped;
        };
        let debug = settings["DEBUG"].as_bool().unwrap_or(false);
        let app = Router::new()
            .fallback(any(|| async { Html("OK") }))
            .layer(HostsLayer::with_debug(&hosts, debug));
        let res = wait(app.oneshot(req)).unwrap();
        let expected = &record["expected"];
        let status = json!(res.status().as_u16());
        let content_type = res.headers()[CONTENT_TYPE].to_str().unwrap().to_owned();
        let body = wait(to_bytes(res.into_body(), usize::MAX)).unwrap();
        Verdict::compare(status, expected["status"].clone()).and(|| {
            match (expected["content_type"].as_str(), expected["body"].as_str()) {
                (Some(theirs), Some(page)) => {
                    let ours = String::from_utf8_lossy(&body);
                    Verdict::compare((content_type.as_str(), &*ours), (theirs, page))
                }
                _ => Verdict::Same,
            }
        })
    });
}
