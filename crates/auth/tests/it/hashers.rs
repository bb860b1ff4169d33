//! Password hashes under attack.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use nuages_auth::passwords::{
    Argon2, Bcrypt, DecodedHash, Hashers, InsecureMd5, MalformedHash, PasswordHasher, Pbkdf2,
    Scrypt, unusable_password,
};

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
    fn encode(&self, password: &[u8], salt: &str) -> Result<String, MalformedHash> {
        self.2.fetch_add(self.1 as usize, Ordering::SeqCst);
        self.0.encode(password, salt)
    }
    fn decode(&self, encoded: &str) -> Result<DecodedHash, MalformedHash> {
        self.0.decode(encoded)
    }
    fn verify(&self, password: &[u8], encoded: &str) -> Result<bool, MalformedHash> {
        let result = self.0.verify(password, encoded)?;
        self.2.fetch_add(Self::stored(encoded), Ordering::SeqCst);
        Ok(result)
    }
    fn must_update(&self, encoded: &str) -> Result<bool, MalformedHash> {
        self.0.must_update(encoded)
    }
    fn harden_runtime(&self, password: &[u8], encoded: &str) {
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
        .encode(b"right", salt)
        .unwrap();
    let old = Pbkdf2::sha256()
        .iterations(10)
        .encode(b"right", salt)
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
    let check = |hashers: &Hashers| {
        let differ = |left: &str, right: &str| {
            let stored = hashers.make_password(left);
            let algorithm = hashers.preferred().algorithm();
            assert!(
                hashers.verify(left, &stored).is_correct,
                "{algorithm} {left:?}"
            );
            assert!(
                !hashers.verify(right, &stored).is_correct,
                "{algorithm} {left:?} {right:?}"
            );
        };
        differ("a\0b", "a");
        differ("a ", "a");
        differ(" a", "a");
        differ(
            &format!("{}x", "p".repeat(72)),
            &format!("{}y", "p".repeat(72)),
        );
        differ(&"½".repeat(500_000), &"½".repeat(499_999));
    };
    check(&Hashers::new(Pbkdf2::sha256().iterations(1)));
    check(&Hashers::new(Pbkdf2::sha1().iterations(1)));
    let argon2 = Argon2::default().memory_cost(8).time_cost(1);
    check(&Hashers::new(argon2.parallelism(1)));
    check(&Hashers::new(Bcrypt::sha256().rounds(4)));
    check(&Hashers::new(Scrypt::default().work_factor(16)));
    check(&Hashers::new(InsecureMd5));
}

#[test]
fn plain_bcrypt_takes_no_password_that_it_would_cut_off() {
    let hashers = Hashers::new(Bcrypt::plain().rounds(4));
    let stored = hashers.make_password("p".repeat(72));
    assert!(hashers.verify("p".repeat(72), &stored).is_correct);
    // What bcrypt would take for the same password is refused.
    assert!(!hashers.verify("p".repeat(73), &stored).is_correct);
    let unusable = hashers.make_password("p".repeat(73));
    assert!(unusable.starts_with('!'));
    assert!(!hashers.verify("p".repeat(73), &unusable).is_correct);
}

#[test]
fn a_hash_that_asks_for_hours_is_refused_at_once() {
    let salt = "abcdefghijklmnopqrstuv";
    let hashers = Hashers::new(InsecureMd5)
        .also(Pbkdf2::sha256())
        .also(Argon2::default())
        .also(Bcrypt::sha256())
        .also(Scrypt::default());
    let check = |encoded: &str| {
        let start = Instant::now();
        let verified = hashers.verify("x", encoded);
        assert!(!verified.is_correct, "{encoded}");
        assert!(start.elapsed().as_secs() < 2, "{encoded}");
    };
    check(&format!("pbkdf2_sha256$10000001${salt}$hash"));
    check(&format!("pbkdf2_sha256$4294967296${salt}$hash"));
    check("argon2$argon2id$v=19$m=1048577,t=1,p=1$c2Vhc2FsdHk$BF/IqddQ01ezMKFxhX0RWA");
    check("argon2$argon2id$v=19$m=8,t=4294967295,p=1$c2Vhc2FsdHk$BF/IqddQ01ezMKFxhX0RWA");
    check("argon2$argon2id$v=19$m=8,t=1,p=4294967295$c2Vhc2FsdHk$BF/IqddQ01ezMKFxhX0RWA");
    check("bcrypt_sha256$$2b$31$CCCCCCCCCCCCCCCCCCCCC.3TTwpC5Bwj7ds9p/UadWA7yfctaiUsS");
    check("bcrypt_sha256$$2b$99$CCCCCCCCCCCCCCCCCCCCC.3TTwpC5Bwj7ds9p/UadWA7yfctaiUsS");
    check(&format!("scrypt$1073741824${salt}$8$1$hash"));
    check(&format!("scrypt$2${salt}$1$100000000$hash"));
    check(&format!("scrypt$2${salt}$4294967295$4294967295$hash"));
    check(&format!("scrypt$2${salt}$0$0$hash"));
}

#[test]
fn an_unusable_password_lets_nobody_in() {
    let hashers = Hashers::new(InsecureMd5);
    let unusable = unusable_password();
    assert_eq!(unusable.len(), 41);
    assert!(!hashers.verify("", &unusable).is_correct);
    assert!(!hashers.verify(&unusable, &unusable).is_correct);
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
