//! What every engine does: one suite over all of them, attacks included (their ids are the catalogue's).

use std::collections::BTreeSet;
use std::time::Duration;

use nuages_sessions::{Expiry, Replaced, Session, SessionData, SessionSettings, Sessions};

use crate::engine::{Engine, every_engine, every_engine_with, rows, run_io};

const PLANTED: &str = "0123456789abcdefghijklmnopqrstuv";

async fn stored(sessions: &Sessions, values: &[(&str, &str)]) -> String {
    let session = sessions.open(None);
    for (name, value) in values {
        session.set(name, value).await.unwrap();
    }
    session.save().await.unwrap();
    key(&session)
}

fn key(session: &Session) -> String {
    session.session_key().unwrap().to_string()
}

async fn text(session: &Session, name: &str) -> Option<String> {
    session.get(name).await.unwrap()
}

#[test]
fn values_come_back_under_the_key() {
    run_io(async {
        for engine in every_engine("values_come_back").await {
            let (sessions, name) = (engine.usual(), engine.name);
            let session = sessions.open(None);
            session.set("text", "Zoë 🙂").await.unwrap();
            session.set("number", 7).await.unwrap();
            session.set("list", vec![Some(1.5), None]).await.unwrap();
            assert_eq!(session.session_key(), None, "{name}: nothing is stored yet");
            assert_eq!(engine.count().await, 0, "{name}");
            session.save().await.unwrap();
            let again = sessions.open(Some(&key(&session)));
            assert_eq!(
                text(&again, "text").await.as_deref(),
                Some("Zoë 🙂"),
                "{name}"
            );
            assert_eq!(again.get("number").await.unwrap(), Some(7), "{name}");
            assert_eq!(
                again
                    .get::<Vec<Option<f64>>>("list")
                    .await
                    .unwrap()
                    .unwrap(),
                [Some(1.5), None]
            );
            assert!(again.get::<bool>("text").await.is_err(), "{name}");
            assert!(!again.modified(), "{name}");
            again.remove("number").await.unwrap();
            again.save().await.unwrap();
            let third = sessions.open(Some(&key(&again)));
            assert!(!third.contains("number").await.unwrap(), "{name}");
            assert!(third.contains("text").await.unwrap(), "{name}");
            assert_eq!(
                engine.count().await,
                usize::from(engine.is_server_side()),
                "{name}"
            );
        }
    });
}

#[test]
fn a_session_can_be_saved_more_than_once_in_a_request() {
    run_io(async {
        for engine in every_engine("saved_twice").await {
            let (sessions, name) = (engine.usual(), engine.name);
            let session = sessions.open(None);
            for round in 0..4 {
                session.set("round", round).await.unwrap();
                session.set(&format!("r{round}"), true).await.unwrap();
                session.save().await.unwrap();
            }
            let again = sessions.open(Some(&key(&session)));
            assert_eq!(again.get("round").await.unwrap(), Some(3), "{name}");
            assert!(again.contains("r0").await.unwrap(), "{name}");
            // Emptied without a look, and saved: what was there is gone, the key stays.
            let emptied = sessions.open(Some(&key(&session)));
            emptied.clear();
            emptied.set("only", 1).await.unwrap();
            emptied.save().await.unwrap();
            let last = sessions.open(Some(&key(&emptied)));
            assert_eq!(last.read(serde_json::Map::len).await.unwrap(), 1, "{name}");
        }
    });
}

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
fn cve_2015_5963_cve_2015_5964_s4_s5_flushing_leaves_nothing_behind() {
    run_io(async {
        for engine in every_engine("s5").await {
            let (sessions, name) = (engine.usual(), engine.name);
            let known = stored(&sessions, &[("user", "ann")]).await;
            let session = sessions.open(Some(&known));
            session.flush().await.unwrap();
            assert_eq!(session.session_key(), None, "{name}");
            assert!(session.is_empty(), "{name}");
            assert_eq!(engine.count().await, 0, "{name}");
            if engine.is_server_side() {
                assert!(
                    sessions
                        .open(Some(&known))
                        .read(serde_json::Map::is_empty)
                        .await
                        .unwrap(),
                    "{name}"
                );
            }
            // Whoever has no session leaves none behind by logging out, however often.
            for _ in 0..100 {
                let anonymous = sessions.open(None);
                anonymous.flush().await.unwrap();
                let made_up = sessions.open(Some(PLANTED));
                made_up.flush().await.unwrap();
            }
            assert_eq!(engine.count().await, 0, "{name}");
            if let Some(db) = &engine.db {
                assert_eq!(rows(db).await, 0, "{name}");
            }
        }
    });
}

