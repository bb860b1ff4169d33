//! The recorded behaviour of Django's sessions.

use std::sync::Arc;

use http::header::{SET_COOKIE, VARY};
use http::{Request, StatusCode};
use jiff::{SignedDuration, Timestamp};
use nuages_base::{Clock, SettingsGroup as _};
use nuages_crypto::KeyRing;
use nuages_sessions::{
    CookieStore, Expiry, MemoryStore, Session, SessionCodec, SessionData, SessionLayer,
    SessionSettings, SessionStore, Sessions,
};
use serde_json::Value;

use axum_core::body::Body;
use futures_util::FutureExt;
use tower_layer::Layer;
use tower_service::Service;

use crate::asserted::{self, Outcome};
use crate::corpus_ops::check_given_end;
use crate::site::{View, run};

const SECRET_KEY: &str = "conformance-corpus-secret-key-0123456789-abcdefghijklmnopqrstuvwxyz";

/// Replays the session records of one kind.
pub(crate) fn replay<O: Into<Outcome>>(kind: &str, run: impl Fn(&Value) -> O) {
    asserted::replay("security", "session.jsonl", kind, run);
}

pub(crate) fn settings(record: &Value) -> SessionSettings {
    let mut settings = SessionSettings::default();
    for (name, value) in record["settings"].as_object().unwrap() {
        settings.set(&name.to_lowercase(), value).unwrap();
    }
    settings
}

pub(crate) fn clock(record: &Value) -> Clock {
    let now = record["inputs"]["now"].as_f64().unwrap_or(1_780_000_000.0);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "microseconds of this century"
    )]
    Clock::held(Timestamp::from_microsecond((now * 1e6) as i64).unwrap())
}

/// The keys of a record, former ones included.
pub(crate) fn codec_keys(record: &Value) -> KeyRing {
    let key = record["settings"]["SECRET_KEY"].as_str();
    let former = record["settings"]["SECRET_KEY_FALLBACKS"].as_array();
    let former = former.into_iter().flatten().filter_map(Value::as_str);
    KeyRing::new(key.unwrap_or(SECRET_KEY)).with_fallbacks(former)
}

fn codec(record: &Value) -> SessionCodec {
    SessionCodec::new(&codec_keys(record))
}

fn is_cookie_backend(record: &Value) -> bool {
    record["inputs"]["backend"] == "signed_cookies"
}

#[test]
fn sessions_are_written_as_django_writes_them() {
    replay("session_encode", |record| {
        let text = record["inputs"]["data_json"].as_str().unwrap();
        let Ok(data) = serde_json::from_str::<SessionData>(text) else {
            return Outcome::Excepted("NaN and lone surrogates are not JSON here");
        };
        let encoded = if is_cookie_backend(record) {
            // The key of such a session is the session.
            let (settings, clock) = (settings(record), clock(record));
            let store = CookieStore::new(&codec_keys(record), settings, clock.clone());
            let issued = run(store.issue(&data, clock.now(), |key| key.into())).unwrap();
            issued.to_string()
        } else {
            codec(record).encode(&data, clock(record).now()).unwrap()
        };
        let theirs = record["expected"]["encoded"].as_str().unwrap();
        if record["expected"]["compressed"] == true {
            assert!(encoded.starts_with('.'), "{}", record["id"]);
            for text in [encoded.as_str(), theirs] {
                if is_cookie_backend(record) {
                    let (settings, clock) = (settings(record), clock(record));
                    let store = CookieStore::new(&codec_keys(record), settings, clock.clone());
                    let read = run(store.load(text, clock.now())).unwrap().unwrap();
                    assert_eq!(read.data, data);
                } else {
                    assert_eq!(codec(record).decode(text), data);
                }
            }
        } else {
            assert_eq!(encoded, theirs, "{}", record["id"]);
        }
        Outcome::Same
    });
}

#[test]
fn sessions_are_read_as_django_reads_them() {
    replay("session_decode", |record| {
        let expected = record["expected"]["data_json"].as_str().unwrap();
        let expected: Value = serde_json::from_str(expected).unwrap();
        let data = codec(record).decode(record["inputs"]["encoded"].as_str().unwrap());
        // What is not a dictionary breaks Django later; here it is an empty session.
        let expected = expected.as_object().cloned().unwrap_or_default();
        assert_eq!(data, expected, "{}", record["id"]);
        true
    });
}

