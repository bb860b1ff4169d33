//! Password hashes, against what Django recorded, and under attack.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use nuages_auth::passwords::{
    Hashers, InsecureMd5, MalformedHash, PasswordHasher, Pbkdf2, is_password_usable,
    unusable_password,
};
use serde_json::Value;

use crate::asserted;

/// Replays the password records of one kind.
fn replay(kind: &str, run: impl Fn(&Value) -> bool) {
    asserted::replay("security", "passwords.jsonl", kind, run);
}

/// The hasher of a record, if we have it.
fn hasher(spec: &Value) -> Option<Box<dyn PasswordHasher>> {
    let name = spec.as_str().or_else(|| spec["hasher"].as_str())?;
    let iterations = spec["iterations"]
        .as_u64()
        .map(|n| u32::try_from(n).unwrap());
    let with = |hasher: Pbkdf2| iterations.map_or(hasher, |n| hasher.iterations(n));
    Some(match name {
        "pbkdf2_sha256" => Box::new(with(Pbkdf2::sha256())),
        "pbkdf2_sha1" => Box::new(with(Pbkdf2::sha1())),
        "md5" => Box::new(InsecureMd5),
        _ => return None,
    })
}

#[derive(Debug)]
struct Boxed(Box<dyn PasswordHasher>);

impl PasswordHasher for Boxed {
    fn algorithm(&self) -> &'static str {
        self.0.algorithm()
    }
    fn encode(&self, password: &str, salt: &str) -> Result<String, MalformedHash> {
        self.0.encode(password, salt)
    }
    fn verify(&self, password: &str, encoded: &str) -> Result<bool, MalformedHash> {
        self.0.verify(password, encoded)
    }
    fn must_update(&self, encoded: &str) -> Result<bool, MalformedHash> {
        self.0.must_update(encoded)
    }
    fn harden_runtime(&self, password: &str, encoded: &str) {
        self.0.harden_runtime(password, encoded);
    }
}

/// The hashers of a record's settings, if we have all of them.
fn hashers(record: &Value) -> Option<Hashers> {
    let mut list = record["settings"]["PASSWORD_HASHERS"]
        .as_array()?
        .iter()
        .map(|spec| hasher(spec).map(Boxed));
    let mut hashers = Hashers::new(list.next()??);
    for hasher in list {
        hashers = hashers.also(hasher?);
    }
    Some(hashers)
}

fn is_slow(record: &Value) -> bool {
    record["note"] == "default work factor"
}

#[test]
fn hashes_are_made_as_django_makes_them() {
    replay("hasher_encode", |record| {
        let inputs = &record["inputs"];
        let Some(hasher) = hasher(&inputs["hasher"]) else {
            return false;
        };
        let (Some(password), Some(salt)) = (inputs["password"].as_str(), inputs["salt"].as_str())
        else {
            return false;
        };
        let plain = inputs.get("kwargs").is_none_or(Value::is_null);
        if !plain || (is_slow(record) && salt != "seasalt") {
            return false;
        }
        let expected = record["expected"]["value"].as_str();
        assert_eq!(
            hasher.encode(password, salt).ok().as_deref(),
            expected,
            "{}",
            record["id"]
        );
        true
    });
}

#[test]
fn hashes_are_checked_as_django_checks_them() {
    replay("hasher_verify", |record| {
        let inputs = &record["inputs"];
        let (Some(hasher), Some(password)) =
            (hasher(&inputs["hasher"]), inputs["password"].as_str())
        else {
            return false;
        };
        let encoded = inputs["encoded"].as_str().unwrap();
        // Where Django raises, we say no.
        let expected = record["expected"]["value"].as_bool().unwrap_or(false);
        let verified = hasher.verify(password, encoded).unwrap_or(false);
        assert_eq!(verified, expected, "{}", record["id"]);
        true
    });
    replay("hasher_must_update", |record| {
        let Some(hasher) = hasher(&record["inputs"]["hasher"]) else {
            return false;
        };
        let encoded = record["inputs"]["encoded"].as_str().unwrap();
        if let (Some(expected), Ok(ours)) = (
            record["expected"]["value"].as_bool(),
            hasher.must_update(encoded),
        ) {
            assert_eq!(ours, expected, "{}", record["id"]);
        }
        true
    });
}

#[test]
fn passwords_are_verified_with_django_s_work() {
    replay("verify_password", |record| {
        let (inputs, expected) = (&record["inputs"], &record["expected"]);
        let (Some(hashers), Some(password), Some(encoded)) = (
            hashers(record),
            inputs["password"].as_str(),
            inputs["encoded"].as_str(),
        ) else {
            return false;
        };
        if inputs
            .get("preferred")
            .is_some_and(|preferred| !preferred.is_null())
        {
            return false;
        }
        let verified = hashers.verify(password, encoded);
        let wanted = expected["is_correct"].as_bool().unwrap_or(false);
        assert_eq!(verified.is_correct, wanted, "{}", record["id"]);
        if verified.is_correct {
            assert_eq!(
                verified.must_update, expected["must_update"],
                "{}",
                record["id"]
            );
        }
        true
    });
}

