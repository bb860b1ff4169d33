//! The records of Django 6.0 in the folder of the corpus, where it is there.

use std::fs;

use jiff::{SignedDuration, Timestamp};
use nuages_crypto::signing::{
    CookieSigner, DEFAULT_SALT, Error, Signer, TimestampSigner, dumps, dumps_compressed, loads,
};
use nuages_crypto::{
    Algorithm, KeyRing, constant_time_compare, encoding, python_json, salted_hmac,
};
use serde_json::Value;

use crate::told::{Told, folder, tell};

const SECRET_KEY: &str = "conformance-corpus-secret-key-0123456789-abcdefghijklmnopqrstuvwxyz";

/// `None`: the record cannot be put to us. `Some(Err)`: how we differ.
type Outcome = Option<Result<(), String>>;

fn replay(kind: &str, mut run: impl FnMut(&Value) -> Outcome) {
    let Some(folder) = folder("security") else {
        return;
    };
    let path = folder.join("signing.jsonl");
    let Ok(text) = fs::read_to_string(&path) else {
        println!("skipped: {kind} ({} is not there)", path.display());
        return;
    };
    let (mut same, mut skipped, mut failures) = (0, 0, Vec::new());
    for line in text.lines() {
        let record: Value = serde_json::from_str(line).expect("a record is JSON");
        if record["kind"] != kind {
            continue;
        }
        let id = record["id"].as_str().expect("a record has an id");
        match run(&record) {
            None => {
                skipped += 1;
                tell(
                    id,
                    Told::Excepted,
                    "the types refuse it: an algorithm besides SHA-1 and SHA-2, a value or salt that is no text, a number that JSON or a timestamp of 64 bits cannot hold",
                );
            }
            Some(Ok(())) => {
                same += 1;
                tell(id, Told::Passed, "");
            }
            Some(Err(how)) => {
                tell(id, Told::Failed, &how);
                failures.push(format!("{id}: {how} {}", record["inputs"]));
            }
        }
    }
    println!("{kind}: {same} same, {skipped} skipped");
    assert!(failures.is_empty(), "{kind}:\n{}", failures.join("\n"));
    assert!(same > 0, "{kind}: nothing was replayed");
}

fn compare<T: PartialEq + std::fmt::Debug>(ours: T, theirs: T) -> Outcome {
    Some(if ours == theirs {
        Ok(())
    } else {
        Err(format!("ours {ours:?}, Django's {theirs:?}"))
    })
}

/// A string, or the bytes of base64.
fn bytes(value: &Value) -> Vec<u8> {
    match value.as_str() {
        Some(text) => text.as_bytes().to_vec(),
        None => standard(value["bytes_b64"].as_str().expect("bytes")),
    }
}

