//! Signed values, objects and cookies, and what they are made of.

use base64::Engine as _;
use nuages_crypto::signing::{CookieSigner, DEFAULT_SALT, Error, Signer, TimestampSigner};
use nuages_crypto::{
    Algorithm, KeyRing, constant_time_compare, encoding, python_json, salted_hmac,
};
use serde_json::Value;

use super::values::{bytes, duration, keys, now, ring};
use crate::case::{Case, Miss, Outcome, failed, skipped};
use crate::compare::{member, same, value_or_error};
use crate::corpus::Corpus;

/// Either signer, built as `inputs.signer`, or as `dumps` and `loads` build theirs.
enum AnySigner {
    Plain(Signer),
    Stamped(TimestampSigner),
}

fn algorithm(value: &Value) -> Result<Algorithm, Miss> {
    Ok(match value.as_str() {
        Some("sha1") => Algorithm::Sha1,
        Some("sha256") | None => Algorithm::Sha256,
        Some("sha384") => Algorithm::Sha384,
        Some("sha512") => Algorithm::Sha512,
        Some(other) => return skipped(format!("the hash {other} is not offered for signatures")),
    })
}

fn signer(case: &Case, corpus: &Corpus) -> Result<Result<AnySigner, String>, Miss> {
    let from_settings = ring(case, corpus)?;
    let inputs = case.inputs();
    if inputs["dumps"] == true || inputs["loads"] == true {
        let ring = ring_of(inputs, &from_settings)?;
        // Django takes an empty salt for none, and then the class's own.
        let salt = match inputs["salt"].as_str() {
            Some("") => TimestampSigner::DEFAULT_SALT,
            Some(salt) => salt,
            None => DEFAULT_SALT,
        };
        return Ok(Ok(AnySigner::Stamped(TimestampSigner::new(&ring, salt))));
    }
    let spec = &inputs["signer"];
    let ring = ring_of(spec, &from_settings)?;
    let algorithm = algorithm(&spec["algorithm"])?;
    let separator = spec["sep"].as_str().unwrap_or(":");
    let stamped = spec["class"] == "TimestampSigner";
    let class = if stamped {
        TimestampSigner::DEFAULT_SALT
    } else {
        Signer::DEFAULT_SALT
    };
    let salt = spec["salt"].as_str().unwrap_or(class);
    Ok(if stamped {
        let signer = TimestampSigner::new(&ring, salt).with_algorithm(algorithm);
        let signer = signer.with_separator(separator).map(AnySigner::Stamped);
        signer.map_err(|error| error.to_string())
    } else {
        let signer = Signer::new(&ring, salt).with_algorithm(algorithm);
        let signer = signer.with_separator(separator).map(AnySigner::Plain);
        signer.map_err(|error| error.to_string())
    })
}

/// The keys that a signer names itself, else those of the settings.
fn ring_of(spec: &Value, from_settings: &KeyRing) -> Result<KeyRing, Miss> {
    if spec.get("key").is_none() && spec.get("fallback_keys").is_none() {
        return Ok(from_settings.clone());
    }
    // Django takes an empty key for none.
    let key = match spec.get("key") {
        Some(key) if !key.is_null() && key != "" => bytes(key)?,
        _ => from_settings.current().expose().clone(),
    };
    let key = KeyRing::new(key);
    Ok(match spec.get("fallback_keys") {
        Some(fallbacks) => {
            let former = keys(&Value::from(""), fallbacks)?;
            key.with_fallbacks(former.fallbacks().iter().map(|key| key.expose().clone()))
        }
        None => key.with_fallbacks(
            from_settings
                .fallbacks()
                .iter()
                .map(|key| key.expose().clone()),
        ),
    })
}

/// `sign`
pub(super) fn sign(case: &Case, corpus: &Corpus) -> Outcome {
    let value = case.text("value")?;
    let signed = signer(case, corpus)?.map(|signer| match signer {
        AnySigner::Plain(signer) => signer.sign(value),
        AnySigner::Stamped(signer) => signer.sign(value, now(case)),
    });
    match value_or_error(case, signed)? {
        Some(signed) => member(case, "value", signed),
        None => Ok(()),
    }
}

