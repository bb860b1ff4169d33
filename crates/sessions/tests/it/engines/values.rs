//! What is stored comes back, and the promises of every store.

use nuages_sessions::{Replaced, SessionData};

use super::{key, text};
use crate::engine::{every_engine, run_io};

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