fn standard(text: &str) -> Vec<u8> {
    encoding::base64_decode(text.replace('+', "-").replace('/', "_")).expect("base64")
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn algorithm(value: &Value) -> Option<Algorithm> {
    match value.as_str() {
        Some("sha1") => Some(Algorithm::Sha1),
        Some("sha224") => Some(Algorithm::Sha224),
        None | Some("sha256" | "") => Some(Algorithm::Sha256),
        Some("sha384") => Some(Algorithm::Sha384),
        Some("sha512") => Some(Algorithm::Sha512),
        // MD5, BLAKE2 and what is no algorithm: the type has no such value.
        Some(_) => None,
    }
}

fn now(inputs: &Value) -> Timestamp {
    let seconds = inputs["now"].as_f64().unwrap_or(1_780_000_000.0);
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs_f64(seconds)
}

fn max_age(value: &Value) -> Option<SignedDuration> {
    let seconds = value["timedelta"].as_f64().or(value.as_f64());
    seconds.map(SignedDuration::from_secs_f64)
}

fn keys(record: &Value, signer: &Value) -> KeyRing {
    let current = match &signer["key"] {
        // An empty key is none: Django takes the setting.
        Value::Null => bytes(
            record["settings"]
                .get("SECRET_KEY")
                .unwrap_or(&SECRET_KEY.into()),
        ),
        key if key == "" => SECRET_KEY.into(),
        key => bytes(key),
    };
    let fallbacks = signer
        .get("fallback_keys")
        .filter(|keys| keys.is_array())
        .unwrap_or(&record["settings"]["SECRET_KEY_FALLBACKS"]);
    let fallbacks = fallbacks.as_array().cloned().unwrap_or_default();
    KeyRing::new(current).with_fallbacks(fallbacks.iter().map(bytes))
}

enum AnySigner {
    Plain(Signer),
    Stamped(TimestampSigner),
}

/// `None` if an argument does not exist here; `Some(Err)` for an unsafe separator.
fn signer(record: &Value) -> Option<Result<AnySigner, String>> {
    let arguments = &record["inputs"]["signer"];
    let stamped = arguments["class"] == "TimestampSigner";
    let algorithm = algorithm(&arguments["algorithm"])?;
    let salt = match arguments["salt"].as_str().filter(|salt| !salt.is_empty()) {
        Some(salt) => salt,
        None if arguments["salt"].is_object() => return None,
        None if stamped => TimestampSigner::DEFAULT_SALT,
        None => Signer::DEFAULT_SALT,
    };
    let keys = keys(record, arguments);
    let separator = arguments["sep"].as_str().unwrap_or(":");
    Some(if stamped {
        TimestampSigner::new(&keys, salt)
            .with_algorithm(algorithm)
            .with_separator(separator)
            .map(AnySigner::Stamped)
            .map_err(|error| error.to_string())
    } else {
        Signer::new(&keys, salt)
            .with_algorithm(algorithm)
            .with_separator(separator)
            .map(AnySigner::Plain)
            .map_err(|error| error.to_string())
    })
}

fn compare_error(ours: &Error, theirs: &Value) -> Outcome {
    let name = match ours {
        Error::NoSeparator { .. } | Error::Mismatch { .. } => "BadSignature",
        Error::Expired { .. } => "SignatureExpired",
        // Python fails in its own ways at what is not base64, zlib or JSON.
        _ => {
            return compare(
                true,
                !matches!(text(&theirs["type"]), "BadSignature" | "SignatureExpired"),
            );
        }
    };
    let message = text(&theirs["message"]);
    // A maximum age given as a decimal number shows its ".0" in Python.
    let message = if name == "SignatureExpired" {
        message.replace(".0 seconds", " seconds")
    } else {
        message.to_owned()
    };
    compare((name, ours.to_string()), (text(&theirs["type"]), message))
}

#[test]
fn values_are_signed() {
    replay("sign", |record| {
        let (inputs, expected) = (&record["inputs"], &record["expected"]);
        let value = inputs["value"].as_str()?;
        match signer(record)? {
            Ok(AnySigner::Plain(signer)) => {
                compare(signer.sign(value).as_str(), text(&expected["value"]))
            }
            Ok(AnySigner::Stamped(signer)) => compare(
                signer.sign(value, now(inputs)).as_str(),
                text(&expected["value"]),
            ),
            Err(error) => compare(error.as_str(), text(&expected["error"]["message"])),
        }
    });
}

#[test]
fn values_are_unsigned() {
    replay("unsign", |record| {
        let (inputs, expected) = (&record["inputs"], &record["expected"]);
        let signed = inputs["signed"].as_str()?;
        let result = match signer(record)?.ok()? {
            AnySigner::Plain(signer) => signer.unsign(signed).map(str::to_owned),
            AnySigner::Stamped(signer) => signer
                .unsign(signed, now(inputs), max_age(&inputs["max_age"]))
                .map(str::to_owned),
        };
        match (result, expected.get("error")) {
            (Ok(value), None) => compare(value.as_str(), text(&expected["value"])),
            (Err(error), Some(theirs)) => compare_error(&error, theirs),
            // Python's integers have no end; a time beyond 64 bits is none here.
            (Err(Error::Malformed { .. }), None) if signed.contains("zzzzzzzzzzzz") => Some(Ok(())),
            (ours, theirs) => Some(Err(format!("ours {ours:?}, Django's {theirs:?}"))),
        }
    });
}

#[test]
fn objects_are_signed() {
    replay("sign_object", |record| {
        let (inputs, expected) = (&record["inputs"], &record["expected"]);
        let value: Value = serde_json::from_str(text(&inputs["obj_json"])).ok()?;
        let compress = inputs["compress"].as_bool().unwrap_or(false);
        let theirs = text(&expected["payload_json"]);
        if python_json::to_string(&value).ok()? != theirs {
            // A number that our JSON cannot hold.
            return None;
        }
        let at = now(inputs);
        let (ours, back): (String, Value) = if inputs["dumps"] == true {
            let ring = keys(record, inputs);
            let salt = inputs["salt"].as_str().unwrap_or(DEFAULT_SALT);
            let make = if compress { dumps_compressed } else { dumps };
            let signed = make(&value, &ring, salt, at).ok()?;
            let back = loads(&signed, &ring, salt, at, None).ok()?;
            (signed, back)
        } else {
            match signer(record)?.ok()? {
                AnySigner::Plain(signer) => {
                    let signed = if compress {
                        signer.sign_object_compressed(&value).ok()?
                    } else {
                        signer.sign_object(&value).ok()?
                    };
                    let back = signer.unsign_object(&signed).ok()?;
                    (signed, back)
                }
                AnySigner::Stamped(signer) => {
                    let signed = if compress {
                        signer.sign_object_compressed(&value, at).ok()?
                    } else {
                        signer.sign_object(&value, at).ok()?
                    };
                    let back = signer.unsign_object(&signed, at, None).ok()?;
                    (signed, back)
                }
            }
        };
        if back != value {
            return Some(Err(format!("comes back as {back}")));
        }
        if expected["compressed"] == true {
            // Our zlib may find too little to save in a short value; what it made came back above.
            return compare(ours.starts_with('.') || theirs.len() < 64, true);
        }
        compare(ours.as_str(), text(&expected["signed"]))
    });
}

#[test]
fn objects_are_unsigned() {
    replay("unsign_object", |record| {
        let (inputs, expected) = (&record["inputs"], &record["expected"]);
        let signed = text(&inputs["signed"]);
        let result: Result<Value, Error> = if inputs["loads"] == true {
            let ring = keys(record, inputs);
            let salt = inputs["salt"].as_str().unwrap_or(DEFAULT_SALT);
            loads(
                signed,
                &ring,
                salt,
                now(inputs),
                max_age(&inputs["max_age"]),
            )
        } else {
            match signer(record)?.ok()? {
                AnySigner::Plain(signer) => signer.unsign_object(signed),
                AnySigner::Stamped(signer) => {
                    signer.unsign_object(signed, now(inputs), max_age(&inputs["max_age"]))
                }
            }
        };
        match (result, expected.get("error")) {
            (Ok(value), None) => {
                let theirs: Value = serde_json::from_str(text(&expected["value_json"])).ok()?;
                compare(value, theirs)
            }
            (Err(error), Some(theirs)) => compare_error(&error, theirs),
            (ours, theirs) => Some(Err(format!("ours {ours:?}, Django's {theirs:?} {inputs}"))),
        }
    });
}

#[test]
fn json_is_written_as_python_does() {
    replay("json_serializer", |record| {
        let text_in = text(&record["inputs"]["obj_json"]);
        let value: Value = serde_json::from_str(text_in).ok()?;
        if text_in
            .trim_start_matches('-')
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            && !value.is_i64()
            && !value.is_u64()
        {
            // An integer beyond 64 bits is a float to our JSON.
            return None;
        }
        let ours = python_json::to_string(&value).ok()?;
        compare(ours.as_str(), text(&record["expected"]["text"]))
    });
}

#[test]
fn salted_hmacs_are_the_same() {
    replay("salted_hmac", |record| {
        let inputs = &record["inputs"];
        let algorithm = match &inputs["algorithm"] {
            Value::Null => Algorithm::Sha1,
            named => algorithm(named)?,
        };
        let secret = match &inputs["secret"] {
            Value::Null => SECRET_KEY.into(),
            secret => bytes(secret),
        };
        let ours = salted_hmac(
            bytes(&inputs["key_salt"]),
            bytes(&inputs["value"]),
            secret,
            algorithm,
        );
        compare(ours.to_hex().as_str(), text(&record["expected"]["value"]))
    });
}

#[test]
fn cookies_are_signed() {
    replay("signed_cookie_set", |record| {
        let (inputs, expected) = (&record["inputs"], &record["expected"]);
        let signer = CookieSigner::new(&keys(record, &Value::Null));
        let (name, salt) = (text(&inputs["name"]), text(&inputs["salt"]));
        let ours = signer.sign(name, text(&inputs["value"]), salt, now(inputs));
        compare(ours.as_str(), text(&expected["value"]))
    });
}

#[test]
fn cookies_are_unsigned() {
    replay("signed_cookie_get", |record| {
        let (inputs, expected) = (&record["inputs"], &record["expected"]);
        let cookie = inputs["cookie"].as_str()?;
        let mut signer = CookieSigner::new(&keys(record, &Value::Null));
        if record["settings"]["SIGNED_COOKIE_LEGACY_SALT_FALLBACK"] != false {
            signer = signer.insecure_accept_legacy_salt();
        }
        let (name, salt) = (text(&inputs["name"]), text(&inputs["salt"]));
        let result = signer.unsign(name, cookie, salt, now(inputs), max_age(&inputs["max_age"]));
        match (result, expected.get("error")) {
            (Ok(value), None) => compare(value, text(&expected["value"])),
            (Err(error), Some(theirs)) => compare_error(&error, theirs),
            // With a default an error is no error.
            (Err(_), None) if inputs.get("default").is_some() => {
                compare(&expected["value"], &inputs["default"])
            }
            (ours, theirs) => Some(Err(format!("ours {ours:?}, Django's {theirs:?} {inputs}"))),
        }
    });
}

#[test]
fn small_encodings_are_the_same() {
    replay("b62", |record| {
        let (inputs, expected) = (&record["inputs"], &record["expected"]);
        if inputs.get("encode").is_some() {
            // Python's integers have no end, our timestamps do.
            let number = inputs["encode"].as_i64()?;
            return compare(
                encoding::base62_encode(number).as_str(),
                text(&expected["value"]),
            );
        }
        let ours = encoding::base62_decode(text(&inputs["decode"]));
        if ours.is_none() && expected["value"].is_number() && expected["value"].as_i64().is_none() {
            return None;
        }
        compare(ours, expected["value"].as_i64())
    });
    replay("b64", |record| {
        let (inputs, expected) = (&record["inputs"], &record["expected"]);
        if let Some(value) = inputs["encode_b64"].as_str() {
            return compare(
                encoding::base64_encode(standard(value)).as_str(),
                text(&expected["value"]),
            );
        }
        let given = text(&inputs["decode"]);
        if given.contains(['+', '/']) {
            // The other alphabet: Python takes both, we only the one we write.
            return compare(encoding::base64_decode(given), None);
        }
        let theirs = expected["value_b64"].as_str().map(standard);
        compare(encoding::base64_decode(given), theirs)
    });
    replay("constant_time_compare", |record| {
        let inputs = &record["inputs"];
        let ours = constant_time_compare(text(&inputs["a"]), text(&inputs["b"]));
        compare(Some(ours), record["expected"]["equal"].as_bool())
    });
}

#[test]
fn the_signer_of_cookies_is_the_same() {
    replay("cookie_signer", |record| {
        let inputs = &record["inputs"];
        let ring = keys(record, &Value::Null).prefixed(b"django.http.cookies");
        let salt = inputs["salt"]
            .as_str()
            .unwrap_or("django.core.signing.get_cookie_signer");
        let ours = TimestampSigner::new(&ring, salt).sign(text(&inputs["value"]), now(inputs));
        compare(ours.as_str(), text(&record["expected"]["signed"]))
    });
}
