//! The functions of `django.utils` about URLs, headers and text, out of the corpus of the templates.

use std::fmt;

use jiff::Timestamp;
use nuages_crypto::encoding::{
    base36_decode, base36_encode, base64_decode, base64_encode, hex_encode,
};
use nuages_security::date::{http_date, parse_http_date};
use nuages_security::hosts::is_same_domain;
use nuages_security::redirect::url_has_allowed_host_and_scheme;
use nuages_security::uri;
use nuages_template::{Items, List, Object, Value as Shown};
use nuages_web::conditional::{parse_etags, quote_etag};
use nuages_web::{Charset, HeaderParams, content_disposition, regex_normalize, urlencode};
use serde_json::{Value, json};

use super::Outcome;
use crate::told::{Told, folder, tell};

const OTHER_TYPE: &str = "an argument of another type does not compile";

/// A value, the class of an error, or nothing where the arguments cannot be put to us.
type Answer = Option<Result<Value, &'static str>>;

#[test]
fn functions_about_urls_headers_and_text_do_what_django_does() {
    let mut differ = Vec::new();
    let mut same = 0;
    for file in ["utils_http", "utils_encoding", "utils_misc"] {
        let path = folder("templates").map(|folder| folder.join(format!("{file}.jsonl")));
        let Some(text) = path.and_then(|path| std::fs::read_to_string(path).ok()) else {
            continue;
        };
        for line in text.lines() {
            let record: Value = serde_json::from_str(line).unwrap();
            let func = record["func"].as_str().unwrap_or("");
            if !["http.", "encoding.", "regex_helper."]
                .iter()
                .any(|module| func.starts_with(module))
            {
                continue;
            }
            let id = record["id"].as_str().unwrap();
            match check(&record, func) {
                Outcome::Same => {
                    same += 1;
                    tell(id, Told::Passed, "");
                }
                Outcome::Elsewhere => {}
                Outcome::Skipped(why) => tell(id, Told::Skipped, why),
                Outcome::Excepted(why) => tell(id, Told::Excepted, why),
                Outcome::Differs(what) => {
                    tell(id, Told::Failed, &what);
                    differ.push(format!("{id} {func} {}: {what}", record["args"]));
                }
            }
        }
    }
    println!("{same} the same");
    assert!(differ.is_empty(), "{} differ:\n{differ:#?}", differ.len());
}

fn check(record: &Value, func: &str) -> Outcome {
    let expected = &record["expected"];
    match run(record, func) {
        None => Outcome::Skipped(OTHER_TYPE),
        Some(Ok(found)) if expected.get("value") == Some(&found) => Outcome::Same,
        Some(Err(class)) if expected["error"]["class"] == class => Outcome::Same,
        Some(found) => {
            let refused = func == "http.url_has_allowed_host_and_scheme"
                && found == Ok(json!(false))
                && expected["value"] == true;
            let why = record["args"][0].as_str().and_then(stricter);
            match why.filter(|_| refused) {
                Some(why) => Outcome::Excepted(why),
                None => Outcome::Differs(format!("found {found:?}, expected {expected}")),
            }
        }
    }
}

/// The rule by which we refuse a URL that Django takes for safe; nothing where we have none.
fn stricter(url: &str) -> Option<&'static str> {
    let authority = url.split_once("//").map_or("", |(_, rest)| {
        rest.split(['/', '?', '#']).next().unwrap_or("")
    });
    let slashes = url.trim().chars().all(|c| c == '/');
    match () {
        () if authority.contains('@') => Some("a host that is allowed has no user name in it"),
        () if url.contains('\\') => Some("browsers read a backslash as a slash"),
        () if url.contains(['\t', '\n', '\r']) => Some("browsers drop tabs and line ends"),
        () if slashes && url.trim().len() > 1 => {
            Some("two slashes begin a host, and there is none")
        }
        () => None,
    }
}

#[test]
fn only_what_a_rule_of_ours_refuses_is_an_exception() {
    for (url, excepted) in [
        ("http://user:pass@testserver/", true),
        ("http://testserver\\me", true),
        ("/a\tb", true),
        ("//", true),
        ("/", false),
        ("/a@b", false),
        ("http://testserver/a@b", false),
        ("https://testserver/?next=//x", false),
        ("HTTPS://testserver/", false),
        ("", false),
    ] {
        assert_eq!(stricter(url).is_some(), excepted, "{url:?}");
    }
}