#[test]
fn cve_2015_3982_after_a_flush_nobody_shares_an_empty_key() {
    run_io(async {
        for engine in every_engine("cve_2015_3982").await {
            let (sessions, name) = (engine.usual(), engine.name);
            let first = sessions.open(Some(&stored(&sessions, &[("user", "a")]).await));
            first.flush().await.unwrap();
            first.set("user", "b").await.unwrap();
            first.save().await.unwrap();
            let key = key(&first);
            assert!(!key.is_empty() && key != "None", "{name}");
            assert!(
                !sessions.open(Some("")).contains("user").await.unwrap(),
                "{name}"
            );
        }
    });
}

#[test]
fn s5_pair_a_logout_that_keeps_the_store_leaves_the_session_open() {
    run_io(async {
        for engine in every_engine("s5_pair").await {
            let sessions = engine.usual();
            let known = stored(&sessions, &[("user", "ann")]).await;
            // The browser's cookie is deleted, and nothing else.
            let thief = sessions.open(Some(&known));
            assert!(thief.contains("user").await.unwrap(), "{}", engine.name);
        }
    });
}

#[test]
fn s12_changes_of_different_names_both_stay() {
    run_io(async {
        for engine in every_engine("s12").await {
            if !engine.is_server_side() {
                continue;
            }
            let (sessions, name) = (engine.usual(), engine.name);
            let known = stored(&sessions, &[("user", "ann")]).await;
            for round in 0..500 {
                let (one, two) = (sessions.open(Some(&known)), sessions.open(Some(&known)));
                one.set("one", round).await.unwrap();
                two.set("two", round).await.unwrap();
                let (first, second) = tokio::join!(one.save(), two.save());
                first.unwrap();
                second.unwrap();
                let after = sessions.open(Some(&known));
                assert_eq!(
                    after.get("one").await.unwrap(),
                    Some(round),
                    "{name}: round {round}"
                );
                assert_eq!(
                    after.get("two").await.unwrap(),
                    Some(round),
                    "{name}: round {round}"
                );
                assert!(after.contains("user").await.unwrap(), "{name}");
            }
        }
    });
}

#[test]
fn s12_fifty_requests_at_once_lose_no_name_and_tear_no_record() {
    run_io(async {
        for engine in every_engine("s12_many").await {
            if !engine.is_server_side() {
                continue;
            }
            let (sessions, name) = (engine.usual(), engine.name);
            let known = stored(&sessions, &[("user", "ann")]).await;
            let mut tasks = Vec::new();
            for number in 0..50 {
                let (sessions, known) = (sessions.clone(), known.clone());
                tasks.push(tokio::spawn(async move {
                    let session = sessions.open(Some(&known));
                    let count: i64 = session.get("counter").await.unwrap().unwrap_or_default();
                    session.set("counter", count + 1).await.unwrap();
                    session.set(&format!("own{number}"), number).await.unwrap();
                    session.save().await.unwrap();
                }));
            }
            for task in tasks {
                task.await.unwrap();
            }
            let after = sessions.open(Some(&known));
            for number in 0..50 {
                assert_eq!(
                    after.get(&format!("own{number}")).await.unwrap(),
                    Some(number),
                    "{name}"
                );
            }
            // Of one name the last change wins: the documented place for counters is elsewhere.
            let count: i64 = after.get("counter").await.unwrap().unwrap();
            assert!((1..=50).contains(&count), "{name}: {count}");
        }
    });
}

#[test]
fn s12_pair_whoever_stores_the_whole_session_loses_the_other_change() {
    run_io(async {
        for engine in every_engine("s12_pair").await {
            let Some(db) = &engine.db else { continue };
            let sessions = engine.usual();
            let known = stored(&sessions, &[("user", "ann")]).await;
            let read = engine
                .store
                .reload(&known, engine.clock.now())
                .await
                .unwrap()
                .unwrap();
            let other = sessions.open(Some(&known));
            other.set("other", 1).await.unwrap();
            other.save().await.unwrap();
            // Django's way: the whole of what was read, with one change, over whatever there is.
            let codec = nuages_sessions::SessionCodec::new(&crate::engine::keys());
            let mut mine = read.data;
            mine.insert("mine".to_owned(), 1.into());
            let text = codec.encode(&mine, engine.clock.now()).unwrap();
            let update = nuages_sql::Update::table("django_session")
                .set("session_data", nuages_sql::Expr::value(text));
            db.execute(&update).await.unwrap();
            let now = engine
                .store
                .reload(&known, engine.clock.now())
                .await
                .unwrap()
                .unwrap();
            assert!(!now.data.contains_key("other"), "{}", engine.name);
        }
    });
}

