//! Password hashes, as Django recorded them.

mod counted;

use std::sync::atomic::Ordering;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use nuages_auth::AuthSettings;
use nuages_auth::passwords::{
    DecodedHash, Hashers, HashersError, MalformedHash, PasswordHasher, PasswordPool,
    is_password_usable, mask_hash, must_update_salt, unusable_password,
};
use nuages_orm::Model as _;
use regex::Regex;
use serde_json::{Value, json};

use crate::asserted::{self, Outcome};
use crate::database::{database, run};
use crate::users::auth;
use counted::{Counted, hasher, hashers};

const NO_PASSWORD: Outcome = Outcome::Excepted("a password is text: the compiler refuses None");
const OTHER_TYPE: Outcome =
    Outcome::Excepted("a password is text: the compiler refuses other types");
const DAMAGED: Outcome =
    Outcome::Excepted("a damaged hash is a wrong password at the price of one hash; Django raises");

/// Replays the password records of one kind.
fn replay<O: Into<Outcome>>(kind: &str, run: impl Fn(&Value) -> O) {
    asserted::replay("security", "passwords.jsonl", kind, run);
}

/// The bytes of a password or salt.
fn bytes(value: &Value) -> Option<Vec<u8>> {
    match value {
        Value::String(text) => Some(text.clone().into_bytes()),
        Value::Object(_) => Some(STANDARD.decode(value["bytes_b64"].as_str()?).unwrap()),
        _ => None,
    }
}

fn text<'a>(record: &'a Value, name: &str) -> &'a str {
    record["inputs"][name].as_str().unwrap()
}

/// A value or an error, as a record says it: which error it is depends on Python.
fn same_result<T: Into<Value>>(ours: Result<T, MalformedHash>, record: &Value) {
    match ours {
        Ok(value) => assert_eq!(value.into(), record["expected"]["value"]),
        Err(MalformedHash) => assert!(record["expected"]["error"].is_object(), "we refuse it"),
    }
}

#[test]
fn hashes_are_made_as_django_makes_them() {
    replay("hasher_encode", |record| {
        let inputs = &record["inputs"];
        let Some(password) = bytes(&inputs["password"]) else {
            return NO_PASSWORD;
        };
        let Some(salt) = bytes(&inputs["salt"]).and_then(|salt| String::from_utf8(salt).ok())
        else {
            return Outcome::Excepted("a salt is text: the compiler refuses other types");
        };
        let mut spec = match &inputs["hasher"] {
            Value::String(name) => json!({"hasher": name}),
            spec => spec.clone(),
        };
        for (name, value) in inputs["kwargs"].as_object().into_iter().flatten() {
            let name = match name.as_str() {
                "n" => "work_factor",
                "r" => "block_size",
                "p" => "parallelism",
                other => other,
            };
            if value.as_i64().is_some_and(|number| number < 0) {
                return Outcome::Excepted(
                    "a count has no sign: the compiler refuses negative numbers",
                );
            }
            spec[name] = value.clone();
        }
        same_result(hasher(&spec).encode(&password, &salt), record);
        Outcome::Same
    });
}

#[test]
fn hashes_are_checked_as_django_checks_them() {
    replay("hasher_verify", |record| {
        let Some(password) = bytes(&record["inputs"]["password"]) else {
            return NO_PASSWORD;
        };
        let verified =
            hasher(&record["inputs"]["hasher"]).verify(&password, text(record, "encoded"));
        match verified {
            // For a library, damage is sometimes an error and sometimes a wrong password.
            Err(MalformedHash) => assert_ne!(record["expected"]["value"], true),
            verified => same_result(verified, record),
        }
        Outcome::Same
    });
    replay("hasher_must_update", |record| {
        let hasher = hasher(&record["inputs"]["hasher"]);
        same_result(hasher.must_update(text(record, "encoded")), record);
        true
    });
}

