//! A5: long passwords, and passwords that differ where careless code does not look.

use std::time::{Duration, Instant};

use nuages_auth::passwords::{Argon2, Bcrypt, Hashers, PasswordHasher, Pbkdf2, Scrypt};
use nuages_crypto::encoding::hex_encode;
use sha2::{Digest as _, Sha256};

/// The four hashers, cheap.
fn hashers() -> [Hashers; 4] {
    [
        Hashers::new(Pbkdf2::sha256().iterations(50)),
        Hashers::new(
            Argon2::default()
                .memory_cost(64)
                .time_cost(1)
                .parallelism(1),
        ),
        Hashers::new(Bcrypt::sha256().rounds(4)),
        Hashers::new(Scrypt::default().work_factor(16)),
    ]
}

#[test]
fn a5_a_password_of_64_characters_works_and_every_character_counts() {
    for hashers in hashers() {
        for length in [64, 72, 73, 100, 4096] {
            let password = "p".repeat(length);
            let stored = hashers.make_password(&password);
            assert!(hashers.verify(&password, &stored).is_correct, "{stored}");
            let other = format!("{}q", &password[1..]);
            assert!(!hashers.verify(&other, &stored).is_correct, "{stored}");
            assert!(!hashers.verify(&password[1..], &stored).is_correct);
            assert!(!hashers.verify(format!("{password}p"), &stored).is_correct);
        }
    }
}

#[test]
fn a5_passwords_that_differ_only_at_byte_73_are_different() {
    let (one, other) = ("p".repeat(72) + "a", "p".repeat(72) + "b");
    for hashers in hashers() {
        let stored = hashers.make_password(&one);
        assert!(hashers.verify(&one, &stored).is_correct);
        assert!(!hashers.verify(&other, &stored).is_correct, "{stored}");
    }
    // Plain bcrypt cannot see the difference, so it takes neither.
    let bcrypt = Hashers::new(Bcrypt::plain().rounds(4));
    let stored = bcrypt.make_password(&one);
    assert!(stored.starts_with('!'));
    let stored = bcrypt.make_password(&one[..72]);
    assert!(bcrypt.verify(&one[..72], &stored).is_correct);
    assert!(!bcrypt.verify(&one, &stored).is_correct);
}

#[test]
fn a5_pair_bcrypt_that_cuts_at_72_bytes_takes_one_for_the_other() {
    let cut = |password: &str| {
        let salt = "$2b$04$CCCCCCCCCCCCCCCCCCCCC.";
        let bytes = &password.as_bytes()[..72];
        Bcrypt::plain().rounds(4).encode(bytes, salt).unwrap()
    };
    let (one, other) = ("p".repeat(72) + "a", "p".repeat(72) + "b");
    assert_eq!(cut(&one), cut(&other));
}

#[test]
fn a5_a_zero_byte_ends_nothing_and_spaces_are_kept() {
    // An HMAC pads its key with zeros, so PBKDF2 cannot tell them at the end of a password: forms refuse them (A4).
    for hashers in hashers() {
        for (password, others) in [
            ("a\0b", ["a", "a\0", "a\0c", "ab"]),
            (" pass ", ["pass", " pass", "pass ", "  pass "]),
        ] {
            let stored = hashers.make_password(password);
            assert!(hashers.verify(password, &stored).is_correct, "{stored}");
            for other in others {
                let verified = hashers.verify(other, &stored);
                assert!(!verified.is_correct, "{password:?} {other:?} {stored}");
            }
        }
    }
}

#[test]
fn a5_cve_2013_1443_a_megabyte_is_read_once_and_its_digest_at_each_iteration() {
    let long = "x".repeat(1_000_000);
    let digest = Sha256::digest(&long);
    let same = |hasher: &dyn PasswordHasher, salt: &str| {
        assert_eq!(
            hasher.encode(long.as_bytes(), salt).unwrap(),
            hasher.encode(&digest, salt).unwrap()
        );
    };
    // A key of an HMAC that is longer than a block is the digest of itself; scrypt begins with PBKDF2.
    same(&Pbkdf2::sha256().iterations(50), "seasalt");
    same(&Scrypt::default().work_factor(16), "seasalt");
    // bcrypt reads a digest too, in hexadecimal.
    let salt = "$2b$04$CCCCCCCCCCCCCCCCCCCCC.";
    let left = Bcrypt::sha256().rounds(4);
    let left = left.encode(long.as_bytes(), salt).unwrap();
    let right = Bcrypt::plain().rounds(4);
    let right = right.encode(hex_encode(digest).as_bytes(), salt).unwrap();
    assert_eq!(
        left.split_once('$').unwrap().1,
        right.split_once('$').unwrap().1
    );
}

#[test]
fn a5_cve_2013_1443_a_megabyte_takes_at_most_twice_the_time_of_twenty_characters() {
    // Costs of a tenth of the defaults or more, so that one reading of a megabyte does not weigh.
    let hashers: [&dyn PasswordHasher; 4] = [
        &Pbkdf2::sha256().iterations(300_000),
        &Argon2::default().memory_cost(51_200).parallelism(1),
        &Bcrypt::sha256().rounds(10),
        &Scrypt::default(),
    ];
    for hasher in hashers {
        let salt = hasher.salt();
        let time = |length: usize| -> Duration {
            let password = "x".repeat(length);
            let once = |_| {
                let start = Instant::now();
                hasher.encode(password.as_bytes(), &salt).unwrap();
                start.elapsed()
            };
            (0..3).map(once).min().unwrap()
        };
        let (short, long) = (time(20), time(1_000_000));
        assert!(
            long <= short * 2,
            "{} {short:?} {long:?}",
            hasher.algorithm()
        );
    }
}
