//! The recorded behaviour of Django's session objects, engine by engine.

use std::sync::Arc;

use jiff::Timestamp;
use nuages_sessions::{CookieStore, DbStore, Expiry, Session, SessionSettings, Sessions};
use nuages_sql::RawSql;
use serde_json::{Value, json};

use crate::asserted::Outcome;
use crate::corpus::{clock, codec_keys, expiry, replay, settings};
use crate::engine::{Engine, held_engines, run_io};
use crate::site::run;

/// One client of a record, and the names of the keys it has seen.
struct Client<'a> {
    engine: &'a Engine,
    sessions: Sessions,
    session: Session,
    keys: Vec<String>,
}

/// An operation that Django answers with an exception.
type Answer = Result<Option<Value>, &'static str>;

impl Client<'_> {
    fn label(&mut self, key: &str) -> String {
        let known = self.keys.iter().position(|known| known == key);
        let index = known.unwrap_or_else(|| {
            self.keys.push(key.to_owned());
            self.keys.len() - 1
        });
        format!("k{index}")
    }

    fn key_of(&self, label: &Value) -> String {
        let index: usize = label.as_str().unwrap()[1..].parse().unwrap();
        self.keys[index].clone()
    }

    async fn exists(&self, key: &str) -> bool {
        let found = self.engine.store.reload(key, Timestamp::MIN).await;
        found.unwrap().is_some()
    }

    async fn save(&self) -> Answer {
        match self.session.save().await {
            Ok(()) => Ok(None),
            Err(error) if error.is_interrupted() => Err("UpdateError"),
            Err(error) => panic!("{error}"),
        }
    }

    async fn act(&mut self, op: &Value) -> Answer {
        let session = self.session.clone();
        let name = op[1].as_str().unwrap_or_default();
        let value = async |name: &str| session.get::<Value>(name).await.unwrap();
        let list = async |of: fn(&nuages_sessions::SessionData) -> Value| {
            Some(session.read(of).await.unwrap())
        };
        let given = |index: usize| op.get(index).cloned();
        Ok(match op[0].as_str().unwrap() {
            "get" => value(name).await.or(given(2)),
            "getitem" => Some(value(name).await.ok_or("KeyError")?),
            "set" => {
                session.set(name, &op[2]).await.unwrap();
                None
            }
            "del" => session
                .remove(name)
                .await
                .unwrap()
                .then_some(None)
                .ok_or("KeyError")?,
            "pop" => match session.take::<Value>(name).await.unwrap() {
                Some(value) => Some(value),
                None => Some(given(2).ok_or("KeyError")?),
            },
            "setdefault" => {
                let known = value(name).await;
                if known.is_none() {
                    session.set(name, &op[2]).await.unwrap();
                }
                known.or(given(2))
            }
            "update" => {
                let more = op[1].as_object().unwrap().clone();
                session.update(|data| data.extend(more)).await.unwrap();
                None
            }
            "contains" | "has_key" => Some(session.contains(name).await.unwrap().into()),
            "keys" => list(|data| data.keys().cloned().collect()).await,
            "values" => list(|data| data.values().cloned().collect()).await,
            "items" => list(|data| data.iter().map(|(k, v)| json!([k, v])).collect()).await,
            "is_empty" => Some(session.is_empty().into()),
            "clear" => {
                session.clear();
                None
            }
            "flush" => {
                session.flush().await.unwrap();
                None
            }
            "cycle_key" => {
                session.cycle_key().await.unwrap();
                None
            }
            "save" | "create" => self.save().await?,
            "save_must_create" => match session.session_key() {
                None => self.save().await?,
                Some(key) => {
                    let data = session.read(Clone::clone).await.unwrap();
                    let end = session.expiry_date().await.unwrap();
                    let made = self.engine.store.create(&key, &data, end).await.unwrap();
                    made.then_some(None).ok_or("CreateError")?
                }
            },
            "delete" | "delete_row" => {
                if let Some(key) = session.session_key() {
                    self.engine.store.delete(&key).await.unwrap();
                }
                None
            }
            "reopen" => {
                self.session = self.sessions.open(session.session_key().as_deref());
                None
            }
            "reopen_key" => {
                self.session = self.sessions.open(Some(name));
                None
            }
            "reopen_label" => {
                self.session = self.sessions.open(Some(&self.key_of(&op[1])));
                None
            }
            "exists_label" => Some(self.exists(&self.key_of(&op[1])).await.into()),
            "advance" => {
                self.engine.pass(op[1].as_i64().unwrap());
                None
            }
            "clear_expired" => {
                let now = self.engine.clock.now();
                self.engine.store.clear_expired(now).await.unwrap();
                None
            }
            "set_test_cookie" => {
                session.set_test_cookie().await.unwrap();
                None
            }
            "test_cookie_worked" => Some(session.test_cookie_worked().await.unwrap().into()),
            "delete_test_cookie" => {
                if !session.contains("testcookie").await.unwrap() {
                    return Err("KeyError");
                }
                session.delete_test_cookie().await.unwrap();
                None
            }
            "set_expiry" => {
                session.set_expiry(expiry(&op[1]).unwrap()).await.unwrap();
                None
            }
            "get_expiry_age" => Some(session.expiry_age().await.unwrap().as_secs().into()),
            "get_expire_at_browser_close" => {
                Some(session.expires_at_browser_close().await.unwrap().into())
            }
            other => panic!("unknown operation {other}"),
        })
    }

    async fn check(&mut self, expected: &Value, answer: &Answer, place: &str) {
        let state = &expected["state"];
        match answer {
            Err(error) => assert_eq!(expected["error"], *error, "{place}"),
            Ok(value) => {
                assert!(
                    expected.get("error").is_none(),
                    "{place}: wanted {expected}"
                );
                let theirs = expected.get("value").cloned().unwrap_or(Value::Null);
                assert_eq!(value.clone().unwrap_or(Value::Null), theirs, "{place}");
            }
        }
        assert_eq!(
            self.session.accessed(),
            state["accessed"],
            "{place}: accessed"
        );
        assert_eq!(
            self.session.modified(),
            state["modified"],
            "{place}: modified"
        );
        assert_eq!(
            self.session.is_empty(),
            state["is_empty"],
            "{place}: is_empty"
        );
        let key = self.session.session_key();
        match (&state["key"], key) {
            (Value::Bool(has), key) => assert_eq!(key.is_some(), *has, "{place}: key"),
            (label, key) => {
                let ours = key.map(|key| self.label(&key));
                assert_eq!(json!(ours), *label, "{place}: key");
            }
        }
        if let (Some(rows), Some(db)) = (state["rows"].as_array(), &self.engine.db) {
            let query = RawSql::new("SELECT session_key FROM django_session");
            let found = db.fetch_all(query).await.unwrap();
            let mut ours: Vec<String> = Vec::new();
            for row in found {
                let key: String = row.get(0).unwrap();
                ours.push(self.label(&key));
            }
            ours.sort();
            assert_eq!(json!(ours), json!(rows), "{place}: rows");
        }
    }
}