fn params(decoded: &DecodedHash) -> impl Iterator<Item = (&'static str, &str)> {
    decoded
        .params
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
}

/// A value as it is shown.
fn shown(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

#[test]
fn hashes_are_taken_apart_as_django_does() {
    replay("hasher_decode", |record| {
        let hasher = hasher(&record["inputs"]["hasher"]);
        let decoded = hasher.decode(text(record, "encoded"));
        let expected = record["expected"]["value"].as_object();
        assert_eq!(decoded.is_ok(), expected.is_some());
        let (Ok(decoded), Some(expected)) = (decoded, expected) else {
            return true;
        };
        let hash = if hasher.algorithm().starts_with("bcrypt") {
            "checksum"
        } else {
            "hash"
        };
        let ours = params(&decoded).chain([
            ("algorithm", decoded.algorithm),
            ("salt", &decoded.salt),
            (hash, &decoded.hash),
        ]);
        let mut count = 0;
        for (name, value) in ours {
            assert_eq!(shown(&expected[name]), value, "{name}");
            count += 1;
        }
        assert_eq!(count, expected.len());
        true
    });
    replay("hasher_summary", |record| {
        let hasher = hasher(&record["inputs"]["hasher"]);
        let summary = hasher.safe_summary(text(record, "encoded"));
        let Some(expected) = record["expected"]["value"].as_array() else {
            assert!(summary.is_err());
            return true;
        };
        let expected: Vec<_> = expected
            .iter()
            .map(|pair| (shown(&pair[0]), shown(&pair[1])))
            .collect();
        assert_eq!(summary.unwrap(), expected);
        true
    });
    replay("mask_hash", |record| {
        let inputs = &record["inputs"];
        if inputs.get("char").is_some_and(|char| char != "*") {
            return Outcome::Excepted("what is masked is masked with `*`");
        }
        let show = inputs["show"]
            .as_u64()
            .map_or(6, |show| usize::try_from(show).unwrap());
        let masked = mask_hash(text(record, "hash"), show);
        assert_eq!(masked, record["expected"]["value"]);
        Outcome::Same
    });
    replay("render_password_hash", |record| {
        let (hashers, _) = hashers(record).unwrap();
        let Some(encoded) = record["inputs"]["encoded"].as_str() else {
            return Outcome::Excepted("a stored password is text: the compiler refuses None");
        };
        let html = hashers.render_password_as_hash(encoded);
        if record["expected"].get("error").is_some() {
            assert!(html.contains("Invalid password format"));
            return DAMAGED;
        }
        assert_eq!(html, record["expected"]["html"]);
        Outcome::Same
    });
}

#[test]
fn salts_are_as_long_as_django_s() {
    replay("hasher_salt", |record| {
        let pattern = Regex::new(record["expected"]["pattern"].as_str().unwrap()).unwrap();
        let salt = hasher(&record["inputs"]["hasher"]).salt();
        assert!(pattern.is_match(&salt), "{salt}");
        true
    });
    replay("must_update_salt", |record| {
        let inputs = &record["inputs"];
        let salt = "x".repeat(usize::try_from(inputs["length"].as_u64().unwrap()).unwrap());
        let entropy = u32::try_from(inputs["entropy"].as_u64().unwrap()).unwrap();
        assert_eq!(
            must_update_salt(&salt, entropy),
            record["expected"]["must_update"]
        );
        true
    });
}

#[test]
fn the_defaults_are_django_s() {
    replay("hasher_defaults", |record| {
        let (name, expected) = (text(record, "hasher"), &record["expected"]);
        let hasher = hasher(&record["inputs"]["hasher"]);
        let encoded = hasher.encode(b"x", &hasher.salt()).unwrap();
        let decoded = hasher.decode(&encoded).unwrap();
        for (name, value) in params(&decoded) {
            let key = if name == "work_factor" && hasher.algorithm().starts_with("bcrypt") {
                "rounds"
            } else {
                name
            };
            if let Some(wanted) = expected["defaults"].get(key) {
                assert_eq!(shown(wanted), value, "{key}");
            }
        }
        assert!(!hasher.must_update(&encoded).unwrap());
        let in_default = AuthSettings::default()
            .password_hashers
            .iter()
            .any(|known| known == name);
        assert_eq!(in_default, expected["in_default_settings"]);
        let class = expected["class"].as_str().unwrap();
        let hashers = Hashers::from_names(&[class]).unwrap();
        assert_eq!(hashers.preferred().algorithm(), name);
        true
    });
    replay("identify_hasher", |record| {
        let Ok((hashers, _)) = hashers(record) else {
            // There is no such thing as no hashers.
            assert!(record["expected"]["error"].is_object());
            return true;
        };
        match hashers.identify(text(record, "encoded")) {
            Ok(hasher) => assert_eq!(hasher.algorithm(), record["expected"]["value"]),
            Err(error) => assert_eq!(error.to_string(), record["expected"]["error"]["message"]),
        }
        true
    });
}

/// Runs a check, and says how much was hashed by all.
fn work_of<T>(all: &[Counted], check: impl FnOnce() -> T) -> (T, u64) {
    for counted in all {
        counted.work.store(0, Ordering::SeqCst);
    }
    let result = check();
    let work = all
        .iter()
        .map(|counted| counted.work.load(Ordering::SeqCst));
    (result, work.sum())
}

#[test]
fn passwords_are_verified_with_django_s_work() {
    replay("verify_password", |record| {
        let (inputs, expected) = (&record["inputs"], &record["expected"]);
        let (hashers, all) = match hashers(record) {
            Ok(found) => found,
            Err(HashersError::Empty) => {
                assert!(expected["error"].is_object());
                return Outcome::Same;
            }
            Err(error) => panic!("{error}"),
        };
        let encoded = text(record, "encoded");
        let preferred = inputs["preferred"].as_str().unwrap_or("default");
        let Some(password) = bytes(&inputs["password"]) else {
            // Who gives no password gets no answer, at the same price.
            let ((), work) = work_of(&all, || hashers.waste_one_hash(""));
            assert!(work > 0 && expected["is_correct"] != true);
            return NO_PASSWORD;
        };
        let (verified, work) = work_of(&all, || {
            hashers.verify_preferring(preferred, &password, encoded)
        });
        let verified = match verified {
            Ok(verified) => verified,
            Err(error) => {
                assert_eq!(error.to_string(), expected["error"]["message"]);
                return Outcome::Same;
            }
        };
        if expected["error"].is_object() {
            assert!(!verified.is_correct);
            assert!(work > 0, "nothing was hashed");
            return DAMAGED;
        }
        assert_eq!(verified.is_correct, expected["is_correct"]);
        assert_eq!(verified.is_correct, expected["check_password"]);
        assert_eq!(verified.must_update, expected["must_update"]);
        assert_eq!(
            verified.is_correct && verified.must_update,
            expected["setter_called"]
        );
        // The record holds the work of two checks.
        let theirs: u64 = expected["work"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                if one["algorithm"].as_str().unwrap().starts_with("bcrypt") {
                    let same = all
                        .iter()
                        .find(|known| known.algorithm() == one["algorithm"]);
                    let known = same.unwrap();
                    let cost = known.decode(encoded).map(|_| known.cost(encoded));
                    cost.unwrap_or_else(|_| {
                        known.cost(&known.inner.encode(b"", &known.salt()).unwrap())
                    })
                } else {
                    one["iterations"].as_u64().unwrap_or(1)
                }
            })
            .sum();
        // Where the format of a library's own is damaged, Django has not hashed at all.
        assert!(work == theirs / 2 || theirs == 0, "{work} of {theirs} / 2");
        Outcome::Same
    });
}

