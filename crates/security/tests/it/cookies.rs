//! Cookies as Django reads and sets them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderValue};
use jiff::Timestamp;
use nuages_security::cookie::{CookieError, SameSite, SetCookie, get, parse_cookie};
use serde_json::{Value, json};

use crate::corpus::{Verdict, replay};
use crate::request::{list, text};

fn pairs(header: &str) -> Value {
    let cookies: Vec<Value> = parse_cookie(header)
        .into_iter()
        .map(|(name, value)| json!([name, value]))
        .collect();
    Value::Array(cookies)
}

#[test]
fn cookie_header_is_parsed() {
    replay("cookies.jsonl", "parse_cookie", |record| {
        let ours = pairs(text(&record["inputs"]["header"]));
        Verdict::compare(ours, record["expected"]["cookies"].clone())
    });
}

#[test]
fn cookies_of_a_request_are_read() {
    replay("cookies.jsonl", "request_cookies", |record| {
        let bytes = STANDARD
            .decode(text(&record["inputs"]["header_b64"]))
            .unwrap();
        let Ok(value) = HeaderValue::from_bytes(&bytes) else {
            return Verdict::Excepted(
                "a byte that no header may hold: the server refuses the request before a cookie is read",
            );
        };
        let mut headers = HeaderMap::new();
        headers.insert("cookie", value);
        let expected = &record["expected"]["cookies"];
        let ours = pairs(&String::from_utf8_lossy(&bytes));
        Verdict::compare(ours, expected.clone()).and(|| {
            let one_by_one: Vec<Value> = list(expected)
                .iter()
                .map(|pair| json!([pair[0], get(&headers, text(&pair[0]))]))
                .collect();
            Verdict::compare(Value::Array(one_by_one), expected.clone())
        })
    });
}

#[test]
fn values_survive_the_round_trip() {
    replay("cookies.jsonl", "cookie_roundtrip", |record| {
        let value = text(&record["inputs"]["value"]);
        let expected = &record["expected"];
        let ours = SetCookie::new("c", value).to_header_value(Timestamp::UNIX_EPOCH);
        if expected.get("error").is_some() {
            return Verdict::compare(ours, Err(CookieError::ControlCharacter));
        }
        let ours = ours.unwrap();
        let ours = std::str::from_utf8(ours.as_bytes()).unwrap();
        Verdict::compare(ours, text(&expected["set_cookie"])).and(|| {
            let coded = ours.strip_suffix("; Path=/").unwrap();
            let parsed = parse_cookie(coded).remove(0).1.into_owned();
            Verdict::compare(parsed.as_str(), text(&expected["parsed"]))
        })
    });
}

/// A call of `set_cookie` or `delete_cookie`; `None` if its arguments cannot be given to us.
fn cookie(call: &Value) -> Option<Result<SetCookie<'_>, ()>> {
    let arguments = &call[1];
    let name = text(&arguments["key"]);
    let mut cookie = if call[0] == "delete_cookie" {
        SetCookie::delete(name)
    } else {
        match &arguments["value"] {
            Value::String(value) => SetCookie::new(name, value.as_str()),
            Value::Null if arguments.get("value").is_none() => SetCookie::new(name, ""),
            _ => return None,
        }
    };
    if arguments["max_age"].is_string() || arguments["expires"].is_string() {
        return None;
    }
    let at = |value: &Value| {
        let text = text(value);
        let zoned = text.contains('+') || text.ends_with('Z');
        let text = if zoned {
            text.to_owned()
        } else {
            format!("{text}Z")
        };
        text.parse::<Timestamp>().ok()
    };
    match (&arguments["max_age"], &arguments["expires"]["datetime"]) {
        (Value::Null, Value::Null) => {}
        (Value::Null, date) => cookie = cookie.expires(at(date)?),
        (Value::Number(seconds), Value::Null) => cookie = cookie.max_age(seconds.as_i64()?),
        (Value::Object(delta), Value::Null) => {
            cookie = cookie.max_age(delta["timedelta"].as_i64()?);
        }
        // Python refuses both at once; here the later call wins.
        _ => return None,
    }
    if let Some(path) = arguments.get("path") {
        cookie = cookie.path(path.as_str().unwrap_or_default());
    }
    if let Some(domain) = arguments["domain"].as_str() {
        cookie = cookie.domain(domain);
    }
    if let Some(secure) = arguments.get("secure") {
        cookie = cookie.secure(secure.as_bool()?);
    }
    if let Some(http_only) = arguments.get("httponly") {
        cookie = cookie.http_only(http_only.as_bool()?);
    }
    match &arguments["samesite"] {
        Value::Null => {}
        Value::String(empty) if empty.is_empty() => {}
        value => match serde_json::from_value::<SameSite>(value.clone()) {
            Ok(same_site) => cookie = cookie.same_site(same_site),
            Err(_) => return Some(Err(())),
        },
    }
    Some(Ok(cookie))
}

#[test]
fn cookies_are_set() {
    replay("cookies.jsonl", "set_cookie", |record| {
        let now = Timestamp::from_second(record["inputs"]["now"].as_i64().unwrap()).unwrap();
        let expected = &record["expected"];
        let mut sent: Vec<(String, String)> = Vec::new();
        let calls = list(&record["inputs"]["calls"]);
        let again = |at: usize| {
            calls[..at]
                .iter()
                .any(|call| call[1]["key"] == calls[at][1]["key"])
        };
        let twice = (0..calls.len()).any(again);
        for (at, call) in calls.iter().enumerate() {
            let Some(cookie) = cookie(call) else {
                return Verdict::Excepted(
                    "the types of a cookie refuse numbers as values, texts as ages and two ends at once",
                );
            };
            let fails = expected["errors"][at].is_object();
            let value = match cookie {
                Ok(cookie) => cookie.to_header_value(now).map_err(|_| ()),
                Err(()) => Err(()),
            };
            match (value, fails) {
                (Err(()), true) => {}
                (Ok(value), false) => {
                    let text = String::from_utf8(value.as_bytes().to_vec()).unwrap();
                    let name = call[1]["key"].as_str().unwrap().to_owned();
                    sent.push((name, text));
                }
                (Err(()), false)
                    if ["path", "domain"]
                        .iter()
                        .any(|name| text(&call[1][name]).contains(';')) =>
                {
                    return Verdict::Excepted(
                        "a semicolon in a path or domain would begin another attribute of the cookie",
                    );
                }
                (ours, _) => return Verdict::Different(format!("{ours:?}, fails there: {fails}")),
            }
        }
        if list(&expected["errors"]).iter().any(Value::is_object) {
            // Half a cookie is left in Django when an argument was refused; none here.
            return Verdict::Same;
        }
        // `lax` and `Lax` are the same to a browser; we write the latter.
        let norm = |text: &str| match text.split_once("SameSite=") {
            Some((before, after)) => format!("{before}SameSite={}", after.to_lowercase()),
            None => text.to_owned(),
        };
        let ours: Vec<String> = sent.iter().map(|(_, text)| norm(text)).collect();
        let theirs: Vec<String> = list(&expected["set_cookie"])
            .iter()
            .map(|value| norm(text(value)))
            .collect();
        match Verdict::compare(ours, theirs) {
            // There the second keeps attributes of the first.
            Verdict::Different(_) if twice => {
                Verdict::Excepted("a cookie that is set a second time replaces the first one whole")
            }
            verdict => verdict,
        }
    });
}
