//! `HttpResponse` and its kin.

use axum::response::{IntoResponse, Response};
use nuages_web::{BadHeader, HttpResponse, ResponseError, StreamResponse, WebSettings};
use serde_json::{Value, json};

use super::{expected_headers, found_headers};
use crate::conformance::{Outcome, bytes_of, compare, replay};

const CONTROL: &str = "a control character in a header value is refused: RFC 9110 allows none, and caches and proxies read them differently";
const NAME: &str = "a header name that is no token of RFC 9110 is refused: no server could send it";

/// A value as text, as Python shows it; `None` for what has no text here.
fn text_of(value: &Value) -> Option<String> {
    Some(match value {
        Value::String(text) => text.clone(),
        Value::Bool(flag) => if *flag { "True" } else { "False" }.to_owned(),
        Value::Null => "None".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Object(typed) => typed.get("float")?.as_str()?.to_owned(),
        Value::Array(_) => return None,
    })
}

/// Text, or bytes that are Latin-1 in a header.
fn header_text(value: &Value) -> Option<String> {
    match value.get("bytes_b64") {
        Some(bytes) => Some(bytes_of(bytes).iter().copied().map(char::from).collect()),
        None => text_of(value),
    }
}

fn write(response: &mut HttpResponse, content: &Value) -> Result<(), ResponseError> {
    match content.get("bytes_b64") {
        Some(bytes) => response.write_bytes(&bytes_of(bytes)),
        None if content.is_array() => content
            .as_array()
            .unwrap()
            .iter()
            .try_for_each(|piece| write(response, piece)),
        None => response.write(&text_of(content).unwrap_or_default()),
    }
}

/// What the types of Rust do not let through, Django must not either.
fn untyped(expected: &Value) -> Outcome {
    if expected.get("error").is_some() {
        Outcome::Same
    } else {
        Outcome::Skipped("a value of a type that only Python takes")
    }
}

/// Puts keyword arguments on a response; an outer `None` is a value of no type of ours.
fn with_kwargs(
    mut response: HttpResponse,
    kwargs: &Value,
) -> Option<Result<HttpResponse, ResponseError>> {
    let mut extra = Vec::new();
    for pair in kwargs.as_array().into_iter().flatten() {
        let value = &pair[1];
        if value.is_null() {
            continue;
        }
        let changed = match pair[0].as_str()? {
            "status" => {
                let text = text_of(value)?;
                match text.parse::<i64>() {
                    Ok(status) => response.status(u16::try_from(status).unwrap_or(0)),
                    Err(_) if value.is_boolean() => {
                        response.status(u16::from(value == &json!(true)))
                    }
                    Err(_) => return None,
                }
            }
            "reason" => Ok(response.reason(value.as_str()?)),
            "content_type" => response.content_type(&header_text(value)?),
            "charset" => response.with_charset(value.as_str()?),
            "preserve_request" => Ok(if value == &json!(true) {
                response.preserving_request()
            } else {
                response
            }),
            "headers" => {
                extra.clone_from(value.as_array()?);
                Ok(response)
            }
            _ => return None,
        };
        match changed {
            Ok(changed) => response = changed,
            Err(error) => return Some(Err(error)),
        }
    }
    for pair in &extra {
        if let Err(error) = response.set_header(pair[0].as_str()?, &header_text(&pair[1])?) {
            return Some(Err(error));
        }
    }
    Some(Ok(response))
}

fn compare_response(response: &HttpResponse, expected: &Value) -> Outcome {
    let mut found = json!({
        "status": response.status_code().as_u16(), "headers": found_texts(response),
        "body": response.content(),
    });
    let mut wanted = json!({
        "status": expected["status"], "headers": expected_headers(&expected["headers"]),
        "body": bytes_of(&expected["body_b64"]),
    });
    if let Some(reason) = expected["reason_phrase"].as_str() {
        found["reason"] = json!(response.reason_phrase());
        wanted["reason"] = json!(reason);
    }
    if let Some(charset) = expected.get("charset") {
        found["charset"] = json!(response.charset());
        wanted["charset"] = charset.clone();
    }
    // And it goes on the way as it is.
    let sent = response.clone().into_response();
    if (sent.status(), sent.headers()) != (response.status_code(), response.headers()) {
        return Outcome::Differs("what is sent".to_owned());
    }
    compare(&found, &wanted)
}

/// Headers as Django shows them: its strings are Latin-1 on the net.
fn found_texts(response: &HttpResponse) -> Value {
    let names = response.headers().keys();
    let pairs = names.map(|name| (name.to_string(), response.header(name.as_str()).unwrap()));
    json!(super::sorted(pairs))
}

