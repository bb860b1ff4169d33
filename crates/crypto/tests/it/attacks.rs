//! P7, P9, Z2: signed values that are taken for what they are not, outlive their key, or unpack without an end.

use jiff::{SignedDuration, Timestamp};
use nuages_crypto::signing::{
    CookieSigner, Error, Signer, TimestampSigner, dumps, dumps_compressed, loads,
};
use nuages_crypto::{KeyRing, encoding};
use serde_json::{Value, json};

use crate::bomb::zlib_bomb;
use crate::peak::Peak;

fn keys() -> KeyRing {
    KeyRing::new("the key of the attacks")
}

fn now() -> Timestamp {
    Timestamp::from_second(1_780_000_000).expect("a moment")
}

#[test]
fn cve_2026_6873_p7_a_cookie_is_worth_nothing_under_another_name_and_salt() {
    let signer = CookieSigner::new(&keys());
    let value = signer.sign("a", "root", "bc", now());
    assert_eq!(signer.unsign("a", &value, "bc", now(), None), Ok("root"));
    // Every other way to cut `abc`, and what only looks the same.
    for (name, salt) in [
        ("ab", "c"),
        ("abc", ""),
        ("", "abc"),
        ("bc", "a"),
        ("a", "b"),
        ("a", "bcd"),
        ("2:bca", ""),
        ("bca", ""),
        ("A", "bc"),
        ("a", "BC"),
    ] {
        let refused = signer.unsign(name, &value, salt, now(), None);
        assert!(
            refused.is_err_and(|error| error.is_bad_signature()),
            "{name} {salt}"
        );
    }
    // Salts are counted in characters, as Django does: no cut inside of a character makes two the same.
    let wide = signer.sign("name", "root", "é", now());
    for (name, salt) in [("éname", ""), ("name", "e"), ("\u{a9}name", "\u{c3}")] {
        assert!(
            signer.unsign(name, &wide, salt, now(), None).is_err(),
            "{name}"
        );
    }
}

#[test]
fn cve_2026_6873_pair_the_old_salt_lets_one_cookie_pass_for_another() {
    // What Django before 6.0.6 signed: name and salt run together.
    let old = TimestampSigner::new(&keys().prefixed(b"django.http.cookies"), "abc");
    let value = old.sign("root", now());
    let strict = CookieSigner::new(&keys());
    let lenient = CookieSigner::new(&keys()).insecure_accept_legacy_salt();
    for (name, salt) in [("a", "bc"), ("ab", "c"), ("abc", "")] {
        assert!(
            strict.unsign(name, &value, salt, now(), None).is_err(),
            "strict by default"
        );
        assert_eq!(lenient.unsign(name, &value, salt, now(), None), Ok("root"));
    }
    // What is signed anew has the new salt also there.
    let value = lenient.sign("a", "root", "bc", now());
    assert!(lenient.unsign("ab", &value, "c", now(), None).is_err());
    assert_eq!(strict.unsign("a", &value, "bc", now(), None), Ok("root"));
    // And an old cookie that has expired is not saved by the fallback.
    let value = old.sign("root", now());
    let hour = SignedDuration::from_hours(1);
    let late = lenient.unsign("a", &value, "bc", now() + hour * 2, Some(hour));
    assert!(late.is_err_and(|error| error.is_expired()));
}

#[test]
fn p7_a_value_signed_for_one_purpose_is_refused_for_every_other() {
    let (ring, data) = (keys(), json!({"user": 7}));
    let cookie = ring.prefixed(b"django.http.cookies");
    let purposes: [(&str, &KeyRing, &str); 6] = [
        ("session row", &ring, "django.contrib.sessions.SessionStore"),
        (
            "session cookie",
            &ring,
            "django.contrib.sessions.backends.signed_cookies",
        ),
        ("messages", &cookie, "django.contrib.messages"),
        (
            "password reset",
            &ring,
            "django.contrib.auth.tokens.PasswordResetTokenGenerator",
        ),
        ("plain", &ring, nuages_crypto::signing::DEFAULT_SALT),
        ("cookie", &cookie, "django.http.cookies.v2:0:name"),
    ];
    for (made, ring, salt) in purposes {
        let signed = dumps(&data, ring, salt, now()).expect("JSON");
        for (read, ring, salt) in purposes {
            let found = loads::<Value>(&signed, ring, salt, now(), None);
            assert_eq!(found.is_ok(), made == read, "{made} read as {read}");
        }
    }
}

#[test]
fn p7_a_second_too_late_is_too_late() {
    let hour = SignedDuration::from_hours(1);
    let signed = dumps(&1, &keys(), "s", now()).expect("JSON");
    let read = |at| loads::<i64>(&signed, &keys(), "s", at, Some(hour));
    assert_eq!(read(now() + hour), Ok(1));
    let late = read(now() + hour + SignedDuration::from_secs(1));
    assert!(late.is_err_and(|error| error.is_expired()));
    // The time is signed, too: a later one in its place is a forgery.
    let mut parts: Vec<&str> = signed.split(':').collect();
    let later = encoding::base62_encode(now().as_second() + 1_000_000);
    parts[1] = &later;
    let forged = loads::<i64>(&parts.join(":"), &keys(), "s", now(), Some(hour));
    assert!(forged.is_err_and(|error| error.is_bad_signature()));
}