#[test]
fn session_objects_do_as_django_s() {
    replay("session_ops", |record| {
        let (inputs, note) = (
            &record["inputs"],
            record["note"].as_str().unwrap_or_default(),
        );
        let backend = inputs["backend"].as_str().unwrap();
        match (backend, note) {
            ("signed_cookies", "unknown-key" | "unknown-key-save") => {
                return Outcome::Excepted(
                    "a cookie that cannot be read is dropped, not answered with one of an empty session",
                );
            }
            (_, "unknown-key-save") => {
                return Outcome::Excepted(
                    "a key that is not known is forgotten at once; Django names the session by a new key that it does not store",
                );
            }
            _ => {}
        }
        run_io(async {
            let engines = held_engines(&SessionSettings::default()).await;
            let engine = engines
                .iter()
                .find(|engine| engine.name == backend)
                .unwrap();
            let sessions = engine.usual();
            let session = sessions.open(None);
            let mut client = Client {
                engine,
                sessions,
                session,
                keys: Vec::new(),
            };
            let ops = inputs["ops"].as_array().unwrap();
            let steps = record["expected"]["steps"].as_array().unwrap();
            for (index, (op, expected)) in ops.iter().zip(steps).enumerate() {
                let place = format!("{} {note} step {index} {op}", record["id"]);
                let answer = client.act(op).await;
                client.check(expected, &answer, &place).await;
            }
        });
        Outcome::Same
    });
}

#[test]
fn cookie_sessions_are_read_as_django_reads_them() {
    replay("session_cookie_load", |record| {
        let expected = &record["expected"];
        run(async {
            let (settings, clock) = (settings(record), clock(record));
            let store = CookieStore::new(&codec_keys(record), settings.clone(), clock.clone());
            let sessions = Sessions::new(Arc::new(store), settings, clock);
            let session = sessions.open(record["inputs"]["cookie"].as_str());
            let data = session.read(Clone::clone).await.unwrap();
            let theirs: Value =
                serde_json::from_str(expected["data_json"].as_str().unwrap()).unwrap();
            assert_eq!(Value::from(data), theirs, "{}", record["id"]);
            if expected["modified"] == true {
                return Outcome::Excepted(
                    "a cookie that cannot be read is deleted, not replaced by one of an empty session",
                );
            }
            assert!(!session.modified());
            Outcome::Same
        })
    });
}

