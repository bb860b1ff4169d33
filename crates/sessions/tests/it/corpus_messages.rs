//! The recorded behaviour of Django's messages, through the layers.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum_core::body::Body;
use futures_util::FutureExt;
use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderValue, Request, Response};
use jiff::Timestamp;
use nuages_base::{Clock, SettingsGroup as _};
use nuages_sessions::{
    Level, MemoryStore, Message, MessageCodec, MessageSettings, Messages, MessagesLayer, Session,
    SessionLayer, SessionSettings,
};
use nuages_template::SafeString;
use serde_json::{Value, json};
use tower_layer::Layer;
use tower_service::Service;

use crate::asserted::{self, Outcome};
use crate::corpus::codec_keys;
use crate::site::{View, ok, run};

fn replay<O: Into<Outcome>>(kind: &str, run: impl Fn(&Value) -> O) {
    asserted::replay("web", "messages.jsonl", kind, run);
}

const NO_MESSAGE: Outcome =
    Outcome::Excepted("what is no message in a signed list is passed over; Django fails on it");

/// The text of a message: Django makes one of whatever it is given.
fn message(level: Level, value: &Value, tags: Option<&Value>) -> Option<Message> {
    let message = match value {
        Value::String(text) => Message::new(level, text.as_str()),
        Value::Number(number) => Message::new(level, number.to_string()),
        Value::Bool(true) => Message::new(level, "True"),
        Value::Bool(false) => Message::new(level, "False"),
        Value::Null => Message::new(level, "None"),
        value if value["safe"].is_string() => {
            Message::html(level, &SafeString::assert_safe(value["safe"].as_str()?))
        }
        value if value["float"].is_string() => Message::new(level, value["float"].as_str()?),
        value if value["int"].is_string() => Message::new(level, value["int"].as_str()?),
        _ => return None,
    };
    Some(match tags {
        None => message,
        Some(Value::Null) => message.without_extra_tags(),
        Some(Value::String(tags)) => message.extra_tags(tags.as_str()),
        Some(_) => return None,
    })
}

fn level(value: &Value) -> Option<Level> {
    let number = value
        .as_i64()
        .or_else(|| value.as_str()?.trim().parse().ok());
    Some(Level(i32::try_from(number?).ok()?))
}

/// A message as the records show it.
fn shown(message: &Message, tag: &str) -> Value {
    let words = [message.extra().unwrap_or_default(), tag];
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let text = if message.is_safe() {
        json!({"safe": message.to_string()})
    } else {
        json!(message.to_string())
    };
    json!({"level": message.level().0, "message": text, "extra_tags": message.extra(), "level_tag": tag, "tags": words.join(" ")})
}

fn settings(of: &[&Value]) -> (MessageSettings, SessionSettings, bool) {
    let (mut messages, mut sessions, mut debug) = (
        MessageSettings::default(),
        SessionSettings::default(),
        false,
    );
    for settings in of {
        for (name, value) in settings.as_object().into_iter().flatten() {
            match name.as_str() {
                "DEBUG" => debug = value == true,
                "MESSAGE_TAGS" => {
                    for pair in value.as_array().unwrap() {
                        let tag = pair[1].as_str().unwrap().to_owned();
                        messages
                            .message_tags
                            .insert(level(&pair[0]).unwrap().0, tag);
                    }
                }
                name => {
                    let name = name.to_lowercase();
                    let known =
                        messages.set(&name, value).unwrap() || sessions.set(&name, value).unwrap();
                    assert!(
                        known || ["secret_key", "secret_key_fallbacks"].contains(&name.as_str()),
                        "{name}"
                    );
                }
            }
        }
    }
    (messages, sessions, debug)
}

fn clock(record: &Value) -> Clock {
    let now = record["inputs"]["now"].as_i64().unwrap_or(1_780_000_000);
    Clock::held(Timestamp::from_second(now).unwrap())
}

/// The tags of these settings, through the public handle.
async fn with_handle<R: Send + 'static>(
    record: &Value,
    look: impl Fn(&Messages) -> R + Clone + Send + Sync + 'static,
) -> R {
    let (messages, sessions, debug) = settings(&[&record["settings"]]);
    let layer = MessagesLayer::new(&codec_keys(record), messages, sessions, clock(record))
        .with_debug(debug);
    let (send, result) = ().into_channel();
    let view = View(move |req: &Request<Body>| {
        send.lock()
            .unwrap()
            .replace(look(req.extensions().get::<Messages>().unwrap()));
        async { ok() }.boxed()
    });
    layer
        .layer(view)
        .call(Request::new(Body::empty()))
        .await
        .unwrap();
    result.lock().unwrap().take().unwrap()
}