#[test]
fn p7_no_other_spelling_of_a_signature_or_payload_is_taken() {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let signed = Signer::new(&keys(), "s").sign("value");
    // The last sign of 43 holds four bits: three other signs decode to the same bytes with a lenient reader.
    let (front, last) = signed.split_at(signed.len() - 1);
    let mut same_bytes = 0;
    for sign in ALPHABET {
        let sign = char::from(*sign).to_string();
        if sign == last {
            continue;
        }
        let place = |sign: &str| {
            ALPHABET
                .iter()
                .position(|known| sign.as_bytes()[0] == *known)
        };
        same_bytes += usize::from(place(&sign).map(|at| at >> 2) == place(last).map(|at| at >> 2));
        assert!(
            Signer::new(&keys(), "s")
                .unsign(&format!("{front}{sign}"))
                .is_err()
        );
    }
    assert_eq!(same_bytes, 3, "such spellings exist");
    for other in [
        format!("{signed}="),
        format!("{signed}\n"),
        format!(" {signed}"),
        signed.replace('-', "+").replace('_', "/") + " ",
    ] {
        assert!(
            Signer::new(&keys(), "s").unsign(&other).is_err(),
            "{other:?}"
        );
    }
    // Payloads: one spelling each, even with a right signature over another one.
    let stamped = TimestampSigner::new(&keys(), "s");
    assert_eq!(
        loads::<i64>(&stamped.sign("Nw", now()), &keys(), "s", now(), None),
        Ok(7)
    );
    for payload in ["Nx", "Ny", "N w", "N\nw", "Nw!", "N.w"] {
        let found = loads::<i64>(&stamped.sign(payload, now()), &keys(), "s", now(), None);
        assert!(matches!(found, Err(Error::Malformed { .. })), "{payload:?}");
    }
}

#[test]
fn p7_pair_without_the_signature_anything_is_believed() {
    let payload = encoding::base64_encode("{\"user\":1}");
    let signed = dumps(&json!({"user": 7}), &keys(), "s", now()).expect("JSON");
    let forged = signed.replacen(signed.split(':').next().unwrap_or_default(), &payload, 1);
    assert!(loads::<Value>(&forged, &keys(), "s", now(), None).is_err());
    // Who signs with the site's key is believed: the key is the protection.
    let again = TimestampSigner::new(&keys(), "s").sign(&payload, now());
    assert_eq!(
        loads(&again, &keys(), "s", now(), None),
        Ok(json!({"user": 1}))
    );
}

#[test]
fn p9_a_former_key_is_accepted_while_it_is_listed_and_never_signs() {
    let old = KeyRing::new("old");
    let both = KeyRing::new("new").with_fallbacks(["old"]);
    let new = KeyRing::new("new");
    let signed = dumps(&1, &old, "s", now()).expect("JSON");
    let read = |text: &str, ring: &KeyRing| loads::<i64>(text, ring, "s", now(), None);
    assert_eq!(read(&signed, &both), Ok(1));
    assert!(read(&signed, &new).is_err_and(|error| error.is_bad_signature()));
    let signed = dumps(&1, &both, "s", now()).expect("JSON");
    assert_eq!(read(&signed, &new), Ok(1), "signed with the new key");
    assert!(read(&signed, &old).is_err());

    let cookie = CookieSigner::new(&old).sign("a", "1", "", now());
    assert_eq!(
        CookieSigner::new(&both).unsign("a", &cookie, "", now(), None),
        Ok("1")
    );
    assert!(
        CookieSigner::new(&new)
            .unsign("a", &cookie, "", now(), None)
            .is_err()
    );
    let cookie = CookieSigner::new(&both).sign("a", "1", "", now());
    assert_eq!(
        CookieSigner::new(&new).unsign("a", &cookie, "", now(), None),
        Ok("1")
    );
}

#[test]
fn z2_a_megabyte_that_inflates_to_a_gigabyte_is_an_error_in_8_mib() {
    let bomb = format!(".{}", encoding::base64_encode(zlib_bomb(1024)));
    assert!(bomb.len() < 4 << 20, "{}", bomb.len());
    let signed = TimestampSigner::new(&keys(), "s").sign(&bomb, now());
    let peak = Peak::mark();
    let found = loads::<Value>(&signed, &keys(), "s", now(), None);
    assert!(matches!(found, Err(Error::Malformed { .. })));
    let growth = peak.growth_in_kib();
    assert!(growth.is_none_or(|kib| kib < 8 * 1024), "{growth:?}");
    // The pair: below the bound a compressed value is read, and it has a size.
    let text = "x".repeat(3 << 20);
    let signed = dumps_compressed(&text, &keys(), "s", now()).expect("JSON");
    assert!(signed.len() < 8192);
    assert_eq!(loads(&signed, &keys(), "s", now(), None), Ok(text));
    // What is larger is not compressed, and so comes back as well.
    let text = "x".repeat(5 << 20);
    let signed = dumps_compressed(&text, &keys(), "s", now()).expect("JSON");
    assert!(signed.len() > 5 << 20);
    assert_eq!(loads(&signed, &keys(), "s", now(), None), Ok(text));
}

#[test]
fn z2_json_that_is_nested_a_hundred_thousand_deep_is_an_error() {
    let signer = TimestampSigner::new(&keys(), "s");
    let deep = |depth: usize| {
        let text = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        signer.sign(&encoding::base64_encode(text), now())
    };
    assert!(loads::<Value>(&deep(100_000), &keys(), "s", now(), None).is_err());
    assert!(loads::<Value>(&deep(100), &keys(), "s", now(), None).is_ok());
}