#[test]
fn passwords_are_made_as_django_makes_them() {
    replay("make_password", |record| {
        let (inputs, expected) = (&record["inputs"], &record["expected"]);
        let (hashers, _) = hashers(record).unwrap();
        let matches = |encoded: &str| {
            let pattern = Regex::new(expected["pattern"].as_str().unwrap()).unwrap();
            assert!(pattern.is_match(encoded), "{encoded}");
        };
        let Some(password) = bytes(&inputs["password"]) else {
            matches(&unusable_password());
            return Outcome::Same;
        };
        let salt = bytes(&inputs["salt"]).unwrap_or_default();
        let salt = String::from_utf8(salt).unwrap();
        let algorithm = inputs["hasher"].as_str().unwrap_or("default");
        let encoded = match hashers.make_password_with(&password, &salt, algorithm) {
            Ok(encoded) => encoded,
            Err(HashersError::Refused(_)) => {
                assert!(expected["error"].is_object());
                return Outcome::Same;
            }
            Err(error) => {
                assert_eq!(error.to_string(), expected["error"]["message"]);
                return Outcome::Same;
            }
        };
        if let Some(value) = expected["value"].as_str() {
            assert_eq!(encoded, value);
        }
        if let Some(algorithm) = expected["algorithm"].as_str() {
            assert_eq!(encoded.split('$').next(), Some(algorithm));
            let verified = hashers.verify(&password, &encoded);
            assert_eq!(verified.is_correct, expected["verifies"]);
        }
        if expected["pattern"].is_string() {
            matches(&encoded);
        }
        assert!(expected.get("error").is_none());
        Outcome::Same
    });
    replay("make_password_bad_type", |_| OTHER_TYPE);
    replay("is_password_usable", |record| {
        let Some(encoded) = record["inputs"]["encoded"].as_str() else {
            return Outcome::Excepted("a stored password is text: the compiler refuses None");
        };
        assert_eq!(is_password_usable(encoded), record["expected"]["usable"]);
        Outcome::Same
    });
}