/// A place for one value.
type Place<R> = Arc<std::sync::Mutex<Option<R>>>;

/// A place for one value that a view leaves behind.
trait IntoChannel {
    fn into_channel<R>(self) -> (Place<R>, Place<R>);
}

impl<T> IntoChannel for T {
    fn into_channel<R>(self) -> (Place<R>, Place<R>) {
        let place = Arc::new(std::sync::Mutex::new(None));
        (place.clone(), place)
    }
}

async fn all_shown(record: &Value, messages: Vec<Message>) -> Value {
    with_handle(record, move |handle| {
        let list: Vec<Value> = messages
            .iter()
            .map(|message| shown(message, handle.level_tag(message.level())))
            .collect();
        json!(list)
    })
    .await
}

fn same_payload(codec: &MessageCodec, ours: &str, theirs: &Value, place: &str) {
    if theirs["compressed"] == true {
        assert!(ours.starts_with('.'), "{place}: not compressed");
        let list = codec.decode(ours).unwrap();
        let payload: Value =
            serde_json::from_str(theirs["payload_json"].as_str().unwrap()).unwrap();
        let expected = MessageCodec::from_session(&payload);
        assert_eq!(list, expected, "{place}");
    } else {
        assert_eq!(ours, theirs["value"], "{place}");
    }
}

#[test]
fn messages_are_written_as_django_writes_them() {
    replay("message_encode", |record| {
        let mut messages = Vec::new();
        for given in record["inputs"]["messages"].as_array().unwrap() {
            let Some(message) = level(&given[0]).and_then(|level| {
                message(level, &given[1], Some(given.get(2).unwrap_or(&Value::Null)))
            }) else {
                return Outcome::Excepted("a lone surrogate is no text");
            };
            messages.push(message);
        }
        let (codec, expected) = (MessageCodec::new(&codec_keys(record)), &record["expected"]);
        let id = record["id"].as_str().unwrap();
        if expected["cookie"].is_null() {
            assert!(messages.is_empty(), "{id}");
        } else {
            let cookie = codec.encode(&messages, clock(record).now());
            same_payload(&codec, &cookie, &expected["cookie"], id);
        }
        assert_eq!(
            MessageCodec::to_session(&messages),
            expected["session"],
            "{id}"
        );
        if expected["messages"].is_array() {
            assert_eq!(
                run(all_shown(record, messages)),
                expected["messages"],
                "{id}"
            );
        }
        Outcome::Same
    });
}

/// Whether a list of the records holds anything but messages.
fn has_other(list: &Value) -> bool {
    list.as_array()
        .into_iter()
        .flatten()
        .any(|item| item.get("raw").is_some() || !item.is_object())
}

#[test]
fn cookies_of_messages_are_read_as_django_reads_them() {
    replay("message_decode", |record| {
        let expected = &record["expected"];
        if expected.get("error").is_some_and(|error| !error.is_null())
            || has_other(&expected["messages"])
            || expected["messages"].is_object()
        {
            return NO_MESSAGE;
        }
        let mut texts = expected["messages"].as_array().into_iter().flatten();
        if texts.any(|one| !one["message"].is_string() && one["message"]["safe"].is_null()) {
            return Outcome::Excepted(
                "a message is text: another kind of value in a signed list is passed over",
            );
        }
        let codec = MessageCodec::new(&codec_keys(record));
        let read = record["inputs"]["cookie"]
            .as_str()
            .filter(|cookie| !cookie.is_empty());
        let read = read.and_then(|cookie| codec.decode(cookie));
        let ours = match read {
            Some(messages) => run(all_shown(record, messages)),
            None => Value::Null,
        };
        if !expected["messages"].is_array() && ours == json!([]) {
            return NO_MESSAGE;
        }
        assert_eq!(ours, expected["messages"], "{}", record["id"]);
        Outcome::Same
    });
}

#[test]
fn messages_of_a_session_are_read_as_django_reads_them() {
    replay("message_session_decode", |record| {
        let expected = &record["expected"];
        if expected.get("error").is_some() || has_other(&expected["messages"]) {
            return NO_MESSAGE;
        }
        let messages = MessageCodec::from_session(&record["inputs"]["data"]);
        if expected["messages"].is_null() {
            assert!(messages.is_empty());
        } else {
            assert_eq!(run(all_shown(record, messages)), expected["messages"]);
        }
        Outcome::Same
    });
}

