//! S1, S3, S6, S8: the keys of sessions.

use std::collections::BTreeSet;

use nuages_sessions::{SessionData, SessionSettings};

use super::spy::Spy;
use super::{PLANTED, key, stored, text};
use crate::engine::{every_engine, every_engine_with, run_io};

#[test]
fn cve_2015_5143_s3_a_key_that_is_not_known_is_not_adopted() {
    run_io(async {
        for engine in every_engine("s3").await {
            let (sessions, name) = (engine.usual(), engine.name);
            let long = "a".repeat(4096);
            let odd = [
                "",
                "a",
                "../x",
                "a\\b\\c",
                "..\\..\\windows.ini",
                &long,
                "../../etc/passwd",
                PLANTED,
            ];
            for planted in odd {
                // Read views store nothing.
                for _ in 0..20 {
                    let session = sessions.open(Some(planted));
                    assert!(!session.contains("x").await.unwrap(), "{name}");
                    assert!(session.is_empty(), "{name}: {planted}");
                    assert!(!session.modified(), "{name}: {planted}");
                }
                assert_eq!(engine.count().await, 0, "{name}: {planted}");
            }
            for planted in odd {
                let session = sessions.open(Some(planted));
                session.set("x", 1).await.unwrap();
                session.save().await.unwrap();
                assert_ne!(key(&session), planted, "{name}");
                assert!(
                    !sessions.open(Some(planted)).contains("x").await.unwrap(),
                    "{name}"
                );
            }
        }
    });
}

#[test]
fn s3_a_new_session_never_overwrites_another() {
    run_io(async {
        for engine in every_engine("s3_overwrite").await {
            if !engine.is_server_side() {
                continue;
            }
            let (sessions, name) = (engine.usual(), engine.name);
            let known = stored(&sessions, &[("user", "ann")]).await;
            let end = engine.clock.now() + jiff::SignedDuration::from_hours(1);
            let other = serde_json::Map::new();
            assert!(
                !engine.store.create(&known, &other, end).await.unwrap(),
                "{name}"
            );
            assert_eq!(
                text(&sessions.open(Some(&known)), "user").await.as_deref(),
                Some("ann"),
                "{name}"
            );
        }
    });
}

#[test]
fn s1_cycling_the_key_leaves_the_old_one_worthless() {
    run_io(async {
        for engine in every_engine("s1").await {
            let (sessions, name) = (engine.usual(), engine.name);
            let planted = stored(&sessions, &[("cart", "tea")]).await;
            let session = sessions.open(Some(&planted));
            session.cycle_key().await.unwrap();
            session.set("user", "victim").await.unwrap();
            session.save().await.unwrap();
            assert_ne!(key(&session), planted, "{name}");
            let fresh = sessions.open(Some(&key(&session)));
            assert_eq!(text(&fresh, "cart").await.as_deref(), Some("tea"), "{name}");
            assert_eq!(
                text(&fresh, "user").await.as_deref(),
                Some("victim"),
                "{name}"
            );
            let old = sessions.open(Some(&planted));
            assert!(
                !old.contains("user").await.unwrap(),
                "{name}: the attacker does not see the login"
            );
            if engine.is_server_side() {
                assert!(!old.contains("cart").await.unwrap(), "{name}");
                assert_eq!(engine.count().await, 1, "{name}");
            }
        }
    });
}

#[test]
fn s1_pair_a_login_that_keeps_the_key_lets_the_attacker_in() {
    run_io(async {
        for engine in every_engine("s1_pair").await {
            if !engine.is_server_side() {
                continue;
            }
            let sessions = engine.usual();
            let planted = stored(&sessions, &[("cart", "tea")]).await;
            let victim = sessions.open(Some(&planted));
            victim.set("user", "victim").await.unwrap();
            victim.save().await.unwrap();
            let attacker = sessions.open(Some(&planted));
            assert_eq!(
                text(&attacker, "user").await.as_deref(),
                Some("victim"),
                "{}",
                engine.name
            );
        }
    });
}

