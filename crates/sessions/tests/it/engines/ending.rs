//! S4, S5, S9: sessions that end.

use std::time::Duration;

use nuages_sessions::{Expiry, SessionSettings};

use super::{PLANTED, key, stored};
use crate::engine::{every_engine, every_engine_with, rows, run_io};

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
fn s9_a_cookie_without_an_end_does_not_keep_the_session_for_ever() {
    run_io(async {
        for engine in every_engine("s9_browser").await {
            if !engine.has_held_clock() {
                continue;
            }
            let (sessions, name) = (engine.usual(), engine.name);
            let session = sessions.open(None);
            session.set_expiry(Expiry::BrowserClose).await.unwrap();
            session.set("user", "ann").await.unwrap();
            session.save().await.unwrap();
            assert!(session.expires_at_browser_close().await.unwrap(), "{name}");
            let known = key(&session);
            engine.pass(14 * 86400 - 1);
            assert!(
                sessions.open(Some(&known)).contains("user").await.unwrap(),
                "{name}"
            );
            engine.pass(2);
            assert!(
                !sessions.open(Some(&known)).contains("user").await.unwrap(),
                "{name}"
            );
        }
    });
}

#[test]
fn s9_pair_where_only_the_cookie_ends_a_copy_of_it_is_good_for_ever() {
    run_io(async {
        for engine in every_engine("s9_pair").await {
            let Some(db) = &engine.db else { continue };
            let sessions = engine.usual();
            let known = stored(&sessions, &[("user", "ann")]).await;
            // A store that does not look at the time: every row ends in the year 9000.
            let update = nuages_sql::Update::table("django_session").set(
                "expire_date",
                nuages_sql::Expr::value("9000-01-01 00:00:00"),
            );
            db.execute(&update).await.unwrap();
            engine.pass(400 * 86400);
            if let Some(cache) = &engine.cache {
                cache.clear().await.unwrap();
            }
            assert!(
                sessions.open(Some(&known)).contains("user").await.unwrap(),
                "{}",
                engine.name
            );
        }
    });
}