/// Does the operations of one step, and notes what each gave.
async fn act(messages: Messages, ops: Vec<Value>) -> Vec<Value> {
    let mut given = Vec::new();
    for op in ops {
        let value = match op[0].as_str().unwrap() {
            "len" => json!(messages.count().await.unwrap()),
            "iterate" => {
                let taken = messages.take().await.unwrap();
                let list: Vec<Value> = taken
                    .iter()
                    .map(|one| shown(one, messages.level_tag(one.level())))
                    .collect();
                json!(list)
            }
            "get_level" => json!(messages.level().0),
            "set_level" => {
                messages.set_level(level(&op[1]));
                json!(true)
            }
            "set_used" => {
                assert_eq!(op[1], false);
                messages.keep();
                Value::Null
            }
            "contains" => {
                let wanted = message(level(&op[1]).unwrap(), &op[2], None).unwrap();
                let same = |one: &Message| {
                    one.level() == wanted.level() && one.to_string() == wanted.to_string()
                };
                json!(messages.peek().await.unwrap().iter().any(same))
            }
            name => {
                let (level, text, tags) = match name {
                    "add" => (level(&op[1]).unwrap(), &op[2], op.get(3)),
                    "debug" => (Level::DEBUG, &op[1], op.get(2)),
                    "info" => (Level::INFO, &op[1], op.get(2)),
                    "success" => (Level::SUCCESS, &op[1], op.get(2)),
                    "warning" => (Level::WARNING, &op[1], op.get(2)),
                    "error" => (Level::ERROR, &op[1], op.get(2)),
                    other => panic!("unknown operation {other}"),
                };
                // Django drops whatever is false; a message here is text, and empty text is dropped.
                let is_false = text.is_null() || *text == false || text.as_f64() == Some(0.0);
                let text = if is_false { &json!("") } else { text };
                messages.add(message(level, text, tags).unwrap());
                Value::Null
            }
        };
        given.push(value);
    }
    given
}

/// The reason why a scenario cannot be the same here.
fn exception(record: &Value) -> Option<Outcome> {
    let (steps, expected) = (
        record["inputs"]["steps"].as_array()?,
        record["expected"]["steps"].as_array()?,
    );
    for (step, expected) in steps.iter().zip(expected) {
        let ops = step["ops"].as_array()?;
        for (index, op) in ops.iter().enumerate() {
            let answer = &expected["ops"][index];
            let adds = |at: usize, text: usize| {
                level(&op[at]).is_none()
                    || message(Level::INFO, &op[text], op.get(text + 1)).is_none()
            };
            let refused = match op[0].as_str()? {
                "add" => adds(1, 2),
                "debug" | "info" | "success" | "warning" | "error" => {
                    message(Level::INFO, &op[1], op.get(2)).is_none()
                }
                "set_level" => !op[1].is_null() && level(&op[1]).is_none(),
                _ => false,
            };
            if refused {
                return Some(Outcome::Excepted(
                    "a level is a number and a message is text: the compiler refuses other things",
                ));
            }
            if answer.get("error").is_some() && op[0] == "set_level" {
                return Some(Outcome::Excepted(
                    "resetting a level that was not set is no error",
                ));
            }
            if answer.get("error").is_some() || has_other(&answer["value"]) && op[0] == "iterate" {
                return Some(NO_MESSAGE);
            }
        }
        let message = &expected["error"]["message"];
        if !expected["error"].is_null() && message != "Not all temporary messages could be stored."
        {
            return Some(NO_MESSAGE);
        }
    }
    None
}

#[test]
fn scenarios_go_as_with_django() {
    replay("message_scenario", |record| {
        if let Some(outcome) = exception(record) {
            return outcome;
        }
        run(check_scenario(record));
        Outcome::Same
    });
}

