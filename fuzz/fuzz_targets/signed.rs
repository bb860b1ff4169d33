//! Signed values: with a wrong signature, and with a right one over anything.
#![no_main]

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use nuages_crypto::KeyRing;
use nuages_crypto::signing::{Signer, TimestampSigner, loads};
use serde_json::Value;

const SALT: &str = "fuzz";

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let ring = KeyRing::new("a key for fuzzing");
    let now = Timestamp::UNIX_EPOCH;
    let signer = Signer::new(&ring, SALT);
    let stamped = TimestampSigner::new(&ring, SALT);
    // Nobody guesses a signature.
    assert!(signer.unsign(text).is_err());
    assert!(stamped.unsign(text, now, None).is_err());
    assert!(loads::<Value>(text, &ring, SALT, now, None).is_err());
    // What we signed is read again, and whatever is in it is no danger.
    let signed = stamped.sign(text, now);
    assert_eq!(stamped.unsign(&signed, now, None).ok(), Some(text));
    let _ = loads::<Value>(&signed, &ring, SALT, now, None);
    let _ = loads::<Value>(&signer.sign(text), &ring, SALT, now, None);
});