#[test]
fn s13_a_session_that_was_ended_meanwhile_is_not_brought_back() {
    run_io(async {
        for engine in every_engine("s13").await {
            if !engine.is_server_side() {
                continue;
            }
            let (sessions, name) = (engine.usual(), engine.name);
            let known = stored(&sessions, &[("user", "ann")]).await;
            let slow = sessions.open(Some(&known));
            slow.set("late", true).await.unwrap();
            sessions.open(Some(&known)).flush().await.unwrap();
            assert!(slow.save().await.unwrap_err().is_interrupted(), "{name}");
            assert_eq!(engine.count().await, 0, "{name}");
            assert!(
                !sessions.open(Some(&known)).contains("user").await.unwrap(),
                "{name}"
            );
            // One that was only emptied without a look is not brought back either.
            let blind = sessions.open(Some(&known));
            blind.clear();
            blind.set("late", true).await.unwrap();
            assert!(blind.save().await.unwrap_err().is_interrupted(), "{name}");
            assert_eq!(engine.count().await, 0, "{name}");
        }
    });
}

#[test]
fn s9_sessions_end_by_the_server_s_time() {
    run_io(async {
        for engine in every_engine("s9").await {
            if !engine.has_held_clock() {
                continue;
            }
            let (sessions, name) = (engine.usual(), engine.name);
            let usual = stored(&sessions, &[("user", "ann")]).await;
            let short = sessions.open(None);
            short.set_expiry(Expiry::Seconds(60)).await.unwrap();
            short.set("user", "bob").await.unwrap();
            short.save().await.unwrap();
            let at = sessions.open(None);
            let moment = engine.clock.now() + jiff::SignedDuration::from_mins(2);
            at.set_expiry(Expiry::At(moment)).await.unwrap();
            at.set("user", "cat").await.unwrap();
            at.save().await.unwrap();
            let known = |key: String| {
                let sessions = sessions.clone();
                async move { sessions.open(Some(&key)).contains("user").await.unwrap() }
            };
            engine.pass(59);
            assert!(known(key(&short)).await, "{name}");
            engine.pass(2);
            assert!(!known(key(&short)).await, "{name}");
            assert!(known(key(&at)).await, "{name}");
            engine.pass(60);
            assert!(!known(key(&at)).await, "{name}");
            engine.pass(14 * 86400 - 200);
            assert!(known(usual.clone()).await, "{name}");
            engine.pass(200);
            assert!(!known(usual.clone()).await, "{name}");
            engine
                .store
                .clear_expired(engine.clock.now())
                .await
                .unwrap();
            assert_eq!(engine.count().await, 0, "{name}");
            if let Some(db) = &engine.db {
                assert_eq!(rows(db).await, 0, "{name}");
            }
        }
    });
}

#[test]
fn s9_sessions_end_by_the_server_s_time_on_a_real_clock_too() {
    run_io(async {
        for engine in every_engine("s9_real").await {
            if engine.has_held_clock() {
                continue;
            }
            let sessions = engine.usual();
            let session = sessions.open(None);
            session.set_expiry(Expiry::Seconds(1)).await.unwrap();
            session.set("user", "ann").await.unwrap();
            session.save().await.unwrap();
            let key = key(&session);
            assert!(sessions.open(Some(&key)).contains("user").await.unwrap());
            tokio::time::sleep(Duration::from_millis(1200)).await;
            assert!(!sessions.open(Some(&key)).contains("user").await.unwrap());
        }
    });
}