#[test]
fn what_could_be_no_key_is_not_looked_up() {
    replay("session_key", |record| {
        let key = record["inputs"]["key"].as_str().unwrap();
        let sessions = Sessions::new(
            Arc::new(nuages_sessions::MemoryStore::new()),
            settings(record),
            clock(record),
        );
        let ours = sessions.open(Some(key)).session_key();
        let theirs = record["expected"]["session_key"].as_str();
        if theirs.is_some() && ours.is_none() {
            return Outcome::Excepted(
                "only 8 to 40 small letters and digits can be a key: no store is asked for anything else",
            );
        }
        assert_eq!(ours.as_deref(), theirs);
        Outcome::Same
    });
}

#[test]
fn rows_are_django_s() {
    replay("session_row", |record| {
        if record["settings"]["USE_TZ"] == false {
            return Outcome::Excepted("there is no USE_TZ = False: moments are stored in UTC");
        }
        let (inputs, expected) = (&record["inputs"], &record["expected"]);
        run_io(async {
            let engines = held_engines(&SessionSettings::default()).await;
            let db = engines.iter().find_map(|engine| engine.db.clone()).unwrap();
            let clock = clock(record);
            let keys = codec_keys(record);
            let store = DbStore::new(db.clone(), &keys, clock.clone());
            let sessions = Sessions::new(Arc::new(store), settings(record), clock);
            let session = sessions.open(None);
            let data: nuages_sessions::SessionData =
                serde_json::from_str(inputs["data_json"].as_str().unwrap()).unwrap();
            session.update(|now| now.extend(data)).await.unwrap();
            if let Some(value) = inputs.get("set_expiry") {
                let Some(end) = expiry(value) else {
                    return Outcome::Excepted("a moment without an offset is no moment");
                };
                session.set_expiry(end).await.unwrap();
            }
            session.save().await.unwrap();
            let query = RawSql::new(
                "SELECT session_key, session_data, CAST(expire_date AS text), typeof(expire_date) FROM django_session",
            );
            let row = db.fetch_one(query).await.unwrap();
            let text = |index: usize| row.get::<String>(index).unwrap();
            assert!(
                text(0).len() == 32
                    && text(0)
                        .bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            );
            if expected["compressed"] == true {
                assert!(text(1).starts_with('.'));
            } else {
                assert_eq!(text(1), expected["session_data"], "{}", record["id"]);
            }
            let codec = nuages_sessions::SessionCodec::new(&keys);
            let decoded: Value =
                serde_json::from_str(expected["decoded_json"].as_str().unwrap()).unwrap();
            assert_eq!(Value::from(codec.decode(&text(1))), decoded);
            assert_eq!(
                Value::from(codec.decode(expected["session_data"].as_str().unwrap())),
                decoded
            );
            assert_eq!(text(2), expected["expire_date"], "{}", record["id"]);
            assert_eq!(text(3), expected["expire_date_type"]);
            Outcome::Same
        })
    });
}

#[test]
fn the_recorded_schema_is_ours() {
    replay("session_schema", |record| {
        run_io(async {
            let engines = held_engines(&SessionSettings::default()).await;
            let db = engines.iter().find_map(|engine| engine.db.clone()).unwrap();
            let query = RawSql::new(
                "SELECT sql FROM sqlite_master WHERE tbl_name = 'django_session' AND sql IS NOT NULL ORDER BY type DESC",
            );
            let rows = db.fetch_all(query).await.unwrap();
            let sql: Vec<String> = rows.iter().map(|row| row.get(0).unwrap()).collect();
            assert_eq!(json!(sql), record["expected"]["sql"]);
        });
        true
    });
}

/// An end that is given beside the session.
pub(crate) fn check_given_end(record: &Value, changed: Timestamp, end: Expiry) {
    let (settings, expected) = (settings(record), &record["expected"]);
    assert_eq!(
        json!(end.age(&settings, changed)),
        expected["age"],
        "{}",
        record["id"]
    );
    let theirs: Timestamp = expected["date"].as_str().unwrap().parse().unwrap();
    assert_eq!(end.date(&settings, changed), theirs, "{}", record["id"]);
}
