//! What other programs leave in a shared cache.

use nuages_cache::{Cache, DbCache};
use nuages_db::{Db, DbSettings};
use nuages_sql::{Expr, Insert};

use crate::bench::clock;

#[tokio::test]
async fn k7_a_row_that_would_run_code_is_a_miss() {
    let db = Db::connect(&DbSettings::new("sqlite::memory:"))
        .await
        .unwrap();
    let store = DbCache::new(db.clone(), "cache", clock());
    store.create_table().await.unwrap();
    let cache = Cache::new(store);
    // base64 of os.system("id"), of no pickle, and no base64 at all.
    for (key, text) in [
        (":1:evil", "gASMAm9zjAZzeXN0ZW2TjAJpZIVSLg=="),
        (":1:odd", "aGVsbG8="),
        (":1:none", "!!!"),
    ] {
        let insert = Insert::into("cache")
            .columns(["cache_key", "value", "expires"])
            .row([
                Expr::value(key),
                Expr::value(text),
                Expr::value("9999-12-31 23:59:59"),
            ]);
        db.execute(&insert).await.unwrap();
    }
    for key in ["evil", "odd", "none"] {
        assert_eq!(cache.get_value(key).await.unwrap(), None, "{key}");
    }
    // A value of Django's that lives for ever is read.
    let insert = Insert::into("cache")
        .columns(["cache_key", "value", "expires"])
        .row([
            Expr::value(":1:good"),
            Expr::value("gARLBy4="),
            Expr::value("9999-12-31 23:59:59"),
        ]);
    db.execute(&insert).await.unwrap();
    assert_eq!(cache.get("good").await.unwrap(), Some(7));
}

#[tokio::test]
async fn the_table_is_django_s() {
    let db = Db::connect(&DbSettings::new("sqlite::memory:"))
        .await
        .unwrap();
    DbCache::new(db.clone(), "my_cache_table", clock())
        .create_table()
        .await
        .unwrap();
    let rows = db
        .fetch_all(nuages_sql::RawSql::new(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC",
        ))
        .await
        .unwrap();
    let sql: Vec<String> = rows.iter().map(|row| row.get(0).unwrap()).collect();
    assert_eq!(
        sql,
        [
            r#"CREATE TABLE "my_cache_table" ("cache_key" varchar(255) NOT NULL PRIMARY KEY, "value" text NOT NULL, "expires" datetime NOT NULL)"#,
            r#"CREATE INDEX "my_cache_table_expires" ON "my_cache_table" ("expires")"#,
        ]
    );
}
