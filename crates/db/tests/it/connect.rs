//! Opening databases, and why it fails.

use std::time::Duration;

use nuages_db::{Db, DbSettings, Error, ErrorKind};
use nuages_sql::RawSql;

use crate::scratch::{Folder, teas, with_tables};

async fn refused(settings: DbSettings) -> Error {
    let error = Db::connect(&settings).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(error.hint_text().is_some(), "{error}");
    error
}

#[tokio::test]
async fn a_missing_file_is_made_and_found_again() {
    let folder = Folder::new();
    let db = with_tables(&folder.settings()).await;
    drop(db);
    let absolute = format!("sqlite:///{}/db.sqlite3", folder.path().display());
    let again = Db::connect(&DbSettings::new(absolute)).await.unwrap();
    assert_eq!(teas(&again).await, 0);
    assert_eq!(again.table_names().await.unwrap(), ["cup", "tea"]);
}

#[tokio::test]
async fn a_missing_folder_is_named() {
    let folder = Folder::new();
    let mut settings = folder.settings();
    settings.url = "sqlite:///nowhere/db.sqlite3".to_owned();
    let error = refused(settings).await;
    assert!(
        error.to_string().contains("nowhere does not exist"),
        "{error}"
    );
}

#[tokio::test]
async fn a_folder_is_no_database() {
    let folder = Folder::new();
    let url = format!("sqlite:///{}", folder.path().display());
    let error = refused(DbSettings::new(url)).await;
    assert!(error.to_string().contains("it is a folder"), "{error}");
}

#[tokio::test]
async fn another_file_is_no_database() {
    let folder = Folder::new();
    std::fs::write(folder.path().join("db.sqlite3"), "Dear diary, ".repeat(100)).unwrap();
    let error = refused(folder.settings()).await;
    assert!(
        error.to_string().contains("is not an SQLite database"),
        "{error}"
    );
    let diary = std::fs::read_to_string(folder.path().join("db.sqlite3")).unwrap();
    assert!(diary.starts_with("Dear diary"));
}

#[tokio::test]
async fn an_unknown_scheme_is_refused() {
    let error = refused(DbSettings::new("mysql://root:s3cret@localhost/db")).await;
    assert!(!error.to_string().contains("s3cret"));
}

#[tokio::test]
async fn a_database_that_stays_locked_is_busy_in_time() {
    let folder = Folder::new();
    let settings = DbSettings {
        timeout: Duration::from_millis(60),
        ..folder.settings()
    };
    let db = with_tables(&settings).await;
    let other = Db::connect(&settings).await.unwrap();
    let held = other.begin().await.unwrap();
    let error = db
        .execute(crate::scratch::insert("late"))
        .await
        .unwrap_err();
    assert!(error.is_busy(), "{error:?}");
    // Reading goes on.
    assert_eq!(teas(&db).await, 0);
    held.rollback().await.unwrap();
    db.execute(crate::scratch::insert("in time")).await.unwrap();
    assert_eq!(teas(&other).await, 1);
}

#[tokio::test]
async fn a_lock_that_is_freed_is_waited_for() {
    let folder = Folder::new();
    let db = with_tables(&folder.settings()).await;
    let other = Db::connect(&folder.settings()).await.unwrap();
    let held = other.begin().await.unwrap();
    let writer = tokio::spawn({
        let db = db.clone();
        async move { db.execute(crate::scratch::insert("patient")).await }
    });
    tokio::time::sleep(Duration::from_millis(20)).await;
    held.commit().await.unwrap();
    assert_eq!(writer.await.unwrap().unwrap(), 1);
}

#[tokio::test]
async fn the_database_is_set_up_as_promised() {
    let folder = Folder::new();
    let db = with_tables(&folder.settings()).await;
    for (pragma, expected) in [
        ("SELECT journal_mode FROM pragma_journal_mode", "wal"),
        ("SELECT foreign_keys || '' FROM pragma_foreign_keys", "1"),
        ("SELECT synchronous || '' FROM pragma_synchronous", "1"),
    ] {
        let found: Option<String> = db.fetch_value(RawSql::new(pragma)).await.unwrap();
        assert_eq!(found.as_deref(), Some(expected), "{pragma}");
    }
}