/// `unsign`
pub(super) fn unsign(case: &Case, corpus: &Corpus) -> Outcome {
    let signed = case.text("signed")?;
    let signer = match signer(case, corpus)? {
        Ok(signer) => signer,
        Err(_) if !case.expected("error").is_null() => return Ok(()),
        Err(error) => return failed(error),
    };
    let value = match &signer {
        AnySigner::Plain(signer) => signer.unsign(signed),
        AnySigner::Stamped(signer) => {
            signer.unsign(signed, now(case), duration(case.input("max_age")))
        }
    };
    read(case, "value", value.map(Value::from))
}

/// `sign_object`
pub(super) fn sign_object(case: &Case, corpus: &Corpus) -> Outcome {
    let object = json_text(case, "obj_json")?;
    let compress = case.input("compress") == true;
    let signer = match signer(case, corpus)? {
        Ok(signer) => signer,
        Err(error) => return failed(error),
    };
    let signed = match (&signer, compress) {
        (AnySigner::Plain(signer), false) => signer.sign_object(&object),
        (AnySigner::Plain(signer), true) => signer.sign_object_compressed(&object),
        (AnySigner::Stamped(signer), false) => signer.sign_object(&object, now(case)),
        (AnySigner::Stamped(signer), true) => signer.sign_object_compressed(&object, now(case)),
    };
    let Some(signed) = value_or_error(case, signed)? else {
        return Ok(());
    };
    member(case, "compressed", signed.starts_with('.'))?;
    let recorded = case.expected("signed").as_str().unwrap_or_default();
    if case.expected("compressed") != true {
        return same("signed", &recorded, &signed.as_str());
    }
    // Compressors differ in their bytes: each must read what the other wrote.
    for text in [signed.as_str(), recorded] {
        let read: Result<Value, Error> = match &signer {
            AnySigner::Plain(signer) => signer.unsign_object(text),
            AnySigner::Stamped(signer) => signer.unsign_object(text, now(case), None),
        };
        match read {
            Ok(value) => same("object", &object, &value)?,
            Err(error) => return failed(format!("cannot read {text}: {error}")),
        }
    }
    Ok(())
}

/// `unsign_object`
pub(super) fn unsign_object(case: &Case, corpus: &Corpus) -> Outcome {
    let signed = case.text("signed")?;
    let value: Result<Value, Error> = match signer(case, corpus)? {
        Ok(AnySigner::Plain(signer)) => signer.unsign_object(signed),
        Ok(AnySigner::Stamped(signer)) => {
            signer.unsign_object(signed, now(case), duration(case.input("max_age")))
        }
        Err(error) => return failed(error),
    };
    let Some(value) = check_error(case, value)? else {
        return Ok(());
    };
    let text = case.expected("value_json").as_str().unwrap_or_default();
    match serde_json::from_str::<Value>(text) {
        Ok(expected) => same("value", &expected, &value),
        Err(_) => skipped("NaN and infinity are no JSON here"),
    }
}

/// `salted_hmac`
pub(super) fn hmac(case: &Case, corpus: &Corpus) -> Outcome {
    let algorithm = match case.input("algorithm").as_str() {
        None => Algorithm::Sha1,
        Some(_) => algorithm(case.input("algorithm"))?,
    };
    let secret = match case.input("secret") {
        Value::Null => ring(case, corpus)?.current().expose().clone(),
        secret => bytes(secret)?,
    };
    let code = salted_hmac(
        bytes(case.input("key_salt"))?,
        bytes(case.input("value"))?,
        secret,
        algorithm,
    );
    member(case, "value", code.to_hex())
}

/// `signed_cookie_set`
pub(super) fn cookie_set(case: &Case, corpus: &Corpus) -> Outcome {
    let signer = CookieSigner::new(&ring(case, corpus)?);
    let salt = case.input("salt").as_str().unwrap_or_default();
    let signed = signer.sign(case.text("name")?, case.text("value")?, salt, now(case));
    member(case, "value", signed)
}

