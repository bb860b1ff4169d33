//! S16: a user's sessions, listed and ended.

use std::collections::BTreeSet;

use super::stored;
use crate::engine::{every_engine, run_io};

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
fn s16_pair_a_list_that_shows_the_keys_lets_its_reader_in() {
    run_io(async {
        for engine in every_engine("s16_pair").await {
            if !engine.is_server_side() {
                continue;
            }
            let sessions = engine.usual();
            stored(&sessions, &[("_auth_user_id", "7")]).await;
            let mut keys = Vec::new();
            let mut look = |listed: nuages_sessions::Listed| keys.push(listed.key);
            engine
                .store
                .each(engine.clock.now(), &mut look)
                .await
                .unwrap();
            let thief = sessions.open(Some(&keys[0]));
            assert!(
                thief.contains("_auth_user_id").await.unwrap(),
                "{}",
                engine.name
            );
            // What `of_user` calls a session by is worth nothing.
            let id = sessions.of_user("7").await.unwrap()[0].id().to_owned();
            assert!(
                !sessions
                    .open(Some(&id))
                    .contains("_auth_user_id")
                    .await
                    .unwrap()
            );
        }
    });
}