fn run(record: &Value, func: &str) -> Answer {
    let arg = &record["args"][0];
    let named = |at: usize, name: &str| match record["args"].get(at) {
        Some(found) => found.clone(),
        None => record["kwargs"][name].clone(),
    };
    let text = arg.as_str();
    let or_error = |found: Option<Value>| Some(found.ok_or("ValueError"));
    match func {
        "http.base36_to_int" => or_error(base36_decode(text?).map(|number| {
            i64::try_from(number).map_or_else(
                |_| json!({ "$int": number.to_string() }),
                |number| json!(number),
            )
        })),
        "http.int_to_base36" => {
            let number = match arg.get("$int") {
                Some(text) => text.as_str()?.parse::<i128>().ok()?,
                None => i128::from(arg.as_i64()?),
            };
            or_error(u128::try_from(number).ok().map(|n| json!(base36_encode(n))))
        }
        "http.urlsafe_base64_encode" => Some(Ok(json!(base64_encode(bytes(arg)?)))),
        "http.urlsafe_base64_decode" => or_error(base64_decode(text?).map(|it| tagged(&it))),
        "http.content_disposition_header" => {
            let header = content_disposition(arg.as_bool()?, named(1, "filename").as_str()?);
            Some(Ok(
                header.map_or(Value::Null, |it| json!(it.to_str().unwrap()))
            ))
        }
        "http.escape_leading_slashes" => Some(Ok(json!(uri::escape_leading_slashes(text?)))),
        "http.http_date" => {
            let seconds = arg
                .as_f64()
                .or_else(|| arg["$float"].as_str()?.parse().ok());
            let moment = match seconds {
                Some(seconds) => {
                    let since = jiff::SignedDuration::try_from_secs_f64(seconds).ok()?;
                    Timestamp::from_duration(since).ok()?
                }
                None => now(record)?,
            };
            Some(Ok(json!(http_date(moment))))
        }
        "http.parse_http_date" => {
            let now = now(record).unwrap_or(Timestamp::from_second(1_780_000_000).unwrap());
            or_error(parse_http_date(text?, now).map(|at| json!(at.as_second())))
        }
        "http.is_same_domain" => Some(Ok(json!(is_same_domain(
            text?,
            named(1, "pattern").as_str()?
        )))),
        "http.parse_etags" => Some(Ok(json!(parse_etags(text?)))),
        "http.quote_etag" => Some(Ok(json!(quote_etag(text?)))),
        "http.parse_header_parameters" => {
            let most = match record["kwargs"].get("max_length") {
                Some(Value::Null) => usize::MAX,
                _ => named(1, "max_length")
                    .as_u64()
                    .map_or(10_000, |n| usize::try_from(n).unwrap_or(usize::MAX)),
            };
            let line = if arg.is_null() { "" } else { text? };
            or_error(
                HeaderParams::parse_within(line, most)
                    .map(|it| json!({ "$tuple": [it.value, { "$dict": it.params }] })),
            )
        }
        "http.url_has_allowed_host_and_scheme" => {
            let hosts = match named(1, "allowed_hosts") {
                Value::String(host) => vec![json!(host)],
                Value::Array(hosts) => hosts,
                other => other["$set"].as_array().cloned().unwrap_or_default(),
            };
            let hosts: Vec<&str> = hosts.iter().filter_map(Value::as_str).collect();
            let https = named(2, "require_https") == true;
            let url = if arg.is_null() { "" } else { text? };
            Some(Ok(json!(url_has_allowed_host_and_scheme(
                url, &hosts, https
            ))))
        }
        "http.urlencode" => {
            let each = named(1, "doseq") == true;
            let found = urlencode(&pairs(arg)?, each);
            Some(found.map(|it| json!(it)).map_err(|_| "TypeError"))
        }
        "encoding.escape_uri_path" => Some(Ok(json!(uri::escape_uri_path(text?)))),
        "encoding.filepath_to_uri" | "encoding.iri_to_uri" | "encoding.uri_to_iri"
            if arg.is_null() =>
        {
            Some(Ok(Value::Null))
        }
        "encoding.filepath_to_uri" => Some(Ok(json!(uri::filepath_to_uri(text?)))),
        "encoding.iri_to_uri" => Some(Ok(json!(uri::iri_to_uri(text?)))),
        "encoding.uri_to_iri" => Some(Ok(json!(uri::uri_to_iri(text?)))),
        "encoding.repercent_broken_unicode" => Some(Ok(tagged(
            uri::repercent_broken_unicode(&bytes(arg)?).as_bytes(),
        ))),
        "encoding.smart_str" | "encoding.force_str" => {
            plain(record)?;
            match bytes(arg) {
                Some(bytes) => {
                    let found = charset(record)?.decode_strictly(&bytes).map(|it| json!(it));
                    Some(found.ok_or("DjangoUnicodeDecodeError"))
                }
                None => Some(Ok(json!(shown(arg)?.to_text()))),
            }
        }
        "encoding.smart_bytes" | "encoding.force_bytes" => {
            plain(record)?;
            let text = match bytes(arg) {
                Some(bytes) if charset(record)?.is_utf8() => return Some(Ok(tagged(&bytes))),
                Some(bytes) => match String::from_utf8(bytes) {
                    Ok(text) => text,
                    Err(_) => return Some(Err("UnicodeDecodeError")),
                },
                None => shown(arg)?.to_text().into_owned(),
            };
            let found = charset(record)?.encode(&text).map(|it| tagged(&it));
            Some(found.ok_or("UnicodeEncodeError"))
        }
        "regex_helper.normalize" => {
            let forms = regex_normalize(text?)?;
            let forms: Vec<Value> = forms.iter().map(|it| json!({ "$tuple": it })).collect();
            Some(Ok(json!(forms)))
        }
        _ => None,
    }
}

