//! Statements, rows and errors.

use std::time::Duration;

use jiff::Timestamp;
use nuages_db::{Db, DbSettings, ErrorKind};
use nuages_sql::{Expr, Insert, Prepared, RawSql, Select, Value};

use crate::scratch::{Folder, insert, memory, teas, with_tables};

#[tokio::test]
async fn values_come_back_as_they_were_given() {
    let db = memory().await;
    let at: Timestamp = "2026-01-02T03:04:05.000006Z".parse().unwrap();
    let raw = RawSql::new("SELECT ?, ?, ?, ?, ?, ?, ?")
        .bind(true)
        .bind(i64::MIN)
        .bind(0.1)
        .bind("näh\0\u{1F375}")
        .bind(vec![0_u8, 255])
        .bind(at)
        .bind(None::<i64>);
    let mut row = db.fetch_one(&raw).await.unwrap();
    assert!(row.get::<bool>(0).unwrap());
    assert_eq!(row.get::<i64>(1).unwrap(), i64::MIN);
    assert!((row.get::<f64>(2).unwrap() - 0.1).abs() < f64::EPSILON);
    assert_eq!(row.take::<String>(3).unwrap(), "näh\0\u{1F375}");
    assert_eq!(row.get::<Vec<u8>>(4).unwrap(), [0, 255]);
    assert_eq!(
        row.value(5),
        Some(&Value::from("2026-01-02 03:04:05.000006"))
    );
    assert_eq!(row.get::<Timestamp>(5).unwrap(), at);
    assert_eq!(row.get::<Option<i64>>(6).unwrap(), None);
    assert_eq!(row.get::<i64>(7).unwrap_err().kind(), ErrorKind::Type);
}

#[tokio::test]
async fn changes_are_counted() {
    let db = memory().await;
    assert_eq!(db.execute(insert("a")).await.unwrap(), 1);
    let two = Insert::into("tea")
        .columns(["name"])
        .row([Expr::value("b")])
        .row([Expr::value("c")])
        .returning(["id", "name"]);
    let rows = db.fetch_all(&two).await.unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1].get::<String>(1).unwrap(), "c");
    let update = RawSql::new("UPDATE tea SET grams = 5");
    assert_eq!(db.execute(&update).await.unwrap(), 3);
    let nothing = RawSql::new("CREATE TABLE other (id integer)");
    assert_eq!(db.execute(&nothing).await.unwrap(), 0);
    assert_eq!(db.execute(RawSql::new("DELETE FROM tea")).await.unwrap(), 3);
    assert!(
        db.fetch_one(RawSql::new("SELECT id FROM tea"))
            .await
            .unwrap_err()
            .is_no_row()
    );
}

