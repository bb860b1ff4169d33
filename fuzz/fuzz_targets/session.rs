//! Stored sessions: a forged one is empty, and one with a right signature is no danger.
#![no_main]

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use nuages_crypto::KeyRing;
use nuages_crypto::signing::TimestampSigner;
use nuages_sessions::SessionCodec;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let keys = KeyRing::new("a key for fuzzing");
    let codec = SessionCodec::new(&keys);
    assert!(codec.decode(text).is_empty(), "nobody guesses a signature");
    // Whoever has the key, or an older version of us, may have signed anything.
    let signer = TimestampSigner::new(&keys, "django.contrib.sessions.SessionStore");
    let now = Timestamp::UNIX_EPOCH;
    let session = codec.decode(&signer.sign(text, now));
    if let Ok(again) = codec.encode(&session, now) {
        assert_eq!(codec.decode(&again), session);
    }
});
