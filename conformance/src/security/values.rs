//! The typed values and settings of the corpus.

use base64::Engine as _;
use jiff::{SignedDuration, Timestamp};
use nuages_crypto::KeyRing;
use serde_json::Value;

use crate::case::{Case, Miss, skipped};
use crate::corpus::Corpus;

/// Where the clock is held when a record does not say.
const NOW: f64 = 1_780_000_000.0;

/// A text as its UTF-8 bytes, or `{"bytes_b64": ...}`.
pub(crate) fn bytes(value: &Value) -> Result<Vec<u8>, Miss> {
    if let Some(text) = value.as_str() {
        return Ok(text.as_bytes().to_vec());
    }
    let standard = &base64::engine::general_purpose::STANDARD;
    match value["bytes_b64"]
        .as_str()
        .map(|text| standard.decode(text))
    {
        Some(Ok(bytes)) => Ok(bytes),
        _ => skipped("a value of a type that Rust's signature does not take"),
    }
}

/// `inputs.now`.
pub(crate) fn now(case: &Case) -> Timestamp {
    let seconds = case.input("now").as_f64().unwrap_or(NOW);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "microseconds of this century"
    )]
    Timestamp::from_microsecond((seconds * 1e6).round() as i64).unwrap_or_default()
}

/// Seconds or `{"timedelta": seconds}`; `None` where absent.
pub(crate) fn duration(value: &Value) -> Option<SignedDuration> {
    let seconds = value.as_f64().or_else(|| value["timedelta"].as_f64())?;
    Some(SignedDuration::from_secs_f64(seconds))
}

/// The keys of the settings.
pub(crate) fn ring(case: &Case, corpus: &Corpus) -> Result<KeyRing, Miss> {
    keys(
        corpus.setting(case, "SECRET_KEY"),
        corpus.setting(case, "SECRET_KEY_FALLBACKS"),
    )
}

/// A ring out of a key and a list of former ones.
pub(crate) fn keys(current: &Value, fallbacks: &Value) -> Result<KeyRing, Miss> {
    let mut former = Vec::new();
    for key in fallbacks.as_array().into_iter().flatten() {
        former.push(bytes(key)?);
    }
    Ok(KeyRing::new(bytes(current)?).with_fallbacks(former))
}
