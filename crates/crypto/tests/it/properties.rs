//! What must hold for any text, hostile or not.

use jiff::Timestamp;
use nuages_crypto::signing::{Signer, TimestampSigner, dumps_compressed, loads};
use nuages_crypto::{KeyRing, encoding, python_json};
use proptest::prelude::*;
use serde_json::Value;

fn keys() -> KeyRing {
    KeyRing::new("secret key")
}

proptest! {
    #[test]
    fn what_we_sign_is_ours(value in ".*", salt in ".*") {
        let signer = Signer::new(&keys(), &salt);
        let signed = signer.sign(&value);
        prop_assert_eq!(signer.unsign(&signed).unwrap(), value.as_str());
        // Another purpose, another signature.
        let other = Signer::new(&keys(), &format!("{salt}x"));
        prop_assert!(other.unsign(&signed).is_err());
    }

    #[test]
    fn a_changed_byte_is_noticed(value in "[a-z]{1,30}", at in 0_usize..80, to in "[A-Za-z0-9_:-]") {
        let signer = Signer::new(&keys(), "s");
        let signed = signer.sign(&value);
        let at = at % signed.len();
        let mut forged = signed.clone();
        forged.replace_range(at..=at, &to);
        prop_assert_eq!(signer.unsign(&forged).is_ok(), forged == signed);
    }

    #[test]
    fn hostile_text_is_an_error_and_no_panic(text in ".*") {
        let now = Timestamp::from_second(1_780_000_000).unwrap();
        let signer = TimestampSigner::new(&keys(), "s");
        prop_assert!(signer.unsign(&text, now, None).is_err());
        prop_assert!(loads::<Value>(&text, &keys(), "s", now, None).is_err());
        let _ = encoding::base64_decode(&text);
        if let Some(number) = encoding::base62_decode(&text) {
            let again = encoding::base62_encode(number);
            prop_assert_eq!(encoding::base62_decode(&again), Some(number));
        }
        // Signed by ourselves, but not an object: an error as well.
        let stamped = signer.sign(&text, now);
        let _ = signer.unsign_object::<Value>(&stamped, now, None);
    }

    #[test]
    fn objects_come_back_as_they_were(text in ".*", numbers in prop::collection::vec(any::<i64>(), 0..40), ratio in any::<f64>()) {
        let now = Timestamp::from_second(1_780_000_000).unwrap();
        let ratio = if ratio.is_finite() { ratio } else { 0.5 };
        let value = serde_json::json!({ "text": text, "numbers": numbers, "ratio": ratio });
        let signed = dumps_compressed(&value, &keys(), "s", now).unwrap();
        prop_assert!(signed.is_ascii());
        let back: Value = loads(&signed, &keys(), "s", now, None).unwrap();
        prop_assert_eq!(&back["text"], &value["text"]);
        prop_assert_eq!(&back["numbers"], &value["numbers"]);
        prop_assert!(python_json::to_string(&value).unwrap().is_ascii());
    }
}