async fn check_scenario(record: &Value) {
    let inputs = &record["inputs"];
    let (store, clock) = (Arc::new(MemoryStore::new()), clock(record));
    let mut jar: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in inputs["cookies"].as_object().into_iter().flatten() {
        jar.insert(name.clone(), value.as_str().unwrap().to_owned());
    }
    let storage = inputs["storage"].as_str().unwrap();
    let storage = json!({"MESSAGE_STORAGE": format!("django.contrib.messages.storage.{storage}")});
    let start = inputs["session"].clone();
    let steps = inputs["steps"].as_array().unwrap();
    for (index, (step, expected)) in steps
        .iter()
        .zip(record["expected"]["steps"].as_array().unwrap())
        .enumerate()
    {
        let place = format!("{} step {index}", record["id"]);
        let (message_settings, session_settings, debug) =
            settings(&[&record["settings"], &step["settings"], &storage]);
        let codec = MessageCodec::new(&codec_keys(record));
        let messages = MessagesLayer::new(
            &codec_keys(record),
            message_settings,
            session_settings.clone(),
            clock.clone(),
        )
        .with_debug(debug);
        let sessions = SessionLayer::new(store.clone(), SessionSettings::default(), clock.clone());
        let (given, left) = ().into_channel::<Vec<Value>>();
        let (seen, session) = ().into_channel::<Session>();
        let (ops, start, first) = (
            step["ops"].as_array().unwrap().clone(),
            start.clone(),
            index == 0,
        );
        let view = View(move |req: &Request<Body>| {
            let handle = req.extensions().get::<Messages>().unwrap().clone();
            let session = req.extensions().get::<Session>().unwrap().clone();
            let (given, seen, ops, start) =
                (given.clone(), seen.clone(), ops.clone(), start.clone());
            async move {
                if first {
                    for (name, value) in start.as_object().into_iter().flatten() {
                        session.set(name, value).await.unwrap();
                    }
                }
                let values = act(handle, ops).await;
                given.lock().unwrap().replace(values);
                seen.lock().unwrap().replace(session);
                ok()
            }
            .boxed()
        });
        let mut req = Request::new(Body::empty());
        let cookies: Vec<String> = jar
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if !cookies.is_empty() {
            req.headers_mut()
                .insert(COOKIE, HeaderValue::from_str(&cookies.join("; ")).unwrap());
        }
        let res = sessions
            .layer(messages.layer(view))
            .call(req)
            .await
            .unwrap();

        let values = left.lock().unwrap().take().unwrap();
        for (value, theirs) in values.iter().zip(expected["ops"].as_array().unwrap()) {
            assert_eq!(*value, theirs["value"], "{place}");
        }
        if expected["error"].is_null() {
            check_cookie(&res, &expected["set_cookie"], &codec, &place);
        } else {
            assert_eq!(res.status(), 500, "{place}");
        }
        let session = session.lock().unwrap().take().unwrap();
        let kept = session.get::<Value>("_messages").await.unwrap();
        assert_eq!(
            kept.unwrap_or(Value::Null),
            expected["session"],
            "{place}: session"
        );
        keep(&mut jar, &res);
    }
}

fn check_cookie(res: &Response<Body>, theirs: &Value, codec: &MessageCodec, place: &str) {
    let cookies = res.headers().get_all(SET_COOKIE).iter();
    let ours = cookies
        .map(|value| value.to_str().unwrap())
        .find(|cookie| cookie.starts_with("messages="));
    let Some(ours) = ours else {
        assert!(theirs.is_null(), "{place}: no cookie was set");
        return;
    };
    assert!(!theirs.is_null(), "{place}: {ours}");
    let (pair, attributes) = ours.split_once("; ").unwrap();
    let value = pair.strip_prefix("messages=").unwrap();
    if theirs["value"].is_null() {
        assert_eq!(value, "\"\"", "{place}");
    } else {
        same_payload(codec, value, &theirs["value"], place);
    }
    let mut attributes: Vec<&str> = attributes.split("; ").collect();
    attributes.sort_unstable();
    let mut wanted = Vec::new();
    for (name, member) in [
        ("expires", "expires"),
        ("Max-Age", "max_age"),
        ("Path", "path"),
        ("Domain", "domain"),
        ("SameSite", "samesite"),
    ] {
        match &theirs[member] {
            Value::String(text) => wanted.push(format!("{name}={text}")),
            Value::Number(number) => wanted.push(format!("{name}={number}")),
            _ => {}
        }
    }
    for (name, member) in [("Secure", "secure"), ("HttpOnly", "httponly")] {
        if theirs[member] == true {
            wanted.push(name.to_owned());
        }
    }
    wanted.sort_unstable();
    assert_eq!(attributes, wanted, "{place}");
}

fn keep(jar: &mut BTreeMap<String, String>, res: &Response<Body>) {
    for header in res.headers().get_all(SET_COOKIE) {
        let text = header.to_str().unwrap();
        let (pair, attributes) = text.split_once(';').unwrap_or((text, ""));
        let (name, value) = pair.split_once('=').unwrap();
        if attributes.contains("Max-Age=0") {
            jar.remove(name);
        } else {
            jar.insert(name.to_owned(), value.to_owned());
        }
    }
}