#[test]
fn s9_idle_and_absolute_ages_end_a_session() {
    run_io(async {
        let settings = SessionSettings {
            session_idle_age: Some(30 * 60),
            session_absolute_age: Some(12 * 3600),
            ..SessionSettings::default()
        };
        for engine in every_engine_with("s9_ages", &settings).await {
            if !engine.has_held_clock() {
                continue;
            }
            let (sessions, name) = (engine.sessions(settings.clone()), engine.name);
            // Unused for 29 minutes it lives, for 31 more it does not.
            let mut known = stored(&sessions, &[("user", "ann")]).await;
            engine.pass(29 * 60);
            let session = sessions.open(Some(&known));
            assert!(session.contains("user").await.unwrap(), "{name}");
            session.save().await.unwrap();
            known = key(&session);
            engine.pass(31 * 60);
            assert!(
                !sessions.open(Some(&known)).contains("user").await.unwrap(),
                "{name}"
            );

            // Used all the time it lives for twelve hours, and no longer.
            let mut known = stored(&sessions, &[("user", "ann")]).await;
            let mut writes = 0;
            for _ in 0..(12 * 60) {
                engine.pass(60);
                let session = sessions.open(Some(&known));
                assert!(session.contains("user").await.unwrap(), "{name}");
                if session.modified() {
                    session.save().await.unwrap();
                    known = key(&session);
                    writes += 1;
                }
            }
            assert!(writes > 100, "{name}: {writes}");
            engine.pass(1);
            assert!(
                !sessions.open(Some(&known)).contains("user").await.unwrap(),
                "{name}"
            );
            // The pair: without the settings it would live on.
            if engine.is_server_side() {
                assert_eq!(engine.count().await, 0, "{name}: it was deleted");
            } else {
                let lax = engine.usual();
                assert!(
                    lax.open(Some(&known)).contains("user").await.unwrap(),
                    "{name}"
                );
            }
        }
    });
}

#[test]
fn s16_a_user_s_sessions_are_listed_and_ended() {
    run_io(async {
        for engine in every_engine("s16").await {
            let (sessions, name) = (engine.usual(), engine.name);
            let mut keys = Vec::new();
            for device in ["phone", "laptop", "tablet"] {
                keys.push(stored(&sessions, &[("_auth_user_id", "7"), ("device", device)]).await);
            }
            let other = stored(&sessions, &[("_auth_user_id", "8")]).await;
            stored(&sessions, &[("cart", "tea")]).await;
            if !engine.is_server_side() {
                assert!(
                    sessions.of_user("7").await.is_err(),
                    "{name}: it says that it cannot"
                );
                continue;
            }
            let listed = sessions.of_user("7").await.unwrap();
            let devices: BTreeSet<String> = listed
                .iter()
                .filter_map(|info| info.get("device"))
                .collect();
            assert_eq!(devices.len(), 3, "{name}");
            // CVE-2020-5224: no key can be read off the list.
            let shown = format!(
                "{listed:?} {:?}",
                listed
                    .iter()
                    .map(|info| info.id().to_owned())
                    .collect::<Vec<_>>()
            );
            assert!(
                keys.iter().all(|key| !shown.contains(key.as_str())),
                "{name}"
            );

            let phone = listed
                .iter()
                .find(|info| info.get::<String>("device").as_deref() == Some("phone"))
                .unwrap();
            // Somebody else cannot end it, even with its id.
            assert!(!sessions.end("8", phone.id()).await.unwrap(), "{name}");
            assert!(!sessions.end("7", "no such id").await.unwrap(), "{name}");
            assert!(sessions.end("7", phone.id()).await.unwrap(), "{name}");
            for _ in 0..100 {
                assert!(
                    !sessions
                        .open(Some(&keys[0]))
                        .contains("device")
                        .await
                        .unwrap(),
                    "{name}"
                );
            }
            let here = sessions.open(Some(&keys[1]));
            assert!(here.contains("device").await.unwrap());
            assert_eq!(
                sessions.end_all("7", Some(&here)).await.unwrap(),
                1,
                "{name}"
            );
            assert!(
                !sessions
                    .open(Some(&keys[2]))
                    .contains("device")
                    .await
                    .unwrap(),
                "{name}"
            );
            assert!(
                sessions
                    .open(Some(&keys[1]))
                    .contains("device")
                    .await
                    .unwrap(),
                "{name}"
            );
            // The administrator ends all.
            assert_eq!(sessions.end_all("7", None).await.unwrap(), 1, "{name}");
            assert!(
                !sessions
                    .open(Some(&keys[1]))
                    .contains("device")
                    .await
                    .unwrap(),
                "{name}"
            );
            assert!(
                sessions
                    .open(Some(&other))
                    .contains("_auth_user_id")
                    .await
                    .unwrap(),
                "{name}"
            );
        }
    });
}