/// `signed_cookie_get`
pub(super) fn cookie_get(case: &Case, corpus: &Corpus) -> Outcome {
    let mut signer = CookieSigner::new(&ring(case, corpus)?);
    if corpus.setting(case, "SIGNED_COOKIE_LEGACY_SALT_FALLBACK") != &Value::Bool(false) {
        signer = signer.insecure_accept_legacy_salt();
    }
    let Some(cookie) = case.input("cookie").as_str() else {
        return skipped("a missing cookie is the caller's Option");
    };
    let salt = case.input("salt").as_str().unwrap_or_default();
    let value = signer.unsign(
        case.text("name")?,
        cookie,
        salt,
        now(case),
        duration(case.input("max_age")),
    );
    // A default is the caller's `unwrap_or`.
    match (value, case.inputs().get("default")) {
        (Err(_), Some(default)) => member(case, "value", default.clone()),
        (value, _) => read(case, "value", value.map(Value::from)),
    }
}

/// `cookie_signer`
pub(super) fn cookie_signer(case: &Case, corpus: &Corpus) -> Outcome {
    let ring = ring(case, corpus)?.prefixed(b"django.http.cookies");
    let salt = case.input("salt").as_str();
    let salt = salt.unwrap_or("django.core.signing.get_cookie_signer");
    let signer = TimestampSigner::new(&ring, salt);
    member(case, "signed", signer.sign(case.text("value")?, now(case)))
}

/// `json_serializer`
pub(super) fn json(case: &Case, _: &Corpus) -> Outcome {
    let value = json_text(case, "obj_json")?;
    match python_json::to_string(&value) {
        Ok(text) => member(case, "text", text),
        Err(error) => failed(error.to_string()),
    }
}

/// `b62`
pub(super) fn base62(case: &Case, _: &Corpus) -> Outcome {
    if let Some(number) = case.input("encode").as_i64() {
        return member(case, "value", encoding::base62_encode(number));
    }
    let number = encoding::base62_decode(case.text("decode")?);
    match value_or_error(case, number.ok_or("no number"))? {
        Some(number) => member(case, "value", number),
        None => Ok(()),
    }
}

/// `b64`
pub(super) fn base64(case: &Case, _: &Corpus) -> Outcome {
    let standard = &base64::engine::general_purpose::STANDARD;
    if let Some(text) = case.input("encode_b64").as_str() {
        let Ok(raw) = standard.decode(text) else {
            return skipped("the record's own base64 is damaged");
        };
        return member(case, "value", encoding::base64_encode(raw));
    }
    let raw = encoding::base64_decode(case.text("decode")?);
    match value_or_error(case, raw.ok_or("no base64"))? {
        Some(raw) => member(case, "value_b64", standard.encode(raw)),
        None => Ok(()),
    }
}

/// `constant_time_compare`
pub(super) fn compare(case: &Case, _: &Corpus) -> Outcome {
    let equal = constant_time_compare(bytes(case.input("a"))?, bytes(case.input("b"))?);
    member(case, "equal", equal)
}

/// Compares a value, or the class and the words of an error.
fn read(case: &Case, name: &str, value: Result<Value, Error>) -> Outcome {
    match check_error(case, value)? {
        Some(value) => member(case, name, value),
        None => Ok(()),
    }
}

/// Both kinds of error are Django's: expired is told apart from bad, and the words are the same.
fn check_error(case: &Case, value: Result<Value, Error>) -> Result<Option<Value>, Miss> {
    let expected = case.expected("error");
    match (&value, expected["type"].as_str()) {
        // A timedelta prints as a float in Python; the age itself is the same.
        (Err(error), Some("SignatureExpired"))
            if error.is_expired() && case.input("max_age").is_object() => {}
        (Err(error), Some("SignatureExpired")) if error.is_expired() => {
            same(
                "message",
                &expected["message"],
                &Value::from(error.to_string()),
            )?;
        }
        (Err(error), Some("BadSignature")) if error.is_bad_signature() => {
            same(
                "message",
                &expected["message"],
                &Value::from(error.to_string()),
            )?;
        }
        (Err(error), Some(kind @ ("SignatureExpired" | "BadSignature"))) => {
            return failed(format!("expected {kind}, got {error:?}"));
        }
        _ => {}
    }
    value_or_error(case, value)
}

/// A JSON text of the record; skipped where it is Python's JSON only.
fn json_text(case: &Case, name: &str) -> Result<Value, Miss> {
    serde_json::from_str(case.text(name)?)
        .or_else(|_| skipped("NaN, infinity and lone surrogates are no JSON here"))
}