#[tokio::test]
async fn violations_are_told_apart() {
    let db = memory().await;
    db.execute(insert("a")).await.unwrap();
    let error = db.execute(insert("a")).await.unwrap_err();
    assert!(error.is_unique_violation() && error.is_integrity_error());
    assert!(format!("{error:#}").contains("INSERT INTO tea"));
    let error = db.execute(insert("x").bind(1)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Statement);
    let null = RawSql::new("INSERT INTO tea (name) VALUES (?)").bind(None::<String>);
    assert!(db.execute(null).await.unwrap_err().is_not_null_violation());
    let check = RawSql::new("UPDATE tea SET grams = 0");
    assert!(db.execute(check).await.unwrap_err().is_check_violation());
    let orphan = RawSql::new("INSERT INTO cup (tea_id) VALUES (99)");
    assert!(
        db.execute(orphan)
            .await
            .unwrap_err()
            .is_foreign_key_violation()
    );
    let error = db
        .fetch_all(RawSql::new("SELECT * FROM coffee"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Statement);
    assert!(
        error
            .to_string()
            .contains("HINT: has the site been migrated?")
    );
    let two = RawSql::new("SELECT 1; SELECT 2");
    assert_eq!(
        db.fetch_all(two).await.unwrap_err().kind(),
        ErrorKind::Statement
    );
}

#[tokio::test]
async fn errors_do_not_show_values() {
    let db = memory().await;
    db.execute(insert("s3cret")).await.unwrap();
    let error = db.execute(insert("s3cret")).await.unwrap_err();
    assert!(!format!("{error:#} {error:?}").contains("s3cret"));
}

#[tokio::test]
async fn a_misspelt_name_is_an_error_and_not_a_text() {
    let db = memory().await;
    let select = Select::from("tea").expr(Expr::bare("nmae"));
    assert_eq!(
        db.fetch_all(&select).await.unwrap_err().kind(),
        ErrorKind::Statement
    );
}

#[tokio::test]
async fn a_read_that_writes_is_run_as_a_write() {
    let folder = Folder::new();
    let db = with_tables(&folder.settings()).await;
    let sneaky = RawSql::new(
        "WITH t(n) AS (SELECT 'a') INSERT INTO tea (name) SELECT n FROM t RETURNING id",
    );
    let row = db.fetch_one(&sneaky).await.unwrap();
    assert_eq!(row.get::<i64>(0).unwrap(), 1);
    assert_eq!(teas(&db).await, 1);
}

#[tokio::test]
async fn the_first_row_of_a_write_is_given_only_when_the_write_holds() {
    let db = memory().await;
    for sql in [
        "INSERT INTO cup (tea_id) VALUES (99) RETURNING id",
        "WITH t(n) AS (SELECT 99) INSERT INTO cup (tea_id) SELECT n FROM t RETURNING id",
    ] {
        let orphan = db.fetch_one(RawSql::new(sql)).await;
        assert!(orphan.unwrap_err().is_foreign_key_violation(), "{sql}");
    }
}

#[tokio::test]
async fn a_kept_statement_sees_that_the_table_has_changed() {
    let db = memory().await;
    db.execute(insert("a")).await.unwrap();
    let all = RawSql::new("SELECT * FROM tea");
    assert_eq!(db.fetch_one(&all).await.unwrap().len(), 3);
    db.execute(RawSql::new("ALTER TABLE tea ADD COLUMN origin text"))
        .await
        .unwrap();
    assert_eq!(db.fetch_one(&all).await.unwrap().len(), 4);
}

#[tokio::test]
async fn a_statement_that_runs_for_too_long_is_stopped() {
    let endless = RawSql::new(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n",
    );
    let folder = Folder::new();
    for url in ["sqlite::memory:", "sqlite:///db.sqlite3"] {
        let settings = DbSettings {
            url: url.to_owned(),
            statement_timeout: Some(Duration::from_millis(30)),
            ..folder.settings()
        };
        let db = Db::connect(&settings).await.unwrap();
        assert!(db.fetch_all(&endless).await.unwrap_err().is_timeout());
        assert_eq!(
            db.fetch_value::<i64>(RawSql::new("SELECT 7"))
                .await
                .unwrap(),
            Some(7)
        );
    }
}

#[tokio::test]
async fn a_prepared_statement_is_bound_anew() {
    static BY_NAME: Prepared = Prepared::new(|| {
        Select::from("tea")
            .column("tea", "id")
            .filter(Expr::column("tea", "name").eq(Expr::Slot))
            .into()
    });
    let db = memory().await;
    for name in ["a", "b"] {
        db.execute(insert(name)).await.unwrap();
    }
    for (name, id) in [("b", 2), ("a", 1)] {
        let found = db
            .fetch_value::<i64>(BY_NAME.bind(&[Value::from(name)]))
            .await;
        assert_eq!(found.unwrap(), Some(id));
    }
    assert!(db.fetch_optional(BY_NAME.bind(&[])).await.is_err());
}

#[tokio::test]
async fn the_one_who_takes_rows_may_stop() {
    let db = memory().await;
    for name in ["a", "b", "c"] {
        db.execute(insert(name)).await.unwrap();
    }
    let mut names = Vec::new();
    db.fetch_each(
        RawSql::new("SELECT name, grams FROM tea ORDER BY id"),
        |row| {
            names.push(row.take::<String>(0)?);
            Ok(())
        },
    )
    .await
    .unwrap();
    assert_eq!(names, ["a", "b", "c"]);
    let wrong = db.fetch_each(RawSql::new("SELECT name FROM tea"), |row| {
        row.take::<i64>(0).map(drop)
    });
    assert_eq!(wrong.await.unwrap_err().kind(), ErrorKind::Type);
}