pub(crate) fn expiry(value: &Value) -> Option<Expiry> {
    Some(match value {
        Value::Null => Expiry::Default,
        Value::Number(number) => match number.as_i64()? {
            0 => Expiry::BrowserClose,
            seconds => Expiry::Seconds(seconds),
        },
        Value::Object(_) if value["timedelta"].is_number() => {
            Expiry::After(SignedDuration::from_secs_f64(value["timedelta"].as_f64()?))
        }
        // A naive datetime has no meaning in UTC; Django fails on it later.
        _ => Expiry::At(value["datetime"].as_str()?.parse().ok()?),
    })
}

#[test]
fn sessions_end_when_django_ends_them() {
    replay("session_expiry", |record| {
        let (inputs, expected) = (&record["inputs"], &record["expected"]);
        if record["settings"]["USE_TZ"] == false {
            return Outcome::Excepted("there is no USE_TZ = False: moments are in UTC");
        }
        let moment =
            |value: &Value| -> Timestamp { value["datetime"].as_str().unwrap().parse().unwrap() };
        let changed = inputs.get("modification").map(moment);
        if let Some(value) = inputs.get("expiry") {
            let Some(end) = expiry(value) else {
                return Outcome::Excepted("a moment without an offset is no moment");
            };
            let changed = changed.unwrap_or_else(|| clock(record).now());
            check_given_end(record, changed, end);
            return Outcome::Same;
        }
        run(async {
            let sessions = Sessions::new(
                Arc::new(MemoryStore::new()),
                settings(record),
                clock(record),
            );
            let session = sessions.open(None);
            if let Some(stored) = inputs.get("stored") {
                session.set("_session_expiry", stored).await.unwrap();
            } else if let Some(value) = inputs.get("set_expiry") {
                let Some(expiry) = expiry(value) else {
                    return Outcome::Excepted(
                        "a moment without an offset is no moment; Django fails on it later",
                    );
                };
                session.set_expiry(expiry).await.unwrap();
            }
            if let Some(changed) = changed {
                let (age, date) = session.expiry_since(changed).await.unwrap();
                assert_eq!(age.as_secs(), expected["age"], "{}", record["id"]);
                let theirs: Timestamp = expected["date"].as_str().unwrap().parse().unwrap();
                assert_eq!(date, theirs, "{}", record["id"]);
                return Outcome::Same;
            }
            let close = session.expires_at_browser_close().await.unwrap();
            assert_eq!(close, expected["at_browser_close"], "{}", record["id"]);
            if let Some(age) = expected["age"].as_f64() {
                #[expect(clippy::cast_possible_truncation, reason = "seconds")]
                let age = age as i64;
                assert_eq!(
                    session.expiry_age().await.unwrap().as_secs(),
                    age,
                    "{}",
                    record["id"]
                );
            }
            if let Some(Ok(date)) = expected["date"].as_str().map(str::parse::<Timestamp>) {
                assert_eq!(
                    session.expiry_date().await.unwrap(),
                    date,
                    "{}",
                    record["id"]
                );
            }
            if let (Some(stored), Value::Object(_)) =
                (expected["stored"].as_str(), &inputs["set_expiry"])
            {
                let ours: Option<String> = session.get("_session_expiry").await.unwrap();
                if stored.ends_with("+00:00") {
                    assert_eq!(ours.as_deref(), Some(stored), "{}", record["id"]);
                }
            }
            Outcome::Same
        })
    });
}

/// Does to the session what the record's view does.
async fn act(session: Session, store: Arc<MemoryStore>, actions: Vec<Value>) {
    for action in actions {
        match action.as_str().or_else(|| action[0].as_str()).unwrap() {
            "session_read" => {
                session.get::<Value>("k").await.unwrap();
            }
            "session_write" => session.set("k", "v").await.unwrap(),
            "session_clear" => session.clear(),
            "session_flush" => session.flush().await.unwrap(),
            "session_cycle" => session.cycle_key().await.unwrap(),
            "session_set" => {
                let name = action[1].as_str().unwrap();
                session.set(name, &action[2]).await.unwrap();
            }
            "session_del" => {
                session.remove(action[1].as_str().unwrap()).await.unwrap();
            }
            "session_set_expiry" => {
                if let Some(expiry) = expiry(&action[1]) {
                    session.set_expiry(expiry).await.unwrap();
                }
            }
            "session_modified" => session.set_modified(),
            "session_row_delete" => {
                session.contains("k").await.unwrap();
                if let Some(key) = session.session_key() {
                    store.delete(&key).await.unwrap();
                }
            }
            other => panic!("unknown action {other}"),
        }
    }
}