/// Nothing for the options that are about Python's types and ways to pass over errors.
fn plain(record: &Value) -> Option<()> {
    let kwargs = &record["kwargs"];
    let is_plain = record["args"].as_array()?.len() <= 2
        && kwargs.get("errors").is_none()
        && kwargs.get("strings_only").is_none();
    is_plain.then_some(())
}

fn charset(record: &Value) -> Option<Charset> {
    let name = record["args"]
        .get(1)
        .or_else(|| record["kwargs"].get("encoding"));
    Charset::of_label(name.and_then(Value::as_str).unwrap_or("utf-8"))
}

fn now(record: &Value) -> Option<Timestamp> {
    record["now"].as_str()?.parse().ok()
}

fn bytes(json: &Value) -> Option<Vec<u8>> {
    let hex = json["$bytes"].as_str()?;
    let pairs = (0..hex.len()).step_by(2);
    pairs
        .map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok())
        .collect()
}

fn tagged(bytes: &[u8]) -> Value {
    json!({ "$bytes": hex_encode(bytes) })
}

/// The pairs of a dictionary, or of a list of pairs.
fn pairs(json: &Value) -> Option<Vec<(String, Shown<'static>)>> {
    let pairs = ["$dict", "$multivaluedict", "$querydict"];
    let found = pairs.iter().find_map(|tag| json.get(tag));
    let pairs = found.unwrap_or(json).as_array()?.iter();
    pairs
        .map(|pair| {
            let pair = pair.get("$tuple").unwrap_or(pair);
            Some((shown(&pair[0])?.to_text().into_owned(), shown(&pair[1])?))
        })
        .collect()
}

/// A value as templates have it.
fn shown(json: &Value) -> Option<Shown<'static>> {
    let all = |items: &Value| {
        items
            .as_array()?
            .iter()
            .map(shown)
            .collect::<Option<Vec<_>>>()
    };
    Some(match json {
        Value::Null => Shown::None,
        Value::Bool(yes) => Shown::Bool(*yes),
        Value::Number(number) => Shown::Int(number.as_i64()?),
        Value::String(text) => Shown::from(text.clone()),
        Value::Array(_) => Shown::list(all(json)?),
        Value::Object(map) => match map.iter().next()? {
            (tag, body) if tag == "$tuple" => Shown::List(List::tuple(all(body)?)),
            (tag, body) if tag == "$float" => Shown::Float(body.as_str()?.parse().ok()?),
            (tag, body) if tag == "$range" && body[2] == 1 => {
                Shown::object(Range(body[0].as_i64()?, body[1].as_i64()?))
            }
            (tag, body) if tag == "$obj" => Shown::from(body["str"].as_str()?.to_owned()),
            _ => return None,
        },
    })
}

struct Range(i64, i64);

impl Object for Range {
    fn iterate(&self) -> Option<Items<'_>> {
        Some(Box::new((self.0..self.1).map(Shown::from)))
    }

    fn display(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        write!(out, "range({}, {})", self.0, self.1)
    }
}