#[test]
fn a_hash_is_upgraded_at_the_login_as_django_does() {
    replay("user_check_password", |record| {
        let (inputs, expected) = (&record["inputs"], &record["expected"]);
        let Some(password) = inputs["password"].as_str() else {
            return NO_PASSWORD;
        };
        let Some(encoded) = inputs["encoded"].as_str() else {
            return Outcome::Excepted("a stored password is text: the compiler refuses None");
        };
        let (hashers, _) = hashers(record).unwrap();
        let damaged = expected.get("error").is_some();
        run(async {
            let db = database().await;
            let auth = auth(&db).with_password_pool(PasswordPool::new(hashers.clone(), 1, 8));
            let users = auth.users();
            let mut user = users.create_user("ann", "", None::<&str>).await.unwrap();
            encoded.clone_into(&mut user.password);
            user.save(&db).await.unwrap();
            let correct = users.check_password(&mut user, password).await.unwrap();
            let stored = users.by_username("ann").await.unwrap().unwrap();
            assert_eq!(
                stored.password, user.password,
                "what is stored is what was set"
            );
            if damaged {
                assert!(!correct && stored.password == encoded);
                return DAMAGED;
            }
            assert_eq!(correct, expected["value"]);
            let changed = stored.password != encoded;
            assert_eq!(changed, expected["password_changed"]);
            assert_eq!(
                is_password_usable(&stored.password),
                expected["has_usable_password"]
            );
            if changed {
                let hasher = hashers.identify(&stored.password).unwrap();
                assert_eq!(hasher.algorithm(), expected["new_algorithm"]);
                let decoded = hasher.decode(&stored.password).unwrap();
                for (name, value) in params(&decoded) {
                    assert_eq!(shown(&expected["new_params"][name]), value, "{name}");
                }
                let verified = hashers.verify(password, &stored.password);
                assert_eq!(verified.is_correct, expected["still_verifies"]);
            }
            Outcome::Same
        })
    });
}