#[test]
fn responses_carry_the_cookies_that_django_sends() {
    replay("session_response", |record| {
        let (inputs, expected) = (&record["inputs"], &record["expected"]);
        let actions = inputs["view"]["actions"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        if ["USE_TZ", "TIME_ZONE", "SESSION_SERIALIZER"]
            .iter()
            .any(|name| record["settings"].get(name).is_some())
        {
            return Outcome::Skipped("needs a setting that is not the session's");
        }
        if expected["new_row"]["data"]
            .as_object()
            .is_some_and(serde_json::Map::is_empty)
        {
            return Outcome::Excepted(
                "a key that is not known never makes an empty row: its cookie is deleted, or the session starts without one",
            );
        }
        if expected
            .get("exception")
            .is_some_and(|e| !e.is_null() && expected["status"] == 500)
        {
            return Outcome::Excepted(
                "removing a name that is not there is no error, and a mistyped `samesite` is refused at the start",
            );
        }
        run(check_response(record, inputs, expected, actions));
        Outcome::Same
    });
}

async fn check_response(record: &Value, inputs: &Value, expected: &Value, actions: Vec<Value>) {
    let id = record["id"].as_str().unwrap();
    let (store, clock) = (Arc::new(MemoryStore::new()), clock(record));
    let settings = settings(record);
    if let Some(session) = inputs.get("session") {
        let expires = session["expire_date"].as_str().map_or(
            clock.now() + SignedDuration::from_secs(settings.session_cookie_age),
            |date| date.parse().unwrap(),
        );
        let data = session["data"].as_object().unwrap();
        let key = session["key"].as_str().unwrap();
        store.create(key, data, expires).await.unwrap();
    }
    let view = inputs["view"].clone();
    let held = store.clone();
    let service = View(move |req: &Request<Body>| {
        let session = req.extensions().get::<Session>().unwrap().clone();
        let (view, store, actions) = (view.clone(), held.clone(), actions.clone());
        async move {
            act(session, store, actions).await;
            let mut res = http::Response::new(Body::empty());
            let status = match view["raises"].as_str() {
                None => view["status"].as_u64().unwrap_or(200),
                Some("PermissionDenied") => 403,
                Some("Http404") => 404,
                Some("SuspiciousOperation" | "BadRequest") => 400,
                Some(_) => 500,
            };
            *res.status_mut() = StatusCode::from_u16(u16::try_from(status).unwrap()).unwrap();
            for header in view["headers"].as_array().into_iter().flatten() {
                let name: http::HeaderName = header[0].as_str().unwrap().parse().unwrap();
                res.headers_mut()
                    .append(name, header[1].as_str().unwrap().parse().unwrap());
            }
            res
        }
        .boxed()
    });
    let mut req = Request::new(Body::empty());
    for header in inputs["request"]["headers"].as_array().unwrap() {
        let name: http::HeaderName = header[0].as_str().unwrap().parse().unwrap();
        req.headers_mut()
            .append(name, header[1].as_str().unwrap().parse().unwrap());
    }
    let sent = inputs["session"]["key"].as_str();
    let res = SessionLayer::new(store.clone(), settings, clock)
        .layer(service)
        .call(req)
        .await
        .unwrap();
    assert_eq!(res.status().as_u16(), expected["status"], "{id}");
    let vary = res.headers().get(VARY).map(|value| value.to_str().unwrap());
    assert_eq!(vary, expected["vary"].as_str(), "{id}: Vary");
    if let Some(rows) = expected["rows_after"].as_u64() {
        assert_eq!(store.len() as u64, rows, "{id}: rows");
    }
    let cookie = res
        .headers()
        .get(SET_COOKIE)
        .map(|value| value.to_str().unwrap());
    match (&expected["set_cookie"], cookie) {
        (Value::Null, None) => {}
        (Value::Object(want), Some(cookie)) => {
            let (pair, attributes) = cookie.split_once("; ").unwrap();
            let value = pair.split_once('=').unwrap().1;
            match want["value"].as_str().unwrap() {
                "@same" => assert_eq!(Some(value), sent, "{id}"),
                "@new" => assert!(Some(value) != sent && value.len() == 32, "{id}: {value}"),
                "@deleted" => assert_eq!(value, "\"\"", "{id}"),
                other => panic!("{id}: unknown value {other}"),
            }
            let mut ours: Vec<_> = attributes.split("; ").collect();
            let mut theirs: Vec<_> = want["attributes"]
                .as_array()
                .unwrap()
                .iter()
                .map(|value| value.as_str().unwrap())
                .collect();
            ours.sort_unstable();
            theirs.sort_unstable();
            assert_eq!(ours, theirs, "{id}");
        }
        (want, cookie) => panic!("{id}: wanted {want}, got {cookie:?}"),
    }
}
