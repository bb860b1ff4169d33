//! Tokens of password resets, as Django recorded them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};
use nuages_auth::{PasswordResetTokenGenerator, User, uid_decode, uid_encode};
use nuages_base::Clock;
use nuages_crypto::KeyRing;
use nuages_crypto::encoding::{base36_decode, base36_encode, base64_decode};
use nuages_orm::{Auto, Model as _};
use serde_json::Value;

use crate::asserted::{self, Outcome};
use crate::database::{database, run};
use crate::users::auth;

const SECRET_KEY: &str = "conformance-corpus-secret-key-0123456789-abcdefghijklmnopqrstuvwxyz";
const STRICT_BASE64: Outcome =
    Outcome::Excepted("base64 with other characters in it or bits left over is refused");
const STRICT_NUMBER: Outcome =
    Outcome::Excepted("a number is of ASCII digits, without sign, underscore or base prefix");

fn replay<O: Into<Outcome>>(kind: &str, run: impl Fn(&Value) -> O) {
    asserted::replay("security", "tokens.jsonl", kind, run);
}

/// The tokens of a record's settings, at its moment.
fn tokens(record: &Value) -> PasswordResetTokenGenerator {
    let (settings, now) = (&record["settings"], record["inputs"]["now"].as_i64());
    let former = settings["SECRET_KEY_FALLBACKS"].as_array();
    let former = former.into_iter().flatten().filter_map(Value::as_str);
    let keys = KeyRing::new(settings["SECRET_KEY"].as_str().unwrap_or(SECRET_KEY));
    let keys = keys.with_fallbacks(former);
    let clock = Clock::held(Timestamp::from_second(now.unwrap()).unwrap());
    let mut tokens = PasswordResetTokenGenerator::new(keys, clock);
    if let Some(zone) = settings["TIME_ZONE"].as_str() {
        tokens = tokens.time_zone(TimeZone::get(zone).unwrap());
    }
    if let Some(seconds) = settings["PASSWORD_RESET_TIMEOUT"].as_u64() {
        tokens = tokens.timeout(seconds);
    }
    tokens
}

fn user(spec: &Value) -> User {
    let text = |name: &str| spec[name].as_str().unwrap_or_default().to_owned();
    // What counts is the time on the wall: a database gives it in UTC.
    let login = spec["last_login"].as_str().map(|login| {
        let wall: civil::DateTime = login[..19].parse().unwrap();
        TimeZone::UTC.to_timestamp(wall).unwrap()
    });
    User {
        id: spec["pk"].as_i64().map_or(User::blank().id, Auto::from),
        password: text("password"),
        email: text("email"),
        last_login: login,
        ..User::blank()
    }
}

#[test]
fn tokens_are_django_s() {
    replay("make_token", |record| {
        let user = &record["inputs"]["user"];
        if !user["pk"].is_i64() {
            return Outcome::Excepted("a user has a key");
        }
        let token = tokens(record).make_token(&self::user(user));
        assert_eq!(token, record["expected"]["token"]);
        Outcome::Same
    });
    replay("check_token", |record| {
        let inputs = &record["inputs"];
        let Some(token) = inputs["token"].as_str() else {
            return Outcome::Excepted("a token is text: the compiler refuses None");
        };
        if inputs["user"]["pk"].is_null() {
            return Outcome::Excepted(
                "a token is of a user who is stored; Python signs the word None",
            );
        }
        let valid = tokens(record).check_token(&user(&inputs["user"]), token);
        assert_eq!(valid, record["expected"]["valid"]);
        Outcome::Same
    });
}

#[test]
fn keys_in_links_are_django_s() {
    replay("uid_encode", |record| {
        let Some(id) = record["inputs"]["pk"].as_i64() else {
            return Outcome::Excepted("the key of a user is a number");
        };
        assert_eq!(uid_encode(id), record["expected"]["uidb64"]);
        Outcome::Same
    });
    replay("urlsafe_base64_decode", |record| {
        let value = record["inputs"]["value"].as_str().unwrap();
        let ours = base64_decode(value.trim_end_matches('='));
        match (ours, record["expected"]["bytes_b64"].as_str()) {
            (Some(ours), Some(theirs)) => assert_eq!(STANDARD.encode(ours), theirs),
            (None, None) => {}
            (None, Some(_)) => return STRICT_BASE64,
            (Some(_), None) => panic!("we take what Django refuses"),
        }
        Outcome::Same
    });
    replay("uid_lookup", |record| {
        let uid = record["inputs"]["uidb64"].as_str().unwrap();
        run(async {
            let users = auth(&database().await).users();
            for name in ["one", "two"] {
                users.create_user(name, "", None::<&str>).await.unwrap();
            }
            let found = users.by_uid(uid).await.unwrap();
            let ours = found.and_then(|user| user.id.get());
            let theirs = record["expected"]["pk"].as_i64();
            if ours.is_none() && theirs.is_some() {
                assert!(uid_decode(uid).is_none());
                return Outcome::Excepted(
                    "a key in a link is base64 of ASCII digits and nothing else",
                );
            }
            assert_eq!(ours, theirs);
            Outcome::Same
        })
    });
    replay("base36", |record| {
        let (inputs, expected) = (&record["inputs"], &record["expected"]);
        // Beyond 64 bits a number of JSON is read as the nearest float.
        let number = |value: &Value| match value.as_f64() {
            Some(float) if float > 1e18 => format!("{float:.0}").parse::<u128>().ok(),
            _ => value.to_string().parse().ok(),
        };
        if inputs.get("encode").is_some() {
            let Some(number) = number(&inputs["encode"]) else {
                return Outcome::Excepted("a time has no sign: the compiler refuses it");
            };
            assert_eq!(base36_encode(number), expected["value"]);
            return Outcome::Same;
        }
        let ours = base36_decode(inputs["decode"].as_str().unwrap());
        let theirs = number(&expected["value"]);
        if ours.is_none() && theirs.is_some() {
            return STRICT_NUMBER;
        }
        match (ours, theirs) {
            (Some(ours), Some(theirs)) if theirs > 1 << 60 => {
                assert!(ours.abs_diff(theirs) < 1 << 15);
            }
            (ours, theirs) => assert_eq!(ours, theirs),
        }
        Outcome::Same
    });
}
