//! A8: what may stand in the column of passwords.

use nuages_auth::User;
use nuages_auth::passwords::{
    Argon2, Bcrypt, Hashers, InsecureMd5, MAX_ITERATIONS, PasswordHasher, Pbkdf2, Scrypt,
};
use nuages_orm::Model as _;

use super::counting::{Counting, FULL};
use super::door::{Door, PASSWORD};
use crate::database::run;

const SALT: &str = "abcdefghijklmnopqrstuv";

async fn store(door: &Door, encoded: &str) {
    let mut alice = stored_user(door).await;
    encoded.clone_into(&mut alice.password);
    alice.save(door.auth.db()).await.unwrap();
    door.auth.login_throttle().reset("alice").await.unwrap();
}

async fn stored_user(door: &Door) -> User {
    let found = door.auth.users().by_username("alice").await;
    found.unwrap().unwrap()
}

/// Every kind of damage to a hash of each algorithm.
fn garbage() -> Vec<String> {
    let hash =
        |hasher: &dyn PasswordHasher, salt: &str| hasher.encode(PASSWORD.as_bytes(), salt).unwrap();
    let pbkdf2 = hash(&Pbkdf2::sha256().iterations(10), SALT);
    let md5 = hash(&InsecureMd5, SALT);
    let mut all: Vec<String> = [
        "",
        "!",
        "!x",
        "$",
        "$$$$",
        "x",
        "plain text",
        "md5$",
        "md5$$",
        "md5$salt",
        "pbkdf2_sha256",
        "pbkdf2_sha256$",
        "pbkdf2_sha256$$$",
        "pbkdf2_sha256$10$salt",
        "pbkdf2_sha256$-1$salt$x",
        "pbkdf2_sha256$ten$salt$x",
        "pbkdf2_sha256$0$salt$x",
        "unknown$1$2$3",
        "\u{1f4a5}$é$½",
    ]
    .map(str::to_owned)
    .to_vec();
    all.push(pbkdf2[..pbkdf2.len() - 5].to_owned());
    all.push(pbkdf2[..25].to_owned());
    all.push(md5[..md5.len() - 1].to_owned());
    all.push(pbkdf2.replace("$10$", "$1000000000000000000$"));
    all.push(pbkdf2.replace("$10$", &format!("${}$", MAX_ITERATIONS + 1)));
    all.push(pbkdf2.replace("$10$", "$99999999999999999999999999$"));
    all.push(format!("bcrypt${}", "é".repeat(30)));
    all
}

#[test]
fn a8_damaged_hashes_are_wrong_passwords_at_the_price_of_one_and_stay_as_they_are() {
    run(async {
        let counting = Counting::default();
        let door = Door::of(counting.hashers()).await;
        door.user("alice").await;
        for damaged in garbage() {
            for guess in [PASSWORD, "wrong", " ", "!x"] {
                store(&door, &damaged).await;
                counting.take();
                let answer = door.login("127.0.0.1", "alice", guess).await;
                assert_eq!(answer.status, 200, "{damaged:?} {guess:?}");
                let (hashes, iterations) = counting.take();
                // What has a shape that can be checked is checked, and made up for; the rest is one dummy.
                // A digest of another algorithm is no call of this hasher.
                if !damaged.starts_with("md5$abc") {
                    assert_eq!(iterations, u64::from(FULL), "{damaged:?}");
                    assert_eq!(hashes, 1, "{damaged:?}");
                }
                assert_eq!(stored_user(&door).await.password, damaged);
            }
        }
    });
}

#[test]
fn a8_old_hashes_are_made_anew_by_their_owner_and_by_nobody_else() {
    run(async {
        let door = Door::of(Counting::default().hashers()).await;
        door.user("alice").await;
        let few = Pbkdf2::sha256().iterations(10);
        let many = Pbkdf2::sha256().iterations(FULL * 2);
        let old: [(&dyn PasswordHasher, &str); 4] = [
            (&few, SALT),
            (&many, SALT),
            (&few, "seasalt"),
            (&InsecureMd5, SALT),
        ];
        for (hasher, salt) in old {
            let encoded = hasher.encode(PASSWORD.as_bytes(), salt).unwrap();
            store(&door, &encoded).await;
            assert!(!door.login("127.0.0.1", "alice", "wrong").await.is_in());
            assert_eq!(stored_user(&door).await.password, encoded);
            assert!(door.login("127.0.0.1", "alice", PASSWORD).await.is_in());
            let new = stored_user(&door).await.password;
            let begin = format!("pbkdf2_sha256${FULL}$");
            assert!(new.starts_with(&begin) && new != encoded, "{new}");
            // Made anew once.
            assert!(door.login("127.0.0.1", "alice", PASSWORD).await.is_in());
            assert_eq!(stored_user(&door).await.password, new);
        }
    });
}

#[test]
fn a8_more_than_ten_million_iterations_are_refused_without_doing_them() {
    let hashers = Hashers::new(Pbkdf2::sha256().iterations(10));
    let good = hashers.make_password(PASSWORD);
    let start = std::time::Instant::now();
    for iterations in ["10000001", "4294967296", "1000000000000000000"] {
        let endless = good.replacen("$10$", &format!("${iterations}$"), 1);
        assert!(!hashers.verify(PASSWORD, &endless).is_correct);
    }
    assert!(start.elapsed().as_secs() < 2);
    // The pair: the same hash with its own count is right.
    assert!(hashers.verify(PASSWORD, &good).is_correct);
    assert_eq!(MAX_ITERATIONS, 10_000_000);
}

#[test]
fn a8_rustsec_2026_0199_no_stored_text_makes_a_hasher_panic() {
    let hashers: [&dyn PasswordHasher; 7] = [
        &Pbkdf2::sha256().iterations(2),
        &Pbkdf2::sha1().iterations(2),
        &Argon2::default().memory_cost(8).time_cost(1).parallelism(1),
        &Bcrypt::sha256().rounds(4),
        &Bcrypt::plain().rounds(4),
        &Scrypt::default()
            .work_factor(2)
            .block_size(1)
            .parallelism(1),
        &InsecureMd5,
    ];
    for hasher in hashers {
        let name = hasher.algorithm();
        let good = hasher.encode(b"x", &hasher.salt()).unwrap();
        let mut texts = vec![
            format!("{name}${}", "é".repeat(30)),
            format!("{name}$$2b$04${}", "é".repeat(30)),
            format!("{name}$$2b$04${}", "½".repeat(60)),
            format!("{name}$$2b$99$CCCCCCCCCCCCCCCCCCCCC."),
            format!("{name}$$2b$04$CCCCCCCCCCCCCCCCCCCCCé"),
            format!("{name}${}", "$".repeat(40)),
        ];
        // Cut anywhere, and with a character of two bytes anywhere.
        for at in 0..=good.len() {
            texts.push(good[..at].to_owned());
            texts.push(format!("{}é{}", &good[..at], &good[at..]));
            texts.push(format!("{}${}", &good[..at], &good[at..]));
        }
        for text in texts {
            let _ = hasher.decode(&text);
            let _ = hasher.must_update(&text);
            let _ = hasher.safe_summary(&text);
            hasher.harden_runtime(b"x", &text);
            if text != good {
                assert!(!matches!(hasher.verify(b"x", &text), Ok(true)), "{text}");
            }
        }
        assert!(hasher.verify(b"x", &good).unwrap());
    }
}