#[test]
fn unusable_passwords_are_django_s() {
    replay("is_password_usable", |record| {
        if let Some(encoded) = record["inputs"]["encoded"].as_str() {
            assert_eq!(
                is_password_usable(encoded),
                record["expected"]["usable"],
                "{}",
                record["id"]
            );
        }
        true
    });
    let unusable = unusable_password();
    assert_eq!(unusable.len(), 41);
    let hashers = Hashers::new(InsecureMd5);
    assert!(!hashers.verify("", &unusable).is_correct);
    assert!(!hashers.verify(&unusable, &unusable).is_correct);
}

/// Counts the iterations that are done.
#[derive(Debug, Clone)]
struct Counted(Pbkdf2, u32, Arc<AtomicUsize>);

impl Counted {
    fn new(iterations: u32) -> Self {
        Self(
            Pbkdf2::sha256().iterations(iterations),
            iterations,
            Arc::default(),
        )
    }

    fn stored(encoded: &str) -> usize {
        encoded.split('$').nth(1).unwrap().parse().unwrap()
    }

    fn take(&self) -> usize {
        self.2.swap(0, Ordering::SeqCst)
    }
}

impl PasswordHasher for Counted {
    fn algorithm(&self) -> &'static str {
        self.0.algorithm()
    }
    fn encode(&self, password: &str, salt: &str) -> Result<String, MalformedHash> {
        self.2.fetch_add(self.1 as usize, Ordering::SeqCst);
        self.0.encode(password, salt)
    }
    fn verify(&self, password: &str, encoded: &str) -> Result<bool, MalformedHash> {
        let result = self.0.verify(password, encoded)?;
        self.2.fetch_add(Self::stored(encoded), Ordering::SeqCst);
        Ok(result)
    }
    fn must_update(&self, encoded: &str) -> Result<bool, MalformedHash> {
        self.0.must_update(encoded)
    }
    fn harden_runtime(&self, password: &str, encoded: &str) {
        let missing = (self.1 as usize).saturating_sub(Self::stored(encoded));
        self.2.fetch_add(missing, Ordering::SeqCst);
        self.0.harden_runtime(password, encoded);
    }
}

#[test]
fn a_wrong_password_costs_the_same_for_every_kind_of_account() {
    let counted = Counted::new(100);
    let hashers = Hashers::new(counted.clone()).also(InsecureMd5);
    let salt = "abcdefghijklmnopqrstuv";
    let current = Pbkdf2::sha256()
        .iterations(100)
        .encode("right", salt)
        .unwrap();
    let old = Pbkdf2::sha256()
        .iterations(10)
        .encode("right", salt)
        .unwrap();
    let kinds = [
        ("current", current.as_str()),
        ("with a tenth of the iterations", &old),
        ("unusable", "!x"),
        ("empty", ""),
        ("of an unknown algorithm", "bcrypt$$2b$12$ééééééééééééééé"),
        ("truncated", &current[..20]),
        ("without iterations", "pbkdf2_sha256$x$salt$hash"),
        (
            "with absurd iterations",
            "pbkdf2_sha256$4000000000$abcdefghijklmnopqrstuv$hash",
        ),
        (
            "with more iterations than a number holds",
            "pbkdf2_sha256$1000000000000000000$s$h",
        ),
        ("of unsalted MD5", "5f4dcc3b5aa765d61d8327deb882cf99"),
    ];
    for (kind, encoded) in kinds {
        let verified = hashers.verify("wrong", encoded);
        assert!(!verified.is_correct, "{kind}");
        assert_eq!(counted.take(), 100, "a hash {kind}");
    }
    hashers.waste_one_hash("wrong");
    assert_eq!(counted.take(), 100, "an unknown user");
}

#[test]
fn no_part_of_a_password_is_ignored() {
    let hashers = Hashers::new(Pbkdf2::sha256().iterations(1));
    let differ = |left: &str, right: &str| {
        let stored = hashers.make_password(left);
        assert!(hashers.verify(left, &stored).is_correct);
        assert!(
            !hashers.verify(right, &stored).is_correct,
            "{left:?} {right:?}"
        );
    };
    differ("a\0b", "a");
    differ("a ", "a");
    differ(" a", "a");
    differ(
        &format!("{}x", "p".repeat(72)),
        &format!("{}y", "p".repeat(72)),
    );
}

#[test]
fn a_megabyte_of_password_is_harmless() {
    let hashers = Hashers::new(Pbkdf2::sha256().iterations(20_000));
    let time = |password: &str| {
        (0..5)
            .map(|_| {
                let start = Instant::now();
                hashers.make_password(password);
                start.elapsed()
            })
            .min()
            .unwrap()
    };
    // The password is hashed once, not at every iteration: that would take minutes.
    let (short, long) = (time("twenty characters !!"), time(&"½".repeat(500_000)));
    assert!(long < short * 20, "{short:?} {long:?}");
}

#[test]
fn settings_name_the_hashers() {
    let hashers = Hashers::from_names(&["md5", "pbkdf2_sha256"]).unwrap();
    assert_eq!(hashers.preferred().algorithm(), "md5");
    assert_eq!(
        Hashers::from_names(&["plain"]).unwrap_err().to_string(),
        "Unknown password hashing algorithm 'plain'. Did you specify it in the PASSWORD_HASHERS setting?"
    );
    assert!(Hashers::from_names::<&str>(&[]).is_err());
}
