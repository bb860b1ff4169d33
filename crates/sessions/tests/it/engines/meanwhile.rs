//! S12, S13: what requests do at the same time.

use super::stored;
use crate::engine::{every_engine, run_io};

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
fn s13_pair_a_save_that_writes_whether_or_not_the_session_is_there_brings_it_back() {
    run_io(async {
        for engine in every_engine("s13_pair").await {
            if !engine.is_server_side() {
                continue;
            }
            let sessions = engine.usual();
            let known = stored(&sessions, &[("user", "ann")]).await;
            let slow = sessions.open(Some(&known));
            let data = slow.read(Clone::clone).await.unwrap();
            sessions.open(Some(&known)).flush().await.unwrap();
            let end = engine.clock.now() + jiff::SignedDuration::from_hours(1);
            assert!(engine.store.create(&known, &data, end).await.unwrap());
            let thief = sessions.open(Some(&known));
            assert!(thief.contains("user").await.unwrap(), "{}", engine.name);
        }
    });
}