fn check(made: Result<HttpResponse, ResponseError>, expected: &Value) -> Outcome {
    let message = &expected["error"]["message"];
    match made {
        Ok(_) if expected.get("error").is_some() => Outcome::Differs("no error".to_owned()),
        Ok(response) => compare_response(&response, expected),
        Err(ResponseError::BadHeader(BadHeader::Control(_))) if message.is_null() => {
            Outcome::Excepted(CONTROL)
        }
        Err(error) if message.is_null() => Outcome::Differs(error.to_string()),
        Err(
            error @ (ResponseError::BadHeader(_)
            | ResponseError::DisallowedRedirect(_)
            | ResponseError::Status),
        ) if expected["error"]["type"] != "TypeError" => {
            compare(&json!(error.to_string()), message)
        }
        Err(_) => Outcome::Same,
    }
}

#[test]
fn responses_are_those_of_django() {
    replay("http.jsonl", &["http_response"], |record| {
        let (inputs, expected) = (&record["inputs"], &record["expected"]);
        let mut settings = WebSettings::default();
        if let Some(charset) = record["settings"]["DEFAULT_CHARSET"].as_str() {
            charset.clone_into(&mut settings.default_charset);
        }
        let Some(made) = with_kwargs(HttpResponse::of(&settings), &inputs["kwargs"]) else {
            return untyped(expected);
        };
        let made = made.and_then(|mut response| {
            if let Some(content) = inputs.get("content") {
                write(&mut response, content)?;
            }
            Ok(response)
        });
        check(made, expected)
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn kinds_of_responses_are_those_of_django() {
    replay("http.jsonl", &["response_class"], |record| {
        let (inputs, expected) = (&record["inputs"], &record["expected"]);
        let empty = Vec::new();
        let args = inputs["args"].as_array().unwrap_or(&empty);
        let first = args.first();
        // A redirect to nothing goes to its text.
        let url = first
            .filter(|url| url.is_string() || url.is_null())
            .and_then(text_of);
        let url = url.as_deref();
        let class = inputs["class"].as_str().unwrap();
        let made = match (class, url) {
            ("HttpResponseRedirect", Some(url)) => HttpResponse::redirect(url),
            ("HttpResponsePermanentRedirect", Some(url)) => HttpResponse::permanent_redirect(url),
            ("HttpResponseNotAllowed", _) if first.is_none() => return untyped(expected),
            ("HttpResponseNotAllowed", _) => {
                let methods = first.and_then(Value::as_array).into_iter().flatten();
                let Some(methods) = methods.map(Value::as_str).collect::<Option<Vec<_>>>() else {
                    return untyped(expected);
                };
                HttpResponse::not_allowed(&methods)
            }
            ("StreamingHttpResponse", _) => {
                let response = StreamResponse::new(futures_util::stream::empty::<
                    Result<&str, std::io::Error>,
                >());
                let response: Response = response.into_response();
                return compare(
                    &json!([
                        response.status().as_u16(),
                        found_headers(response.headers())
                    ]),
                    &json!([expected["status"], expected_headers(&expected["headers"])]),
                );
            }
            ("HttpResponseNotModified", _) => Ok(HttpResponse::not_modified()),
            ("HttpResponseBadRequest", _) => Ok(HttpResponse::bad_request()),
            ("HttpResponseNotFound", _) => Ok(HttpResponse::not_found()),
            ("HttpResponseForbidden", _) => Ok(HttpResponse::forbidden()),
            ("HttpResponseGone", _) => Ok(HttpResponse::gone()),
            ("HttpResponseServerError", _) => Ok(HttpResponse::server_error()),
            ("HttpResponse", _) => Ok(HttpResponse::new()),
            _ => return untyped(expected),
        };
        let has_content = !class.contains("Redirect") && class != "HttpResponseNotAllowed";
        let made = match made {
            Ok(response) => match with_kwargs(response, &inputs["kwargs"]) {
                Some(made) => made,
                None => return untyped(expected),
            },
            Err(error) => Err(error),
        };
        let made = made.and_then(|mut response| {
            if let Some(content) = first.filter(|_| has_content) {
                write(&mut response, content)?;
            }
            Ok(response)
        });
        // Only then is the content set, and only a 304 takes none.
        if let (Some(set), Ok(response)) = (inputs.get("set"), &made) {
            let refused = write(&mut response.clone(), &set[1]).err();
            let found = json!(refused.map(|error| error.to_string()));
            let wanted = &expected["set_error"]["message"];
            if found != *wanted {
                return compare(&found, wanted);
            }
        }
        check(made, expected)
    });
}

/// One operation: its value, or `None` for an error.
fn operate(response: &mut HttpResponse, op: &[Value]) -> Result<Value, ResponseError> {
    let name = op.get(1).and_then(Value::as_str).unwrap_or("");
    let value = op.get(2).and_then(header_text).unwrap_or_default();
    Ok(match op[0].as_str().unwrap() {
        "set" | "setitem" => {
            response.set_header(name, &value)?;
            Value::Null
        }
        "setdefault" => {
            if response.header(name).is_none() {
                response.set_header(name, &value)?;
            }
            Value::Null
        }
        "get" | "getitem" => json!(response.header(name)),
        "has" | "in" => json!(response.header(name).is_some()),
        "del" | "delitem" => {
            response.remove_header(name);
            Value::Null
        }
        // Django hands the name back, too.
        "pop" => match response.remove_header(name) {
            Some(text) => json!([name, text]),
            None => op.get(2).cloned().unwrap_or_default(),
        },
        "write" | "writelines" => {
            write(response, &op[1])?;
            Value::Null
        }
        "tell" => json!(response.content().len()),
        "content" => json!({"bytes": response.content()}),
        "set_content" => {
            response.clear();
            write(response, &op[1])?;
            Value::Null
        }
        "text" => json!(response.text()?),
        "charset" => json!(response.charset()),
        "serialize_headers" => {
            let lines = response
                .headers()
                .iter()
                .map(|(name, value)| [name.as_str().as_bytes(), b": ", value.as_bytes()].concat());
            let mut lines: Vec<Vec<u8>> = lines.collect();
            lines.sort();
            json!({"lines": lines})
        }
        "set_status" => {
            let status = u16::try_from(op[1].as_u64().unwrap()).unwrap();
            *response = response.clone().status(status)?;
            json!(response.reason_phrase())
        }
        "set_reason" => {
            *response = response.clone().reason(name);
            Value::Null
        }
        other => panic!("{other}"),
    })
}

/// What a step of the record says, in the form that `operate` has.
fn step_of(op: &[Value], step: &Value) -> Value {
    let bytes = || bytes_of(&step["value"]["bytes_b64"]);
    match op[0].as_str().unwrap() {
        "serialize_headers" => {
            let text = bytes();
            let lines = text.split(|byte| *byte == b'\n').map(|line| {
                let line = line.strip_suffix(b"\r").unwrap_or(line);
                let end = line.iter().position(|byte| *byte == b':').unwrap_or(0);
                let (name, value) = line.split_at(end);
                [name.to_ascii_lowercase(), value.to_vec()].concat()
            });
            let mut lines: Vec<Vec<u8>> = lines.filter(|line| !line.is_empty()).collect();
            lines.sort();
            json!({"lines": lines})
        }
        "content" => json!({"bytes": bytes()}),
        _ => step["value"].clone(),
    }
}

#[test]
fn headers_and_content_change_as_in_django() {
    replay("http.jsonl", &["response_header"], |record| {
        let mut response = HttpResponse::new();
        let steps = record["expected"]["steps"].as_array().unwrap();
        for (op, step) in record["inputs"]["ops"]
            .as_array()
            .unwrap()
            .iter()
            .zip(steps)
        {
            let op = op.as_array().unwrap();
            let error = step.get("error").filter(|error| !error.is_null());
            match (operate(&mut response, op), error) {
                (Ok(value), None) => {
                    let wanted = step_of(op, step);
                    if value != wanted {
                        if step["value"]
                            .as_str()
                            .is_some_and(|text| text.contains('\n'))
                        {
                            return Outcome::Excepted(
                                "a long encoded word stays on one line: Python folds it over several, which RFC 9110 forbids",
                            );
                        }
                        return Outcome::Differs(format!(
                            "{op:?}: found {value}, expected {wanted}"
                        ));
                    }
                }
                (Ok(_), Some(_)) if matches!(op[0].as_str(), Some("getitem" | "delitem")) => {}
                (Ok(value), Some(error)) => {
                    return Outcome::Differs(format!("{op:?}: found {value}, expected {error}"));
                }
                (Err(ResponseError::BadHeader(BadHeader::Control(_))), None) => {
                    return Outcome::Excepted(CONTROL);
                }
                (Err(ResponseError::BadHeader(BadHeader::Name(_))), None) => {
                    return Outcome::Excepted(NAME);
                }
                (Err(error), None) => return Outcome::Differs(format!("{op:?}: {error}")),
                (Err(error), Some(expected)) if expected["type"] == "BadHeaderError" => {
                    if error.to_string() != *expected["message"].as_str().unwrap() {
                        return Outcome::Differs(format!("{op:?}: {error}, expected {expected}"));
                    }
                }
                (Err(_), Some(_)) => {}
            }
        }
        compare(
            &found_texts(&response),
            &expected_headers(&record["expected"]["headers"]),
        )
    });
}