#[test]
fn cve_2011_4136_s14_what_else_is_cached_cannot_pass_for_a_session() {
    run_io(async {
        for engine in every_engine("s14").await {
            let Some(cache) = &engine.cache else { continue };
            let (sessions, name) = (engine.usual(), engine.name);
            let live = stored(&sessions, &[("user", "ann")]).await;
            let forged = serde_json::json!({"user": "root"});
            // The site caches under keys that visitors choose.
            cache.set(PLANTED, &forged).await.unwrap();
            cache.set(&live, &forged).await.unwrap();
            assert!(
                !sessions.open(Some(PLANTED)).contains("user").await.unwrap(),
                "{name}"
            );
            assert_eq!(
                text(&sessions.open(Some(&live)), "user").await.as_deref(),
                Some("ann"),
                "{name}"
            );
            // No cookie reaches out of the prefix of sessions.
            cache
                .set("django.contrib.sessions.cache../x", &forged)
                .await
                .unwrap();
            cache
                .set("django.contrib.sessions.cached_dbABCDEFGH", &forged)
                .await
                .unwrap();
            for cookie in ["../x", "d_dbABCDEFGH", "ABCDEFGH", ":1:x", "*"] {
                assert!(
                    !sessions.open(Some(cookie)).contains("user").await.unwrap(),
                    "{name}: {cookie}"
                );
            }
            // The pair: a site that let visitors choose the whole key would be lost.
            if name == "cache" {
                cache
                    .set(&format!("django.contrib.sessions.cache{PLANTED}"), &forged)
                    .await
                    .unwrap();
                assert!(sessions.open(Some(PLANTED)).contains("user").await.unwrap());
            }
        }
    });
}

#[test]
fn s10_what_is_signed_by_nobody_is_an_anonymous_session() {
    run_io(async {
        for engine in every_engine("s10").await {
            let Engine { name, ref db, .. } = engine;
            let sessions = engine.usual();
            let hostile = [
                // A right payload with a wrong signature, a compressed bomb unsigned, a pickle, rubbish.
                "eyJ1c2VyIjoicm9vdCJ9:1wShJQ:E3479YUsYppScIHV8b3rdr9Dqhvb4cdGt-aQILp_lIM",
                ".eJzs:1wShJQ:x",
                "gASVCgAAAAAAAAB9lIwBYZSMAWKUcy4:1wShJQ:x",
                "\u{0}\u{1}",
                "",
            ];
            for text in hostile {
                if !engine.is_server_side() {
                    assert!(
                        !sessions.open(Some(text)).contains("user").await.unwrap(),
                        "{name}"
                    );
                } else if let Some(db) = db {
                    let known = stored(&sessions, &[("user", "ann")]).await;
                    if let Some(cache) = &engine.cache {
                        cache.clear().await.unwrap();
                    }
                    let update = nuages_sql::Update::table("django_session")
                        .set("session_data", nuages_sql::Expr::value(text));
                    db.execute(&update).await.unwrap();
                    assert!(
                        !sessions.open(Some(&known)).contains("user").await.unwrap(),
                        "{name}"
                    );
                }
            }
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
            let key = store.issue(&data, end).await.unwrap();
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
fn every_store_keeps_the_promises_of_the_trait() {
    run_io(async {
        for engine in every_engine("promises").await {
            if !engine.is_server_side() {
                continue;
            }
            let (store, name) = (&engine.store, engine.name);
            let now = engine.clock.now();
            let later = now + jiff::SignedDuration::from_secs(60);
            let data = |value: i64| SessionData::from_iter([("n".to_owned(), value.into())]);
            let load = async || {
                store
                    .load("key12345", now)
                    .await
                    .unwrap()
                    .map(|found| found.data)
            };
            assert_eq!(load().await, None, "{name}");
            assert!(
                store.create("key12345", &data(1), later).await.unwrap(),
                "{name}"
            );
            assert!(
                !store.create("key12345", &data(2), later).await.unwrap(),
                "{name}"
            );
            assert_eq!(load().await, Some(data(1)), "{name}");
            let revision = async || {
                store
                    .reload("key12345", now)
                    .await
                    .unwrap()
                    .unwrap()
                    .revision
                    .unwrap()
            };
            let first = revision().await;
            let saved = store
                .replace("key12345", &first, &data(3), later)
                .await
                .unwrap();
            assert!(matches!(saved, Replaced::Saved { .. }), "{name}");
            assert_eq!(load().await, Some(data(3)), "{name}");
            let late = store
                .replace("key12345", &first, &data(4), later)
                .await
                .unwrap();
            assert_eq!(late, Replaced::Changed, "{name}");
            assert_eq!(load().await, Some(data(3)), "{name}");
            let second = revision().await;
            store.delete("key12345").await.unwrap();
            store.delete("key12345").await.unwrap();
            assert_eq!(load().await, None, "{name}");
            let gone = store
                .replace("key12345", &second, &data(5), later)
                .await
                .unwrap();
            assert_eq!(gone, Replaced::Changed, "{name}");
            assert_eq!(load().await, None, "{name}");
        }
    });
}