#[test]
fn s6_keys_are_chance() {
    let store = nuages_sessions::MemoryStore::new();
    run_io(async {
        use nuages_sessions::SessionStore as _;
        let end = jiff::Timestamp::MAX;
        let data = serde_json::Map::new();
        let mut seen = BTreeSet::new();
        let mut counts = vec![[0_u32; 36]; 32];
        let rounds = 100_000_u32;
        for _ in 0..rounds {
            let key = store.issue(&data, end, |key| key.into()).await.unwrap();
            assert_eq!(key.len(), 32);
            for (place, sign) in key.bytes().enumerate() {
                let index = match sign {
                    b'a'..=b'z' => sign - b'a',
                    b'0'..=b'9' => sign - b'0' + 26,
                    other => panic!("{other}"),
                };
                counts[place][usize::from(index)] += 1;
            }
            assert!(seen.insert(key));
        }
        // Chi-square with 35 degrees of freedom; 32 places, so the bound is for one in a hundred thousand.
        let expected = f64::from(rounds) / 36.0;
        for (place, counts) in counts.iter().enumerate() {
            let chi: f64 = counts
                .iter()
                .map(|n| (f64::from(*n) - expected).powi(2) / expected)
                .sum();
            assert!(chi < 86.0, "place {place}: {chi}");
        }
    });
}

#[test]
fn s3_pair_a_store_that_takes_the_visitor_s_key_gives_the_attacker_the_session() {
    run_io(async {
        for engine in every_engine("s3_pair").await {
            if !engine.is_server_side() {
                continue;
            }
            let end = engine.clock.now() + jiff::SignedDuration::from_hours(1);
            let data = SessionData::from_iter([("user".to_owned(), "victim".into())]);
            assert!(engine.store.create(PLANTED, &data, end).await.unwrap());
            let attacker = engine.usual().open(Some(PLANTED));
            assert!(attacker.contains("user").await.unwrap(), "{}", engine.name);
        }
    });
}

#[test]
fn cve_2011_0698_s3_no_store_is_asked_for_what_could_be_a_path_or_another_s_key() {
    run_io(async {
        let spy = std::sync::Arc::new(Spy::default());
        let sessions = nuages_sessions::Sessions::new(
            spy.clone(),
            SessionSettings::default(),
            nuages_base::Clock::system(),
        );
        let (longer, longest) = ("a".repeat(41), "a".repeat(4096));
        for odd in [
            "",
            "a",
            "1234567",
            "..\\..\\x1234",
            "a/b/c/d/e",
            "../../etc/passwd",
            "a\\b\\c\\d\\e",
            "/etc/passwd",
            "C:\\windows.ini",
            "abcdefgh\0",
            "ABCDEFGHIJ",
            "abcdefgh ijkl",
            "\u{ff41}bcdefghij",
            longer.as_str(),
            longest.as_str(),
        ] {
            let session = sessions.open(Some(odd));
            assert!(!session.contains("x").await.unwrap());
            assert_eq!(spy.asked(), [""; 0], "{odd}");
        }
        // The pair: what could be a key is looked up.
        sessions.open(Some(PLANTED)).contains("x").await.unwrap();
        assert_eq!(spy.asked(), [PLANTED]);
    });
}

fn common(one: &str, other: &str) -> usize {
    one.bytes()
        .zip(other.bytes())
        .take_while(|(a, b)| a == b)
        .count()
}

/// Guesses that share ever more of a live key, and how much of the stored name each lookup shares.
async fn shared_with_the_stored_name(hash_keys: bool) -> Vec<(usize, usize)> {
    let spy = std::sync::Arc::new(Spy::default());
    let settings = SessionSettings {
        session_hash_keys: hash_keys,
        ..SessionSettings::default()
    };
    let clock = nuages_base::Clock::system();
    let sessions = nuages_sessions::Sessions::new(spy.clone(), settings, clock.clone());
    let live = stored(&sessions, &[("user", "ann")]).await;
    let mut names = Vec::new();
    let mut look = |listed: nuages_sessions::Listed| names.push(listed.key);
    let store: &dyn nuages_sessions::SessionStore = &*spy;
    store.each(clock.now(), &mut look).await.unwrap();
    let mut shared = Vec::new();
    for size in 0..live.len() {
        let other = if live.as_bytes()[size] == b'0' {
            "1"
        } else {
            "0"
        };
        let mut guess = format!("{}{other}", &live[..size]);
        guess.push_str(&"0".repeat(live.len() - guess.len()));
        spy.forget();
        assert!(!sessions.open(Some(&guess)).contains("user").await.unwrap());
        shared.push((size, common(&spy.asked()[0], &names[0])));
    }
    assert!(sessions.open(Some(&live)).contains("user").await.unwrap());
    shared
}

