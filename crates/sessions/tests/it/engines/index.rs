//! S16: the index by which a user's sessions are found, and what is written past it.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::SignedDuration;
use nuages_base::Clock;
use nuages_db::Db;
use nuages_sessions::{DbStore, SessionSettings, Sessions};
use nuages_sql::RawSql;

use super::stored;
use crate::engine::{database, keys, run_io};
use crate::site::clock;

/// One database, seen with the index, and as Django sees it: without.
struct Bench {
    db: Db,
    clock: Clock,
    ours: Sessions,
    django: Sessions,
    folder: PathBuf,
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

async fn bench(name: &str) -> Bench {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("index-{name}-{}", std::process::id()));
    let (db, clock) = (database(&folder).await, clock());
    let plain = DbStore::new(db.clone(), &keys(), clock.clone());
    let sessions =
        |store: DbStore| Sessions::new(Arc::new(store), SessionSettings::default(), clock.clone());
    Bench {
        ours: sessions(plain.clone().with_user_index()),
        django: sessions(plain),
        db,
        clock,
        folder,
    }
}

impl Bench {
    async fn count(&self, sql: &'static str) -> i64 {
        let count = self.db.fetch_value(RawSql::new(sql)).await;
        count.unwrap().unwrap()
    }

    async fn entries(&self) -> i64 {
        self.count("SELECT COUNT(*) FROM nuages_session_user").await
    }

    async fn devices(&self, user: &str) -> Vec<String> {
        let listed = self.ours.of_user(user).await.unwrap();
        let mut devices: Vec<String> = listed
            .iter()
            .filter_map(|info| info.get("device"))
            .collect();
        devices.sort();
        devices
    }
}

fn login<'a>(user: &'a str, device: &'a str) -> [(&'a str, &'a str); 2] {
    [("_auth_user_id", user), ("device", device)]
}

#[test]
fn s16_a_login_is_noted_and_a_logout_forgotten() {
    run_io(async {
        let bench = bench("kept").await;
        // As `login` does: an anonymous session moves to a new key, and gets its user.
        let session = bench.ours.open(None);
        session.set("cart", "tea").await.unwrap();
        session.save().await.unwrap();
        assert_eq!(bench.entries().await, 0);
        session.cycle_key().await.unwrap();
        session.set("_auth_user_id", "7").await.unwrap();
        session.save().await.unwrap();
        let noted = "SELECT COUNT(*) FROM nuages_session_user JOIN django_session USING (session_key) WHERE user_key = '7'";
        assert_eq!(bench.count(noted).await, 1);
        session.cycle_key().await.unwrap();
        assert_eq!((bench.count(noted).await, bench.entries().await), (1, 1));
        session.flush().await.unwrap();
        assert_eq!(bench.entries().await, 0);
    });
}

#[test]
fn s16_sessions_that_django_made_and_changed_are_found() {
    run_io(async {
        let bench = bench("django").await;
        stored(&bench.ours, &login("7", "ours")).await;
        stored(&bench.django, &login("7", "django's")).await;
        stored(&bench.django, &login("8", "other")).await;
        let anonymous = stored(&bench.django, &[("device", "later")]).await;
        assert_eq!(bench.devices("7").await, ["django's", "ours"]);
        assert_eq!(bench.devices("8").await, ["other"]);
        assert_eq!(bench.entries().await, 4);
        // The listing has seen it as nobody's. Then Django saves it with a user, under the same key.
        bench.clock.advance(SignedDuration::from_secs(1));
        let session = bench.django.open(Some(&anonymous));
        session.set("_auth_user_id", "7").await.unwrap();
        session.save().await.unwrap();
        assert_eq!(bench.devices("7").await, ["django's", "later", "ours"]);
        // Django ends one: the entry is left, and says nothing.
        session.flush().await.unwrap();
        assert_eq!(bench.devices("7").await, ["django's", "ours"]);
        assert_eq!(bench.entries().await, 4);
        let store = bench.ours.store();
        store.clear_expired(bench.clock.now()).await.unwrap();
        assert_eq!(bench.entries().await, 3);
    });
}

#[test]
fn s16_a_listing_reads_the_sessions_of_others_once() {
    run_io(async {
        let bench = bench("once").await;
        for number in 0..1200 {
            let device = format!("device {number}");
            stored(&bench.django, &login("8", &device)).await;
        }
        stored(&bench.django, &login("7", "mine")).await;
        assert_eq!(bench.devices("7").await, ["mine"]);
        assert_eq!(bench.entries().await, 1201);
        let (noted, log) = bench.db.with_log();
        let store = DbStore::new(noted, &keys(), bench.clock.clone()).with_user_index();
        let ours = Sessions::new(
            Arc::new(store),
            SessionSettings::default(),
            bench.clock.clone(),
        );
        assert_eq!(ours.of_user("7").await.unwrap().len(), 1);
        // What is unknown, what has changed, what is the user's; nothing is learned anew.
        assert_eq!(log.len(), 3, "{:?}", log.queries());
        for query in log.queries() {
            let plan = RawSql::assert_safe_sql(format!("EXPLAIN QUERY PLAN {}", query.sql));
            let plan = (0..query.sql.matches('?').count()).fold(plan, |plan, _| plan.bind(""));
            let plan = bench.db.fetch_all(plan).await.unwrap();
            let steps: Vec<String> = plan.iter().map(|row| row.get(3).unwrap()).collect();
            let by_index =
                |step: &String| step.starts_with("SEARCH") || step.starts_with("USE TEMP");
            assert!(steps.iter().all(by_index), "{steps:?}");
        }
        // A row of another's is not read: its text, exchanged behind everybody's back, is not noticed.
        let update = "UPDATE django_session SET session_data = (SELECT session_data FROM django_session JOIN nuages_session_user USING (session_key) WHERE user_key = '7') WHERE session_key = (SELECT MIN(session_key) FROM nuages_session_user WHERE user_key = '8')";
        assert_eq!(bench.db.execute(RawSql::new(update)).await.unwrap(), 1);
        assert_eq!(bench.devices("7").await, ["mine"]);
    });
}

#[test]
fn s16_a_missing_index_costs_no_session() {
    run_io(async {
        let bench = bench("missing").await;
        let drop = RawSql::new("DROP TABLE nuages_session_user");
        bench.db.execute(drop).await.unwrap();
        let key = stored(&bench.ours, &login("7", "phone")).await;
        let session = bench.ours.open(Some(&key));
        assert!(session.contains("device").await.unwrap());
        session.flush().await.unwrap();
        let error = bench.ours.of_user("7").await.unwrap_err();
        assert!(
            format!("{error:?}").contains("nuages_session_user"),
            "{error:?}"
        );
    });
}
