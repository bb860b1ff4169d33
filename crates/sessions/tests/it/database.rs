//! Sessions in a database: the schema and the rows are Django's.

use std::sync::Arc;

use nuages_crypto::KeyRing;
use nuages_db::{Db, DbSettings};
use nuages_migrations::{Executor, Target};
use nuages_sessions::{DbStore, SessionSettings, Sessions, app_migrations};
use nuages_sql::RawSql;

use crate::site::clock;

async fn database() -> Db {
    let db = Db::connect(&DbSettings::new("sqlite::memory:"))
        .await
        .unwrap();
    let executor = Executor::new(&[app_migrations()]).unwrap();
    executor.run(&db, &Target::All).await.unwrap();
    db
}

fn run_io<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

#[test]
fn the_schema_is_django_s() {
    run_io(async {
        let db = database().await;
        let rows = db
            .fetch_all(RawSql::new(
                "SELECT sql FROM sqlite_master WHERE tbl_name = 'django_session' AND sql IS NOT NULL ORDER BY type DESC",
            ))
            .await
            .unwrap();
        let sql: Vec<String> = rows.iter().map(|row| row.get(0).unwrap()).collect();
        assert_eq!(
            sql,
            [
                r#"CREATE TABLE "django_session" ("session_key" varchar(40) NOT NULL PRIMARY KEY, "session_data" text NOT NULL, "expire_date" datetime NOT NULL)"#,
                r#"CREATE INDEX "django_session_expire_date_a5c62663" ON "django_session" ("expire_date")"#,
            ]
        );
    });
}

#[test]
fn a_row_is_django_s_and_costs_one_query() {
    run_io(async {
        let db = database().await;
        let keys =
            KeyRing::new("conformance-corpus-secret-key-0123456789-abcdefghijklmnopqrstuvwxyz");
        let (noted, log) = db.with_log();
        let store = Arc::new(DbStore::new(noted, &keys, clock()));
        let sessions = Sessions::new(store, SessionSettings::default(), clock());

        let session = sessions.open(None);
        session.set("a test key", "a test value").await.unwrap();
        assert_eq!(log.len(), 0);
        session.save().await.unwrap();
        assert_eq!(log.len(), 1);

        let row = db
            .fetch_one(RawSql::new("SELECT session_key, session_data, expire_date, typeof(expire_date) FROM django_session"))
            .await
            .unwrap();
        let key: String = row.get(0).unwrap();
        assert_eq!(Some(key.as_str()), session.session_key().as_deref());
        let text = |index| row.get::<String>(index).unwrap();
        assert_eq!(
            text(1),
            "eyJhIHRlc3Qga2V5IjoiYSB0ZXN0IHZhbHVlIn0:1wShJQ:MJ-FurP9PNcS6UB7pjpTmhwAVwKbuob3IJR-6-y4uYM"
        );
        assert_eq!(
            (text(2).as_str(), text(3).as_str()),
            ("2026-06-11 20:26:40", "text")
        );

        log.clear();
        let again = sessions.open(Some(&key));
        let value: Option<String> = again.get("a test key").await.unwrap();
        assert_eq!(value.as_deref(), Some("a test value"));
        assert!(again.contains("a test key").await.unwrap());
        assert_eq!(log.len(), 1);
    });
}