#[test]
fn s8_a_better_guess_of_a_key_is_not_a_better_guess_of_what_is_stored() {
    run_io(async {
        // The time of a lookup may tell how much of a stored name is right; of a hash that says nothing of the key.
        let shared = shared_with_the_stored_name(true).await;
        assert_eq!(shared.len(), 32);
        assert!(
            shared.iter().all(|(_, by_store)| *by_store < 10),
            "{shared:?}"
        );
        // The pair: as Django keeps them, the name is the key, and the guess grows along it.
        for (guessed, by_store) in shared_with_the_stored_name(false).await {
            assert!(by_store >= guessed);
        }
    });
}

#[test]
fn s8_who_reads_the_store_of_hashed_keys_has_no_key() {
    run_io(async {
        let settings = SessionSettings {
            session_hash_keys: true,
            ..SessionSettings::default()
        };
        for engine in every_engine_with("s8", &settings).await {
            let (sessions, name) = (engine.sessions(settings.clone()), engine.name);
            let known = stored(&sessions, &[("_auth_user_id", "7")]).await;
            // Everything works as before: reading, changing, cycling, ending.
            let session = sessions.open(Some(&known));
            session.set("cart", "tea").await.unwrap();
            session.save().await.unwrap();
            session.set("cart", "milk").await.unwrap();
            session.save().await.unwrap();
            let again = sessions.open(Some(&key(&session)));
            assert_eq!(
                text(&again, "cart").await.as_deref(),
                Some("milk"),
                "{name}"
            );
            again.cycle_key().await.unwrap();
            again.save().await.unwrap();
            let known = key(&again);
            assert!(
                sessions.open(Some(&known)).contains("cart").await.unwrap(),
                "{name}"
            );
            if !engine.is_server_side() {
                continue;
            }
            let mut names = Vec::new();
            let mut look = |listed: nuages_sessions::Listed| names.push(listed.key);
            engine
                .store
                .each(engine.clock.now(), &mut look)
                .await
                .unwrap();
            assert_eq!(names.len(), 1, "{name}");
            assert_eq!(names[0].len(), 40, "{name}");
            assert!(common(&names[0], &known) < 10, "{name}");
            assert!(
                !sessions
                    .open(Some(&names[0]))
                    .contains("cart")
                    .await
                    .unwrap(),
                "{name}: a stolen name is no key"
            );
            let here = sessions.open(Some(&known));
            assert!(here.contains("cart").await.unwrap());
            let listed = sessions.of_user("7").await.unwrap();
            assert!(listed[0].is(&here), "{name}");
            assert_eq!(
                sessions.end_all("7", Some(&here)).await.unwrap(),
                0,
                "{name}"
            );
            assert!(sessions.end("7", listed[0].id()).await.unwrap(), "{name}");
            here.set("late", 1).await.unwrap();
            assert!(here.save().await.unwrap_err().is_interrupted(), "{name}");
            assert_eq!(engine.count().await, 0, "{name}");
        }
        // The pair: as Django keeps them, the table is a list of keys.
        for engine in every_engine("s8_pair").await {
            if !engine.is_server_side() {
                continue;
            }
            let sessions = engine.usual();
            stored(&sessions, &[("user", "ann")]).await;
            let mut names = Vec::new();
            let mut look = |listed: nuages_sessions::Listed| names.push(listed.key);
            engine
                .store
                .each(engine.clock.now(), &mut look)
                .await
                .unwrap();
            assert!(
                sessions
                    .open(Some(&names[0]))
                    .contains("user")
                    .await
                    .unwrap()
            );
        }
    });
}
